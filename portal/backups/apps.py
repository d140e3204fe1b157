from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    name = "portal.backups"
    verbose_name = _("Backups")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  (registers the nightly backup)
