from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.admin.apps import WagtailAdminAppConfig

from accounts.groups import last_application
from cms.editing.moderation import make_moderation


class EditingConfig(AppConfig):
    default = True
    name = "cms.editing"
    label = "editing"
    verbose_name = _("Editing of pages")

    def ready(self):
        from . import notices, privacy, translating  # noqa: F401  they register themselves

        post_migrate.connect(make_moderation, sender=last_application(), dispatch_uid="editing.make_moderation")


class QuietAdminConfig(WagtailAdminAppConfig):
    """Wagtail's editor, which leaves it to our messages to say what waits for approval."""

    def ready(self):
        super().ready()
        from .notices import say_it_instead

        say_it_instead()
