from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    verbose_name = _("Owners' pages")

    def ready(self):
        from . import found, offline  # noqa: F401  register what is searched here, and kept on phones
        from .open_days import ahead, search  # noqa: F401  register what is to be done, and what is searched there
