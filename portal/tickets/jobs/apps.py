from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "portal.tickets.jobs"
    label = "ticket_jobs"
    verbose_name = _("Contractors' jobs")

    def ready(self):
        from . import notices, privacy  # noqa: F401  registers what is told and what is held
