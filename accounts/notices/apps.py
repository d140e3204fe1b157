from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.jobs import ensure_schedules


class NoticesConfig(AppConfig):
    name = "accounts.notices"
    verbose_name = _("Notices")

    def ready(self):
        from . import privacy, tasks  # noqa: F401  registers what is held, and its sweeps

        post_migrate.connect(ensure_schedules, sender=self, dispatch_uid="schedules")
