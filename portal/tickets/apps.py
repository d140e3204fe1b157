from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "portal.tickets"
    verbose_name = _("Tickets")

    def ready(self):
        from . import (  # noqa: F401  they register themselves
            erasing,
            notices,
            notices_staff,
            privacy,
            tasks,
            transfers,
            words,
            work,
        )
