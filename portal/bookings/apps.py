from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "portal.bookings"
    verbose_name = _("Open days")

    def ready(self):
        from . import (  # noqa: F401  they register themselves
            dates,
            erasing,
            notices,
            notices_messages,
            notices_reminders,
            notices_waiting,
            privacy,
            public,
            tasks,
            transfers,
            work,
        )
