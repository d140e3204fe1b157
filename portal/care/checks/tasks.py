"""Recurring work on checks, and the worker's entry point."""

from django.utils import timezone

from accounts import jobs
from progress.leaflets import making

from . import planning, signing
from .models import Check


@jobs.every_minute
def tidy_check_reports(*, at):
    """Those whose task or worker was lost."""
    making.tidy(Check, signing.give_up, at=at)


@jobs.every_minute
def follow_promises(*, at):
    """Checks whose promise moved or is void."""
    planning.follow_promises(at=at)


def make_check(pk):
    """Print the report of a check. Running it twice prints it once."""
    for check in Check.objects.filter(pk=pk):
        signing.make(check, clock=timezone.now)
