from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpdatesConfig(AppConfig):
    name = "progress.updates"
    verbose_name = _("Updates")

    def ready(self):
        from . import notices, privacy, tasks  # noqa: F401  registers what owners are told, what is held, and the recurring work
