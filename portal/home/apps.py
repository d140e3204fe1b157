from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    verbose_name = _("Owners' pages")

    def ready(self):
        from . import found, offline  # noqa: F401  register what is searched here, and kept on phones
        from .checks import waiting  # noqa: F401  registers what waits for a signature
        from .materials import found as materials_found  # noqa: F401  registers what is searched, and what waits
        from .open_days import ahead, search  # noqa: F401  register what is to be done, and what is searched there
