from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "progress.journeys"
    verbose_name = _("Journeys")

    def ready(self):
        from . import notices, privacy  # noqa: F401  they register themselves
