"""What every entry at the gate goes through: the locks, what it was entered for, and how the party stands after it.

Locks, in this order: the home, the slot, the booking.
"""

from dataclasses import dataclass

from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.actions import record
from progress.households.actions import lock_home

from . import waiting
from .errors import BookingError
from .models import Booking, Passage, Slot
from .passages import Standing, day_of, standing, within_bounds, zone_of

State, Act = Booking.State, Passage.Act
VERBS = {Act.IN: "let in", Act.OUT: "let out", Act.MISSED: "missed", Act.UNDO: "undone"}


@dataclass(frozen=True)
class Entry:
    """What came of it: the booking as it stands now, why it stands so, and whether this entry changed anything."""

    booking: Booking
    standing: Standing
    is_new: bool


def locked(booking):
    """The booking as it is now, and nobody else's, nor its slot's places, until the transaction ends."""
    if booking.home_id:
        lock_home(booking.home_id)
    slots = Slot.objects.locked(booking.slot_id)
    rows = Booking.objects.select_for_update(of=("self",))
    booking = rows.select_related("slot__open_day__development", "open_day", "home").get(pk=booking.pk)
    if booking.slot_id not in {slot.pk for slot in slots}:
        raise BookingError(_("The booking is being moved just now. Please look at it again."))
    return booking


def known(op_id, booking, act):
    """The Entry made under this UUID, if there is one. Raises BookingError when that was another party's or act."""
    earlier = Passage.objects.filter(pk=op_id).first()
    if earlier is None:
        return None
    if (earlier.booking_id, earlier.act) != (booking.pk, act):
        raise BookingError(_("That was entered for somebody else already. Please open the list anew."))
    return Entry(booking, standing_of(booking), is_new=False)


def standing_of(booking):
    return standing(booking.passages.select_related("by"))


def enter(booking, act, *, op_id, by, at, said_at):
    """Write the entry into the log, and let the booking stand as all its entries say."""
    before = booking.state
    passage = Passage(pk=op_id, booking=booking, act=act, at=said_at, received_at=at, by=by)
    now = standing([*booking.passages.select_related("by"), passage])
    _refuse_without_place(booking, now, act)
    kept, is_made = Passage.objects.get_or_create(
        pk=op_id, defaults={"booking": booking, "act": act, "at": said_at, "received_at": at, "by": by}
    )
    if not is_made:  # written by another phone at this moment
        return known(kept.pk, booking, act)
    booking.state, booking.arrived_at, booking.left_at = now.state, now.arrived_at, now.left_at
    booking.save(update_fields=["state", "arrived_at", "left_at"])
    if booking.state != before:
        record(VERBS[act], booking, by=by, home=booking.home)
    if booking.state == State.MISSED != before:
        waiting.make_offers(booking.slot, at=at)
    return Entry(booking, now, is_new=booking.state != before)


def _refuse_without_place(booking, now, act):
    """Who was marked as missing gave up their places; coming back they need as many, and no other booking meanwhile.

    Told late that they had come before that, they are inside, whatever the number.
    """
    if booking.state != State.MISSED or now.state == State.MISSED:
        return
    others = Booking.objects.live().filter(open_day=booking.open_day, home=booking.home, exclusive=True)
    if booking.home_id and booking.exclusive and others.exists():
        raise BookingError(_("This home has another booking at this open day. Please look for that one."))
    were_inside = act == Act.IN and all(each.act != Act.MISSED for each in now.passages)
    if not were_inside and booking.slot.places_left() < booking.people:
        raise BookingError(
            _("Their places were given to others meanwhile. If they may come along, enter them as a walk-in.")
        )


def accept(booking, names, *, at):
    """Those who accept the rules at the gate have done so. Raises BookingError when somebody has not."""
    version = booking.open_day.rules_version
    missing = [each for each in booking.visitors.all() if each.accepted_at is None or each.rules_version < version]
    for visitor in missing:
        if visitor.pk in names:
            visitor.name = names[visitor.pk] or visitor.name
            visitor.accepted_at, visitor.rules_version = at, version
            visitor.save(update_fields=["name", "accepted_at", "rules_version"])
    left = sum(visitor.pk not in names for visitor in missing)
    if left:
        words = ngettext(
            "%(n)d of them has not accepted the rules yet. Please read them together, and tick.",
            "%(n)d of them have not accepted the rules yet. Please read them together, and tick.",
            left,
        )
        raise BookingError(words % {"n": left})


def refuse_cancelled(booking):
    if booking.state == State.CANCELLED:
        words = {"because": booking.get_cancelled_because_display()}
        raise BookingError(_("This booking was cancelled %(because)s.") % words)


def refuse_other_day(booking, said_at):
    """Also when the day has come and gone: nobody is let in afterwards."""
    if localdate(said_at, zone_of(booking.slot)) != day_of(booking.slot):
        words = {"time": when(booking.slot), "title": str(booking.open_day)}
        raise BookingError(_("This is a booking for another day: %(time)s, “%(title)s”.") % words)


def not_too_early(booking, said_at, *, at):
    if at < booking.slot.starts and localdate(at, zone_of(booking.slot)) != day_of(booking.slot):
        refuse_other_day(booking, at)
    return within_bounds(said_at, slot=booking.slot, at=at)


def when(slot):
    """The day and the time at the place, in words."""
    starts = localtime(slot.starts, zone_of(slot))
    return f"{date_format(starts, 'DATE_FORMAT')}, {time_format(starts)}"
