from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "portal.tickets.closing"
    label = "ticket_closing"
    verbose_name = _("How tickets end")

    def ready(self):
        from . import (  # noqa: F401  they register themselves
            following,
            notices,
            notices_staff,
            privacy,
            promises,
            repairs,
            scores,
            tasks,
        )
