from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeafletsConfig(AppConfig):
    name = "progress.leaflets"
    verbose_name = _("Leaflets and diaries")

    def ready(self):
        from . import notices, privacy, tasks  # noqa: F401  registers what people are told, what is held, recurring work
