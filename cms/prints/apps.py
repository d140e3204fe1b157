from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrintsConfig(AppConfig):
    name = "cms.prints"
    label = "prints"
    verbose_name = _("Guides on paper")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  registers what is held, and recurring work
