from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "progress.imports"
    verbose_name = _("Imports")

    def ready(self):
        from . import estate, privacy, tasks  # noqa: F401  register the sheets, what is held, and the recurring work
