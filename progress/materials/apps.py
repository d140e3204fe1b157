from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MaterialsConfig(AppConfig):
    name = "progress.materials"
    verbose_name = _("Materials")

    def ready(self):
        from . import notices, privacy, sheets, tasks, transfers  # noqa: F401  they register themselves
