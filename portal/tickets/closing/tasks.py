"""Recurring work on tickets that end, and the worker's entry point."""

from django.utils import timezone

from accounts import jobs
from progress.leaflets import making

from . import calls, sheets, silence
from .models import ServiceSheet


@jobs.every_minute
def close_unanswered(*, at):
    """Reminders of what waits for its owner's word, and the end after seven days."""
    silence.close_unanswered(at=at)


@jobs.every_minute
def let_calls_go(*, at):
    """Those that nobody waits for any more."""
    calls.let_go(at=at)


@jobs.every_minute
def tidy_service_sheets(*, at):
    """Those whose task or worker was lost."""
    making.tidy(ServiceSheet, sheets.give_up, at=at)


def make_servicesheet(pk):
    """Print a service sheet. Running it twice prints it once."""
    for sheet in ServiceSheet.objects.filter(pk=pk):
        sheets.make(sheet, clock=timezone.now)
