from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormalComplaintsConfig(AppConfig):
    name = "portal.tickets.formal"
    label = "formal_complaints"
    verbose_name = _("Formal complaints")

    def ready(self):
        from . import notices, privacy, promises  # noqa: F401  registers what is told, held and promised
