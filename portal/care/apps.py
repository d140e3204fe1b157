from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "portal.care"
    verbose_name = _("Care after the keys")

    def ready(self):
        from . import happened, notices, privacy, promises, recurring, tasks  # noqa: F401  they register themselves
