"""Recurring work of care."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Max

from accounts import jobs
from accounts.events.models import Event
from progress.calendar.changes import on_change

from .advancing import advance
from .heartbeat import note_run
from .models import DueDay
from .sweep import sweep

SEEN = "care:seen"
OFTEN = timedelta(minutes=5)


@jobs.every_minute
def see_to_care(*, at):
    """Writes to households each minute; looks for new occasions every five, where anything has happened since."""
    seen_at, seen = cache.get(SEEN) or (None, None)
    last = Event.objects.aggregate(last=Max("pk"))["last"]
    if seen != last and (seen_at is None or at - seen_at >= OFTEN):
        sweep(at=at)
        cache.set(SEEN, (at, last), timeout=None)
        return
    advance(at=at)
    note_run(at=at)


@jobs.nightly
def see_to_all_care(*, at):
    """Whatever has happened: what comes with the calendar leaves no sign."""
    sweep(at=at)


@on_change
def reckon_anew():
    """Days that were reckoned with the calendar as it was. What is promised already keeps its time."""
    DueDay.objects.all().delete()
