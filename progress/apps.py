from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    name = "progress"
    verbose_name = _("Places")

    def ready(self):
        from . import addresses, merging, privacy, tasks  # noqa: F401  register themselves
