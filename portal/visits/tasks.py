"""Recurring work on visits."""

import structlog

from accounts import jobs

from .models import Visit
from .reminders import remind

log = structlog.get_logger(__name__)


@jobs.every_minute
def remind_of_visits(*, at):
    """One whose turn fails does not hold up the others."""
    for visit in Visit.objects.to_remind(at=at):
        try:
            remind(visit, at=at)
        except Exception:
            log.exception("visit_not_reminded", visit=str(visit.pk))
