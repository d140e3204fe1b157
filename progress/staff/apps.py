from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "progress.staff"
    verbose_name = _("Staff")

    def ready(self):
        from . import leaving, privacy, purposes, work  # noqa: F401  registers what is theirs elsewhere
