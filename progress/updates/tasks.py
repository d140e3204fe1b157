"""Recurring work on updates."""

import structlog

from accounts import jobs

from .actions import UpdateError, publish_if_due
from .models import Update

log = structlog.get_logger(__name__)


@jobs.every_minute
def publish_due_updates(*, at):
    """Publish what was scheduled. One that cannot be published does not hold up the others."""
    for update in Update.objects.due(at=at).order_by("publish_at"):
        try:
            publish_if_due(update, at=at)
        except UpdateError as error:
            log.warning("update_not_published", update=str(update.pk), why=str(error))
        except Exception:
            log.exception("update_not_published", update=str(update.pk))
