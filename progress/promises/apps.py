from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromisesConfig(AppConfig):
    name = "progress.promises"
    verbose_name = _("Promises")

    def ready(self):
        from . import notices, privacy, tasks, transfers  # noqa: F401  they register themselves
