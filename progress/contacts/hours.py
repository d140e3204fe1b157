"""When somebody can be reached: in words, and whether that is now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from progress.calendar.clock import CalendarError, WorkDays, WorkingClock
from progress.calendar.hours import MIDNIGHT, read_hours
from progress.calendar.models import CalendarOverride

ROUND_THE_CLOCK = ((0, MIDNIGHT),)


class EveryDay(WorkDays):
    """Also weekends and holidays."""

    def stretches(self, day):
        return self.usual


@dataclass(frozen=True)
class Opening:
    """Whether somebody is there now, and otherwise when next: None where the calendar itself is wrong."""

    is_open: bool
    opens_at: datetime | None = None


def stretches_of(contact):
    """The hours of a working day."""
    return read_hours(contact.hours or settings.WORKING_HOURS)


def hours_of(contact):
    """In words, in the active language: "Working days, 09:00-12:00 and 13:30-18:00"."""
    stretches = stretches_of(contact)
    if tuple(map(tuple, stretches)) == ROUND_THE_CLOCK:
        return _("Every day, round the clock") if contact.every_day else _("Working days, round the clock")
    times = [f"{_clock(opens)}–{_clock(closes)}" for opens, closes in stretches]
    words = _("Every day, %(times)s") if contact.every_day else _("Working days, %(times)s")
    return words % {"times": pgettext("between hours", ", ").join(times)}


def _clock(minute):
    return "{:02}:{:02}".format(*divmod(minute, 60))


def openings(contacts, *, at):
    """{id of a contact: Opening} at the moment `at`. One query a calendar."""
    changed, found = {}, {}
    for contact in contacts:
        calendar = contact.development.calendar
        if calendar not in changed:
            days = CalendarOverride.objects.filter(calendar=calendar)
            changed[calendar] = {day.date: day.stretches for day in days}
        days_of = EveryDay if contact.every_day else WorkDays
        days = days_of(calendar, stretches_of(contact), changed[calendar])
        found[contact.pk] = _opening(WorkingClock(days, ZoneInfo(contact.development.time_zone)), at)
    return found


def _opening(clock, at):
    try:
        if clock.is_open(at):
            return Opening(True)
        return Opening(False, clock.add(at, timedelta()))
    except CalendarError:
        return Opening(False)
