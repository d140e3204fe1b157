from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaperConfig(AppConfig):
    name = "portal.bookings.paper"
    label = "booking_paper"
    verbose_name = _("Tickets on paper")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  registers what is held, and recurring work
