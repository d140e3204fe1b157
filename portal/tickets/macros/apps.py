from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MacrosConfig(AppConfig):
    name = "portal.tickets.macros"
    label = "ticket_macros"
    verbose_name = _("Ready sentences")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
