from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TouchpointsConfig(AppConfig):
    name = "progress.touchpoints"
    verbose_name = _("Touchpoints")

    def ready(self):
        from . import privacy  # noqa: F401  declares what is held about people
