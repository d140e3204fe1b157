from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesignsConfig(AppConfig):
    name = "progress.designs"
    verbose_name = _("Design changes")

    def ready(self):
        from . import calls, notices, privacy, tasks, transfers, work  # noqa: F401  they register themselves
