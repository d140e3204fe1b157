from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    name = "portal.tickets.paper"
    label = "ticket_paper"
    verbose_name = _("Tickets as PDF")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  registers what is held, and recurring work
