"""Reminders of what is booked: a week before, a day before, and two hours before, while each of them is of use.

Nothing is scheduled: a sweep looks what is due, so a time that has moved is reminded of as it stands now, and what a
worker missed is made up for as long as it still helps. Nobody is reminded of what they heard of after that moment.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.notices.many import Occasion, tell_each
from accounts.notices.quiet import night_ends

from .households import told_of
from .models import Booking, OpenDay, OpenDayChange, Reminder, Slot
from .offers import evening_before

Step = Reminder.Step
KINDS = {Step.WEEK: "open-day-soon", Step.DAY: "open-day-soon", Step.HOURS: "open-day-today"}
EARLIEST, LATEST = time(9), time(20)  # when people read what is not urgent
HOURS = timedelta(hours=2)
STILL_USEFUL = timedelta(hours=1)  # before the slot: one is about to leave
EVENING = timedelta(hours=2)  # before the night: of what begins too early in the morning
HORIZON = timedelta(days=8)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Moment:
    """Between `due` and `until` the step is taken."""

    step: str
    due: datetime
    until: datetime


def moments(starts, *, zone):
    """The Moments of a slot that begins at `starts`. A step ends when the next is due, so nobody hears of it twice.

    Days are days of the calendar, by the clock of the place and never in the night, also when that clock is changed
    in between; two hours are two hours.
    """
    week, day, hours = _days_before(7, starts, zone), _days_before(1, starts, zone), _hours_before(starts, zone)
    return [
        Moment(Step.WEEK, week, min(starts - timedelta(days=2), day)),
        Moment(Step.DAY, day, min(starts - timedelta(hours=3), hours)),
        Moment(Step.HOURS, hours, starts - timedelta(minutes=30)),
    ]


def _days_before(days, starts, zone):
    local = starts.astimezone(ZoneInfo(zone))
    clock = min(max(local.time(), EARLIEST), LATEST)
    return datetime.combine(local.date() - timedelta(days=days), clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _hours_before(starts, zone):
    """Two hours before; if that is at night, in the morning, and if that is too late, on the evening before."""
    exactly = starts - HOURS
    morning = night_ends(at=exactly, zone=zone)
    if morning is None:
        return exactly
    return morning if morning <= starts - STILL_USEFUL else evening_before(morning, zone) - EVENING


def remind(*, at):
    """Make every reminder that is due, each once. Returns how many. One slot that fails does not hold up the others."""
    rows = Slot.objects.open().filter(open_day__state=OpenDay.State.PUBLISHED, starts__gt=at, starts__lte=at + HORIZON)
    slots = {slot.pk: slot for slot in rows.select_related("open_day__development")}
    due, changed, made = defaultdict(dict), _changed(slots), 0
    for slot in slots.values():
        for each in moments(slot.starts, zone=slot.open_day.development.time_zone):
            if each.due <= at < each.until and changed.get(str(slot.pk), each.due) <= each.due:
                due[each.step][slot.pk] = each
    for step, when in due.items():
        for slot_id, bookings in _to_remind(step, when).items():
            made += _made(slots[slot_id], when[slot_id], bookings, at=at)
    return made


def _changed(slots):
    """{slot's id: when its time was last changed}: whoever had booked it heard of it then."""
    days = {slot.open_day_id for slot in slots.values()}
    changes = OpenDayChange.objects.filter(open_day__in=days).order_by("at", "pk").values_list("at", "times")
    return {times[0]: at for at, moved in changes for times in moved}


def _to_remind(step, when):
    """{slot's id: its bookings} that were made before the moment, and are not reminded of that time yet. One query."""
    in_time = Q(pk__in=[])
    for slot_id, each in when.items():
        known = Q(moved_at=None) | Q(moved_at__lt=each.due)
        in_time |= Q(slot=slot_id, created_at__lt=each.due) & known
    told = Reminder.objects.filter(booking=OuterRef("pk"), step=step, starts=OuterRef("slot__starts"))
    found = defaultdict(list)
    for booking in Booking.objects.booked().filter(in_time, ~Exists(told), home__isnull=False):
        found[booking.slot_id].append(booking)
    return found


def _made(slot, each, bookings, *, at):
    try:
        return _remind(slot, each, bookings, at=at)
    except Exception:
        log.exception("not_reminded", slot=str(slot.pk), step=each.step)
        return 0


@transaction.atomic
def _remind(slot, each, bookings, *, at):
    """Two workers at once make one row, and so one message."""
    rows = [Reminder(booking=booking, step=each.step, starts=slot.starts, made_at=at) for booking in bookings]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    made = Reminder.objects.filter(booking__in=bookings, step=each.step, starts=slot.starts)
    people = told_of(bookings)
    occasions = [
        Occasion(reminder, to=people[reminder.booking_id], due=each.due, expires=each.until) for reminder in made
    ]
    tell_each(occasions, KINDS[each.step], at=at)
    return len(rows)
