from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatternsConfig(AppConfig):
    name = "portal.tickets.patterns"
    label = "ticket_patterns"
    verbose_name = _("Patterns of defects")

    def ready(self):
        from . import notices, privacy, tasks  # noqa: F401  registers what is told, held and swept
