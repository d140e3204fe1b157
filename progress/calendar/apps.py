from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    name = "progress.calendar"
    verbose_name = _("Working calendar")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
