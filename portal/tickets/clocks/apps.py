from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "portal.tickets.clocks"
    label = "ticket_clocks"
    verbose_name = _("Clocks of tickets")

    def ready(self):
        from . import keeping, notices, notices_staff, privacy, promises, tasks  # noqa: F401  they register themselves
