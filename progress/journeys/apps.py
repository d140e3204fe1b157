from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "progress.journeys"
    verbose_name = _("Journeys")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
