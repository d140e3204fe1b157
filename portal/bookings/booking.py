"""Places for a party of one home: booked, changed, moved, given back.

Each action is one transaction. The home's row is locked first and the slots' last: whatever can be read or written
without them stands before, so that a slot everybody wants is held for a count and one row. Places are counted under
the slot's lock alone; what is refused before it, for the sake of a quick answer, is asked again.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress import scope
from progress.models import Ownership

from . import waiting
from .errors import BookingError
from .locking import lock_homes_of, lock_slot, lock_slots, slot_now
from .models import Booking, OpenDay
from .models.bookings import LIVE
from .refusals import accepted_version, refuse_closed, refuse_gone, refuse_late, refuse_over, refuse_party
from .statements import Statement
from .telling import Telling, tell_household
from .visitors import fit_visitors, name_visitors, visitors_of

__all__ = ["book", "cancel", "change_party", "move", "name_visitors"]
State = Booking.State


def _ties(home, owner):
    ties = Ownership.objects.live().follows_progress().filter(home=home, owner=owner, owner__erased_at=None)
    return ties.order_by().values_list("pk")


def _earlier(home, open_day):
    return Booking.objects.filter(home=home, open_day=open_day).order_by().values_list("pk", "state")


TIE, EARLIER = Statement(_ties, "home", "owner"), Statement(_earlier, "home", "open_day")


def book(*, booking_id, slot, home, owner, adults, children, step_free, needs, accepted, by, at, by_staff=False):
    """Places for a party of `home` in `slot`; the Booking. `owner`, of its household, is told.

    `booking_id` comes from the form: sent twice, also at the same moment, it makes one booking. `accepted`: True, or
    the version of the rules that was read. Staff (`by_staff`) book before opening and after closing, for homes that
    are not invited, a second time for a home, and leave the rules to be accepted at the gate; they never oversell.

    Raises BookingError.
    """
    booking = Booking(
        pk=booking_id,
        home=home,
        owner=owner,
        booked_by=by,
        by_staff=by_staff,
        adults=adults,
        children=children,
        step_free=step_free,
        needs=" ".join(needs.split()),
        created_at=at,
    )
    try:
        return _book(booking, slot.pk, accepted=accepted, by=by, at=at)
    except (BookingError, IntegrityError):
        if earlier := Booking.objects.filter(pk=booking_id).first():
            return _same(earlier, home, slot)
        raise


def _same(earlier, home, slot):
    """What was booked under this id already, as it stands. Raises BookingError where that is not what is asked for:

    of another home, of which nothing is said; of another open day; cancelled since; or at another time.
    """
    if (earlier.home_id, earlier.open_day_id) != (home.pk, slot.open_day_id) or not earlier.is_live:
        raise BookingError(_("This form was sent already. Please open the page anew."))
    if earlier.slot_id != slot.pk:
        raise BookingError(_("Your home has a booking for this open day already. You can change it, or move it."))
    return earlier


def _book(booking, slot_id, *, accepted, by, at):
    slot = slot_now(slot_id)
    booking.slot, booking.open_day, booking.exclusive = slot, slot.open_day, slot.open_day.one_per_home
    _refuse_booking(booking, slot, accepted, at=at)
    _refuse_uninvited(booking)
    telling = Telling("booking-confirmed", booking, at=at, expires=slot.ends)
    visitors = visitors_of(booking)
    with transaction.atomic():
        lock_homes_of(booking)
        _refuse_household(booking)
        record("booked", booking, by=by, home=booking.home)
        visitors.write()
        telling.write()
        slot = lock_slot(slot_id)
        _refuse_booking(booking, slot, accepted, at=at)
        booking.slot = slot
        booking.save(force_insert=True)
    return booking


def _refuse_uninvited(booking):
    day, home = booking.open_day, booking.home
    if not (home.development_id == day.development_id if booking.by_staff else day.invites(home)):
        raise BookingError(_("This open day is for other homes."))


def _refuse_booking(booking, slot, accepted, *, at):
    """What the open day and the slot say against it, and how the rules were accepted."""
    day, by_staff = slot.open_day, booking.by_staff
    refuse_party(day, adults=booking.adults, children=booking.children)
    refuse_closed(slot, at=at, by_staff=by_staff)
    if accepted or not by_staff:
        booking.rules_version, booking.accepted_at = accepted_version(day, accepted), at
    refuse_over(slot, booking.adults + booking.children)


def _refuse_household(booking):
    """Under the home's lock: the owner belongs to it, and it has no booking yet."""
    if not TIE.rows(home=booking.home_id, owner=booking.owner_id):
        raise BookingError(_("This home is no longer in your household, so it can't be booked for."))
    earlier = dict(EARLIER.rows(home=booking.home_id, open_day=booking.open_day_id))
    is_second = any(state in LIVE for state in earlier.values())
    if booking.pk in earlier or (is_second and booking.exclusive and not booking.by_staff):
        raise BookingError(_("Your home has a booking for this open day already. You can change it, or move it."))
    booking.exclusive = booking.exclusive and not is_second


@transaction.atomic
def change_party(booking, *, adults, children, step_free, needs, by, at):
    """Other people, or other needs. More of them only if there is room; fewer make room for those who wait.

    Raises BookingError, for the household also when it is too late.
    """
    booking = _locked_with_home(booking)
    _refuse_change(booking, by=by, at=at)
    refuse_party(booking.open_day, adults=adults, children=children)
    record("changed", booking, by=by, home=booking.home)
    tell_household("booking-changed", booking, at=at, expires=booking.slot.ends)
    slot, booking = _locked_with_slot(booking)
    more = adults + children - booking.people
    if more > 0:
        refuse_gone(slot, at=at)
        refuse_over(slot, more)
    booking.adults, booking.children = adults, children
    booking.step_free, booking.needs = step_free, " ".join(needs.split())
    booking.save(update_fields=["adults", "children", "step_free", "needs"])
    booking.people = adults + children
    fit_visitors(booking)
    if more < 0:
        waiting.make_offers(slot, at=at)
    return booking


@transaction.atomic
def move(booking, *, slot, by, at):
    """Another time of the same open day. The old place is theirs until the new one is certain, then it is free.

    Raises BookingError: then the booking is as it was.
    """
    booking = _locked_with_home(booking)
    _refuse_change(booking, by=by, at=at)
    if slot.pk == booking.slot_id:
        raise BookingError(_("You have booked this time already."))
    record("moved", booking, by=by, home=booking.home)
    tell_household("booking-changed", booking, at=at, expires=slot.ends)
    old_id = booking.slot_id
    slots = lock_slots(old_id, slot.pk)
    booking = _locked(booking)
    new = slots[slot.pk]
    if new.open_day_id != booking.open_day_id:
        raise BookingError(_("This time belongs to another open day. Please cancel here, and book there."))
    refuse_gone(new, at=at)
    refuse_over(new, booking.people)
    booking.slot, booking.moved_at = new, at
    booking.save(update_fields=["slot", "moved_at"])
    waiting.make_offers(slots[old_id], at=at)
    return booking


@transaction.atomic
def cancel(booking, *, by, at, because=Booking.Because.HOUSEHOLD):
    """Give the places back; they are offered to whoever waits. Cancelled already, it stays so.

    `because`: "household", until the day set for it, or "staff". Raises BookingError.
    """
    booking = _locked_with_home(booking)
    if booking.state == State.CANCELLED:
        return booking
    if because == Booking.Because.HOUSEHOLD:
        _refuse_change(booking, by=by, at=at)
    record("cancelled", booking, by=by, home=booking.home, reason=because)
    tell_household("booking-cancelled", booking, at=at)
    slot, booking = _locked_with_slot(booking)
    booking.state, booking.cancelled_at, booking.cancelled_because = State.CANCELLED, at, because
    booking.save(update_fields=["state", "cancelled_at", "cancelled_because"])
    waiting.make_offers(slot, at=at)
    return booking


def _locked_with_home(booking):
    """The booking as it is under its home's lock, without which nobody moves it; the slot is still to be locked."""
    lock_homes_of(booking)
    return Booking.objects.with_slot().get(pk=booking.pk)


def _locked_with_slot(booking):
    """(its slot with places, the booking), both locked and read afresh."""
    slot = lock_slot(booking.slot_id)
    booking = _locked(booking)
    booking.slot = slot
    return slot, booking


def _locked(booking):
    """Under the slots' locks: still booked, or BookingError."""
    booking = Booking.objects.with_slot().select_for_update(of=("self",)).get(pk=booking.pk)
    _refuse_unless_booked(booking)
    return booking


def _refuse_unless_booked(booking):
    if booking.state == State.CANCELLED:
        raise BookingError(_("This booking has been cancelled."))
    if not booking.is_booked:
        raise BookingError(_("The visit has begun or is over. Please speak to us at the gate."))


def _refuse_change(booking, *, by, at):
    """Raises BookingError unless this booking is still to come, and `by` may change it now.

    That is the household until the day set for it, and staff at any time. Nobody (None) is the portal itself.
    """
    _refuse_unless_booked(booking)
    if by is None:
        return
    if Ownership.objects.live().follows_progress().filter(home=booking.home_id, owner__user=by).exists():
        refuse_late(booking.slot, at=at)
    elif not OpenDay.objects.filter(scope.of_assigned(by, Booking, "development"), pk=booking.open_day_id).exists():
        raise BookingError(_("This home is no longer in your household, so its booking is not yours to change."))
