"""Recurring work on design changes, and the worker's entry points."""

import structlog
from django.utils import timezone

from accounts import jobs

from . import records
from .models import DesignChange, DesignRecord
from .reminders import take_step

log = structlog.get_logger(__name__)


@jobs.every_minute
def remind_of_design_changes(*, at):
    """One whose turn fails does not hold up the others."""
    for change in DesignChange.objects.due(at=at):
        try:
            take_step(change, at=at)
        except Exception:
            log.exception("design_change_not_advanced", change=str(change.pk))


@jobs.every_minute
def tidy_design_records(*, at):
    """Records whose task or worker was lost."""
    records.tidy(at=at)


def make_record(pk):
    """Make the PDF of a record. Running it twice makes one."""
    for record in DesignRecord.objects.filter(pk=pk).select_related("change__development", "asked_by"):
        records.make(record, at=timezone.now())
