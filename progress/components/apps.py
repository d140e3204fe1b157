from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComponentsConfig(AppConfig):
    name = "progress.components"
    verbose_name = _("Rooms and components")

    def ready(self):
        from . import privacy  # noqa: F401  registers what is held
