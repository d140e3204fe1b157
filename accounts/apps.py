from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self):
        from . import invitations  # noqa: F401  (registers its kinds of notices)
        from .groups import last_application, make_groups

        post_migrate.connect(make_groups, sender=last_application(), dispatch_uid="accounts.make_groups")
