from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "accounts.privacy"
    verbose_name = _("Privacy")

    def ready(self):
        from . import notices, packages, people, privacy, tasks  # noqa: F401  declare what is held; what is told; jobs
