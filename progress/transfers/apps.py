from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    name = "progress.transfers"
    verbose_name = _("Resale")

    def ready(self):
        from . import notices, standard, tasks  # noqa: F401  register what is told, what a home takes along, the sweep
