"""The times of an open day: added, moved, made larger or smaller."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from cms import open_days as public

from .errors import BookingError
from .locking import lock_open_day, lock_with_slots
from .models import Booking, Slot, WaitingEntry
from .models.slots import MOST_PLACES

LONGEST = timedelta(hours=12)
HORIZON = timedelta(days=366)


@transaction.atomic
def add_slot(open_day, *, starts, ends, capacity, guide=None, by, at):
    """One more time, also beside another at the same hour. Raises BookingError."""
    open_day = lock_open_day(open_day)
    if open_day.is_cancelled:
        raise BookingError(_("This open day has been called off. It can't be changed any more."))
    refuse_times(starts, ends, at=at)
    refuse_capacity(capacity)
    slot = Slot.objects.create(open_day=open_day, starts=starts, ends=ends, capacity=capacity, guide=guide)
    record("created", slot, by=by)
    public.changed()
    return slot


@transaction.atomic
def remove_slot(slot, *, by, at):
    """Take a time out again that nobody has booked or waited for. Raises BookingError; those are called off instead."""
    _open_day, slots = lock_with_slots(slot.open_day)
    known = Booking.objects.filter(slot=slot.pk).exists() or WaitingEntry.objects.filter(slot=slot.pk).exists()
    if known:
        raise BookingError(_("Somebody has booked this time, or waited for it. Please call it off instead."))
    record("removed", slots[slot.pk], by=by)
    public.changed()
    slots[slot.pk].delete()


def refuse_times(starts, ends, *, at):
    """Raises BookingError unless this is a time to come, within a year, of 12 hours at most."""
    if ends <= starts:
        raise BookingError(_("A time has to end after it begins."))
    if ends - starts > LONGEST:
        raise BookingError(_("A time lasts 12 hours at most. Please look at the dates."))
    if starts <= at:
        raise BookingError(_("This time is past. Please choose one to come."))
    if starts > at + HORIZON:
        raise BookingError(_("Please choose a day within a year."))


def refuse_capacity(capacity):
    if not 0 <= capacity <= MOST_PLACES:
        raise BookingError(_("A time has places for %(count)d people at most.") % {"count": MOST_PLACES})


def new_slot_times(slots, changes, *, at):
    """Write {key: {"starts", "ends", "capacity", "guide"}} into these locked slots ({key: Slot} with places).

    Returns the moved ones as OpenDayChange keeps them. Raises BookingError.
    """
    return [moved for pk, values in changes.items() if (moved := alter_slot(slots[pk], values, at=at))]


def alter_slot(slot, values, *, at):
    """Write these values of one locked slot. Returns [key, old begin, old end, new begin, new end], None if unmoved."""
    if not slot.is_open:
        raise BookingError(_("This time has been called off. It can't be changed any more."))
    old = (slot.starts, slot.ends)
    new = (values.get("starts", slot.starts), values.get("ends", slot.ends))
    if new != old:
        if slot.has_begun(at=at):
            raise BookingError(_("This time has begun. It can't be moved any more."))
        refuse_times(*new, at=at)
    if (capacity := values.get("capacity", slot.capacity)) != slot.capacity:
        refuse_capacity(capacity)
        _refuse_too_small(slot, capacity)
    slot.starts, slot.ends = new
    slot.capacity, slot.guide_id = capacity, _key(values.get("guide", slot.guide_id))
    slot.save(update_fields=["starts", "ends", "capacity", "guide"])
    return [str(slot.pk), *(moment.isoformat() for moment in (*old, *new))] if new != old else None


def _key(guide):
    return getattr(guide, "pk", guide)


def _refuse_too_small(slot, capacity):
    """Raises BookingError with those who booked last, for whom there would be no place."""
    if capacity >= slot.booked + slot.held:
        return
    left, hit = capacity - slot.held, []
    for booking in Booking.objects.occupying().filter(slot=slot.pk).select_related("home").order_by("created_at", "pk"):
        left -= booking.people
        if left < 0:
            hit.append(booking)
    words = {"people": slot.booked, "held": slot.held}
    raise BookingError(
        _("%(people)d people are booked, and places for %(held)d are held by offers. Please move or cancel some first.")
        % words,
        bookings=hit,
    )
