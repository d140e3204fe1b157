from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarrantiesConfig(AppConfig):
    name = "progress.warranties"
    verbose_name = _("Warranties")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  declares what is held about people, registers recurring work
