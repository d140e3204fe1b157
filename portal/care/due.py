"""When what a rule owes falls due, for an occasion on a day: in working time, whatever the calendar does."""

from datetime import UTC, datetime, time, timedelta

from accounts.notices.quiet import BEGINS, ENDS
from progress.calendar.clock import CalendarError
from progress.warranties.periods import months_after

from .models import Roll, Unit

REMIND_AT = time(9, 30)  # when the message of a day goes out


def due_at(rule, anchor_on, clock):
    """The moment by which `rule` owes it for an occasion on the day `anchor_on`, in UTC; None where no day is right.

    A month that is shorter ends on its last day: 31 January and one month is 28 or 29 February.
    """
    try:
        day = _rolled(rule, _shifted(rule, anchor_on, clock), clock)
    except (CalendarError, OverflowError, ValueError):
        return None
    return on_wall_clock(day, rule.at_time, clock.zone)


def lies_before(rule):
    """How long before its occasion it can fall due, at most, as a timedelta: what comes again is opened in time."""
    days = {Unit.DAYS: 1, Unit.WORKING_DAYS: 3, Unit.MONTHS: 31}[Unit(rule.unit)]
    return timedelta(days=max(0, -rule.offset) * days)


def _shifted(rule, day, clock):
    if rule.unit == Unit.MONTHS:
        return months_after(day, rule.offset)
    if rule.unit == Unit.WORKING_DAYS:
        return clock.add_days(day, rule.offset) if rule.offset else day
    return day + timedelta(days=rule.offset)


def _rolled(rule, day, clock):
    if rule.roll == Roll.STAYS or clock.is_working_day(day):
        return day
    return clock.add_days(day, 1 if rule.roll == Roll.LATER else -1)


def on_wall_clock(day, at_time, zone):
    """A time of a day as the clocks of `zone` show it, in UTC; never by night, when no clock is put on either."""
    by_day = min(max(at_time, ENDS), BEGINS)
    return datetime.combine(day, by_day, tzinfo=zone).astimezone(UTC)


def morning_of(moment, clock):
    """When the message of that day goes out: a late one finds its reader at breakfast, an early one nobody."""
    return on_wall_clock(moment.astimezone(clock.zone).date(), REMIND_AT, clock.zone)
