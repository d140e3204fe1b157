from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "progress.imports"
    verbose_name = _("Imports")

    def ready(self):
        from . import estate, tasks  # noqa: F401  register the sheets and the recurring work
