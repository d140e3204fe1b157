from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MergesConfig(AppConfig):
    name = "accounts.merges"
    verbose_name = _("Merged customer records")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
