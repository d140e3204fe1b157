import gc

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.jobs import ensure_schedules


class NoticesConfig(AppConfig):
    name = "accounts.notices"
    verbose_name = _("Notices")

    def ready(self):
        from anymail.signals import tracking

        from . import bounces, privacy, summaries, tasks  # noqa: F401  registers what is held, and its sweeps

        tracking.connect(bounces.heard, dispatch_uid="mail-events")

        post_migrate.connect(ensure_schedules, sender=self, dispatch_uid="schedules")
        # Thousands of notices are written at a time, none of them in a cycle: looking for some took a seventh of it.
        gc.set_threshold(100_000, 20, 10)
