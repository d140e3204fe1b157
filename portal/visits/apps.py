from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "portal.visits"
    verbose_name = _("Visits")

    def ready(self):
        from . import (  # noqa: F401  they register themselves
            dates,
            erasing,
            notices,
            notices_guests,
            notices_staff,
            privacy,
            promises,
            tasks,
            transfers,
            work,
        )
