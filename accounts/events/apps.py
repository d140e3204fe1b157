from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "accounts.events"
    verbose_name = _("Events")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
