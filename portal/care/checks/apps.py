from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    name = "portal.care.checks"
    label = "care_checks"
    verbose_name = _("Checks of homes")

    def ready(self):
        from . import following, privacy, tasks, transfers  # noqa: F401  they register themselves
