"""What a household says to an offer: taken, or left to the next; and leaving the line before there is one.

Locks as everywhere: the home, then the slots by key, then the rows. A place that is kept elsewhere until the offer is
taken becomes free in the same transaction, and goes to whoever waits there.
"""

from uuid import uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress import scope
from progress.households.actions import lock_home

from . import line
from .errors import BookingError
from .households import follows, told_of
from .locking import lock_slot, lock_slots
from .models import Booking, OpenDay, WaitingEntry
from .refusals import refuse_gone
from .telling import Telling, tell_household
from .visitors import fit_visitors, visitors_of

State = WaitingEntry.State


@transaction.atomic
def take_offer(entry, *, by, at):
    """The place that was held is booked: the home's Booking, a new one, or the one it has, moved here with this party.

    Taken already, it is the same booking. Raises BookingError when there is no offer (any more), also of one whose
    time is over before a worker has come by; when the home is sold, or the slot called off.
    """
    entry = _with_home(entry, by)
    if entry.state == State.TAKEN:
        return _taken(entry)
    refuse_without_offer(entry, at=at)
    refuse_gone(entry.slot, at=at)
    kept = _kept_elsewhere(entry)
    return _move_here(kept, entry, by=by, at=at) if kept else _book(entry, by=by, at=at)


@transaction.atomic
def decline_offer(entry, *, by, at):
    """Leave what is held for them to the next in line. Declined already, it stays so.

    Raises BookingError when there is no offer (any more).
    """
    entry, slot = _with_slot(_with_home(entry, by))
    if entry.state == State.DECLINED:
        return entry
    refuse_without_offer(entry, at=at)
    line.change(entry, slot, State.DECLINED, by=by, at=at)
    line.make_offers(slot, at=at)
    return entry


@transaction.atomic
def leave(entry, *, by, at):
    """Leave the line; what is held for them goes to the next. Left already, they stay out of it.

    Raises BookingError when the place was taken: that is a booking, which is cancelled as such.
    """
    entry, slot = _with_slot(_with_home(entry, by))
    if entry.state == State.TAKEN:
        raise BookingError(_("You have taken this place. If you can't come, please cancel the booking."))
    if entry.is_waiting or entry.is_offered:
        line.change(entry, slot, State.WITHDRAWN, by=by, at=at)
        line.make_offers(slot, at=at)
    return entry


def refuse_without_offer(entry, *, at):
    """Raises BookingError, also of an offer whose time is over before a worker has come by."""
    if entry.state == State.TAKEN:
        raise BookingError(_("This offer was taken already."))
    if entry.state == State.EXPIRED or (entry.is_offered and entry.offer_until <= at):
        raise BookingError(_("This offer has run out. The next in line has had their turn since."))
    if not entry.is_offered:
        raise BookingError(_("There is no offer for you any more."))


def _with_home(entry, by):
    """The entry as it is under its home's lock; the slot is still to be locked. Raises BookingError for strangers."""
    lock_home(entry.home_id)
    entry = WaitingEntry.objects.with_slot().get(pk=entry.pk)
    day = entry.slot.open_day
    is_theirs = follows(entry.home_id, getattr(by, "owner", None))
    if not is_theirs and not OpenDay.objects.filter(scope.of_assigned(by, Booking, "development"), pk=day.pk).exists():
        raise BookingError(_("This home is no longer in your household, so its place in the line is not yours."))
    return entry


def _with_slot(entry):
    slot = lock_slot(entry.slot_id)
    return _afresh(entry, slot), slot


def _afresh(entry, slot):
    """The entry under its slot's lock, where offers run out."""
    entry = WaitingEntry.objects.select_for_update(of=("self",)).select_related("home", "owner").get(pk=entry.pk)
    entry.slot = slot
    return entry


def _number(entry):
    """The id of the booking that comes of an offer, the same each time it is taken."""
    return uuid5(entry.pk, "taken")


def _taken(entry):
    """The booking that came of it, wherever it has been moved since. Raises BookingError if it was cancelled."""
    booking = Booking.objects.live().filter(pk=_number(entry)).first() or _kept_elsewhere(entry)
    if booking is None:
        raise BookingError(_("This offer was taken, and the booking cancelled since. You can join the line again."))
    return booking


def _kept_elsewhere(entry):
    """The booking that the home has at this open day, if it may have only one."""
    if not entry.slot.open_day.one_per_home:
        return None
    bookings = Booking.objects.live().filter(home=entry.home_id, open_day=entry.slot.open_day_id)
    return bookings.with_slot().order_by("created_at", "pk").first()


def _accept(entry, slot, *, by, at):
    """What was held is theirs: under the slot's lock, where nobody takes it before it is booked."""
    refuse_without_offer(entry, at=at)
    refuse_gone(slot, at=at)
    line.change(entry, slot, State.TAKEN, by=by, at=at)


def _book(entry, *, by, at):
    day, people = entry.slot.open_day, told_of([entry])[entry.pk]
    if not people:
        raise BookingError(_("Nobody owns this home today for whom we could book."))
    booking = Booking(
        pk=_number(entry),
        open_day=day,
        slot=entry.slot,
        home=entry.home,
        owner_id=people[0],
        booked_by=by,
        by_staff=not follows(entry.home_id, getattr(by, "owner", None)),
        created_at=at,
        exclusive=day.one_per_home,
        **_party(entry),
        **_rules(entry),
    )
    telling = Telling("booking-confirmed", booking, at=at, expires=entry.slot.ends)
    record("booked", booking, by=by, home=entry.home)
    visitors_of(booking).write()
    telling.write()
    entry, slot = _with_slot(entry)
    _accept(entry, slot, by=by, at=at)
    booking.slot = slot
    booking.save(force_insert=True)
    return booking


def _party(entry):
    return {name: getattr(entry, name) for name in ("adults", "children", "step_free", "needs")}


def _rules(entry):
    return {"rules_version": entry.rules_version, "accepted_at": entry.accepted_at}


def _move_here(booking, entry, *, by, at):
    """The place it had is free only now. The party is the one that waited."""
    record("moved", booking, by=by, home=entry.home)
    tell_household("booking-changed", booking, at=at, expires=entry.slot.ends)
    slots = lock_slots(booking.slot_id, entry.slot_id)
    slot, entry = slots[entry.slot_id], _afresh(entry, slots[entry.slot_id])
    booking = Booking.objects.with_slot().select_for_update(of=("self",)).get(pk=booking.pk)
    if not booking.is_booked:
        raise BookingError(_("Your visit at another time of this open day has begun. Please speak to us at the gate."))
    _accept(entry, slot, by=by, at=at)
    left, booking.slot, booking.moved_at = slots[booking.slot_id], slot, at
    new = _party(entry) | (_rules(entry) if entry.rules_version > booking.rules_version else {})
    for name, value in new.items():
        setattr(booking, name, value)
    booking.save(update_fields=["slot", "moved_at", *new])
    fit_visitors(booking)
    line.make_offers(left, at=at)
    return booking
