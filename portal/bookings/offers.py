"""How long a place is held for whoever waited for it: long enough to answer awake, and no longer than it is of use."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.notices.quiet import BEGINS, night_ends

LEAST = timedelta(hours=1)  # awake, to read of it and to answer
ENOUGH = LEAST / 2  # of it left once the message is there: a worker takes its time
WAY = timedelta(hours=1)  # before the slot begins: whoever takes a place has to get there
MORNING = time(10)  # an end that would fall into the night waits until then
EVENING = time(21, 59)  # the last minute before the night
A_MINUTE = timedelta(minutes=1)


def offer_ends(*, at, last, hours, zone):
    """Until when a place that comes free at `at` is held; None when it is too late to offer it to anybody.

    Never later than `last`, nor later than half-way there, so that the next in line may come to their turn, too;
    `hours` at most, an hour awake at least. Never in quiet hours by the clock of `zone`: what would end in the night
    ends the next morning at ten, or, if that is too late, on the evening before. Full minutes; in UTC.
    """
    at, last = _up_to_the_minute(at), _latest_by_day(last, zone)
    least = _awake(at, zone, LEAST)
    if least > last:
        return None
    ends = at + min(timedelta(hours=hours), (last - at) / 2)
    ends = max(_not_at_night(ends, zone).replace(second=0, microsecond=0), least)
    return min(ends, last)


def last_end(slot):
    """The moment after which nothing is held at `slot` any more: booking has closed, or it is time to set out."""
    return min(slot.open_day.closes_at, slot.starts - WAY)


def end_for(slot, *, at):
    """Until when a place at `slot` that comes free at `at` is held, or None."""
    day = slot.open_day
    return offer_ends(at=at, last=last_end(slot), hours=day.offer_hours, zone=day.development.time_zone)


def had_time(since, until, *, zone):
    """Whether somebody who heard of it at `since` had enough time awake before `until`."""
    return _awake(since, zone, ENOUGH) <= until


def _awake(at, zone, time_needed):
    """The moment by which somebody has been awake for so long since `at`: the night doesn't count."""
    begins = night_ends(at=at, zone=zone) or at
    ends = begins + time_needed
    morning = night_ends(at=ends, zone=zone)
    if morning is None:
        return ends
    return morning + (ends - evening_before(morning, zone))


def evening_before(morning, zone):
    """When the night began that ends at `morning`, the moment that `night_ends` gave."""
    day = morning.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    return datetime.combine(day, BEGINS, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _not_at_night(moment, zone):
    morning = night_ends(at=moment, zone=zone)
    if morning is None:
        return moment.astimezone(UTC)
    day = morning.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _latest_by_day(moment, zone):
    """`moment`, or the last minute of the day before if it falls into the night."""
    morning = night_ends(at=moment, zone=zone)
    if morning is None:
        return moment.astimezone(UTC).replace(second=0, microsecond=0)
    evening = evening_before(morning, zone).astimezone(ZoneInfo(zone)).date()
    return datetime.combine(evening, EVENING, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _up_to_the_minute(moment):
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    return minute if minute == moment else minute + A_MINUTE
