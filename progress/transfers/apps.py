from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    name = "progress.transfers"
    verbose_name = _("Resale")

    def ready(self):
        from . import erasing, notices, privacy, standard, tasks  # noqa: F401  register what is told and held, what goes along, the sweep
