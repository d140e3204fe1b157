from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "progress.households"
    verbose_name = _("Households")

    def ready(self):
        from . import notices, privacy, purposes, tasks  # noqa: F401  registers what is told and held, invitations, jobs
