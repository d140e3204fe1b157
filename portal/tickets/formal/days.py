"""By which days the letters of a formal complaint are due: calendar days from the working day after receipt."""

from datetime import UTC, datetime, time, timedelta

from django.db.models import F, Q

from progress.calendar.clock import clock_of

from .models import Deadlines, Step

END_OF_DAY = time(23, 59)


def deadlines_of(development):
    """Those of the development, else the company's, else the usual ones (5, 10, 30 and 56 days)."""
    known = Deadlines.objects.filter(Q(development=development) | Q(development=None))
    return known.order_by(F("development").asc(nulls_last=True)).first() or Deadlines()


def plan(development, *, at):
    """(the day counted from, {step: moment due}) of a complaint received at `at`. Raises CalendarError."""
    clock, deadlines = clock_of(development), deadlines_of(development)
    first = clock.add_days(at.astimezone(clock.zone).date(), 1)
    return first, {step: _end_of(first + timedelta(days=getattr(deadlines, step)), clock.zone) for step in Step.values}


def _end_of(day, zone):
    return datetime.combine(day, END_OF_DAY, tzinfo=zone).astimezone(UTC)
