"""Recurring work on the clocks of tickets."""

from django.utils import timezone
from django_q.tasks import async_task

from accounts import jobs
from progress.calendar.changes import on_change

from .recount import recount
from .sweep import sweep


@jobs.every_minute
def advance_clocks(*, at):
    sweep(at=at)


@jobs.nightly
def recount_clocks(*, at):
    recount(at=at)


@on_change
def recount_later():
    """The calendar is another now: wake a worker, when the transaction commits."""
    async_task("portal.tickets.clocks.tasks.recount_now")


def recount_now():
    """The task behind it."""
    recount(at=timezone.now())
