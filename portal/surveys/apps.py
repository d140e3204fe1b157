from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "portal.surveys"
    verbose_name = _("Surveys")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
