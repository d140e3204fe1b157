from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "progress.documents"
    verbose_name = _("Documents of the home")

    def ready(self):
        from . import notices, privacy, transfers  # noqa: F401  registers what is told, held, and passes on
