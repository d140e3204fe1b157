from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    name = "portal.care.dossiers"
    label = "dossiers"
    verbose_name = _("Home dossiers")

    def ready(self):
        from . import notices, of_care, of_home, privacy, tasks, transfers  # noqa: F401  they register themselves
