"""The waiting list: first come, first served within what fits the party; a place that comes free is held for them."""

from collections import defaultdict

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.actions import record
from progress.households.actions import lock_home

from . import line
from .answers import decline_offer, leave, take_offer
from .errors import BookingError
from .households import follows
from .line import close_line, make_offers
from .locking import lock_slot, lock_slots
from .models import Booking, OpenDay, Slot, WaitingEntry, WaitingStep
from .offers import end_for
from .refusals import accepted_version, refuse_closed, refuse_party

__all__ = [
    "close_line",
    "close_of_home",
    "decline_offer",
    "expire_offers",
    "join",
    "leave",
    "make_offers",
    "position",
    "positions",
    "take_offer",
]
State, What = WaitingEntry.State, WaitingStep.What
log = structlog.get_logger(__name__)


@transaction.atomic
def join(*, entry_id, slot, home, owner, adults, children, step_free, needs, accepted, by, at):
    """Put the home's party at the end of the line for `slot`. Sent twice with one `entry_id`, it stands there once.

    `accepted` as in `booking.book`. Raises BookingError when nothing can be booked there now, the party is none or
    too large, there are places for it (they are there to be booked), it is too late to hold a place for anybody,
    the household has a place at that time or waits for one, or the home isn't theirs or isn't invited.
    """
    home = lock_home(home.pk)
    refuse_party(slot.open_day, adults=adults, children=children)
    _refuse_strangers(home, owner, slot)
    slot = lock_slot(slot.pk)
    if earlier := WaitingEntry.objects.filter(pk=entry_id).first():
        return _the_same(earlier, slot, home)
    refuse_closed(slot, at=at)
    _refuse_known(slot, home)
    make_offers(slot, at=at)
    _refuse_needless(slot, adults + children, at=at)
    entry = WaitingEntry.objects.create(
        pk=entry_id,
        slot=slot,
        home=home,
        owner=owner,
        adults=adults,
        children=children,
        step_free=step_free,
        needs=" ".join(needs.split()),
        joined_at=at,
        rules_version=accepted_version(slot.open_day, accepted),
        accepted_at=at,
    )
    line.note(entry, What.JOINED, free=slot.places_left(), at=at)
    record("joined", entry, by=by, home=home)
    return entry


def _the_same(entry, slot, home):
    is_over = not (entry.is_waiting or entry.is_offered)
    if (entry.slot_id, entry.home_id) != (slot.pk, home.pk) or is_over:
        raise BookingError(_("This form was sent for something else already. Please open the page anew."))
    return entry


def _refuse_strangers(home, owner, slot):
    if owner is None or not follows(home.pk, owner):
        raise BookingError(_("This home does not belong to your household any more."))
    if not OpenDay.objects.filter(pk=slot.open_day_id).open_to(home).exists():
        raise BookingError(_("This open day is for other homes."))


def _refuse_known(slot, home):
    if WaitingEntry.objects.live().filter(slot=slot, home=home).exists():
        raise BookingError(_("Your home is on this waiting list already."))
    if slot.open_day.one_per_home and Booking.objects.live().filter(slot=slot, home=home).exists():
        raise BookingError(_("Your home has places at this time already."))


def _refuse_needless(slot, people, *, at):
    """The places that are free are for whoever books them; nobody has to wait for what there is."""
    if slot.capacity < people:
        words = ngettext(
            "This time is for %(count)d person in all. Your party would never fit.",
            "This time is for %(count)d people in all. Your party would never fit.",
            slot.capacity,
        )
        raise BookingError(words % {"count": slot.capacity})
    if slot.places_left() >= people:
        raise BookingError(_("There are places for all of you at this time. Please book them."))
    if end_for(slot, at=at) is None:
        raise BookingError(_("It is too late to wait: a place that still comes free goes to whoever books it first."))


def close_of_home(home, *, by, at):
    """The home changes hands: nobody of its former household waits any longer. Called under the home's lock."""
    entries = WaitingEntry.objects.live().filter(home=home)
    slots = lock_slots(*entries.values_list("slot", flat=True))
    for entry in entries.select_for_update(of=("self",)).select_related("home"):
        line.change(entry, slots[entry.slot_id], State.CLOSED, by=by, at=at)
    for pk in sorted(slots):
        make_offers(slots[pk], at=at)


def expire_offers(*, at):
    """Bring every line to where it should be at `at`, each in a transaction of its own; again, it changes nothing.

    One that fails is logged and does not hold up the others. Returns how many had something to do.
    """
    moved = 0
    waited_for = WaitingEntry.objects.live().order_by().values("slot")
    slots = Slot.objects.filter(pk__in=waited_for).select_related("open_day__development").with_places()
    over = set(WaitingEntry.objects.expired_by(at).values_list("slot", flat=True))
    smallest = _smallest_parties()
    for slot in slots.order_by("starts", "pk"):
        if slot.pk in over or _has_come_to_move(slot, smallest.get(slot.pk), at=at):
            moved += _move_on(slot, at=at)
    return moved


def _smallest_parties():
    """{slot's id: people of the smallest party that waits for it}."""
    smallest = {}
    for slot, people in WaitingEntry.objects.waiting().order_by().values_list("slot", "people"):
        smallest[slot] = min(people, smallest.get(slot, people))
    return smallest


def _has_come_to_move(slot, smallest, *, at):
    """Whether somebody waits who has come to their turn, or in vain."""
    if not slot.is_open or not slot.open_day.is_published or slot.has_begun(at=at):
        return True
    return smallest is not None and (slot.free >= smallest or end_for(slot, at=at) is None)


def _move_on(slot, *, at):
    try:
        with transaction.atomic():
            make_offers(lock_slot(slot.pk), at=at)
    except Exception:
        log.exception("line_not_moved_on", slot=str(slot.pk))
        return False
    return True


def position(entry):
    """The place in the line, 1 for the next; None for whoever doesn't wait (any more)."""
    return positions([entry]).get(entry.pk)


def positions(entries):
    """{entry's id: place in its line} of those of `entries` that wait. One query."""
    lines, wanted = defaultdict(list), {entry.pk for entry in entries}
    waiting = WaitingEntry.objects.waiting().filter(slot__in={entry.slot_id for entry in entries})
    for slot, pk in waiting.order_by("joined_at", "pk").values_list("slot", "pk"):
        lines[slot].append(pk)
    return {pk: place for each in lines.values() for place, pk in enumerate(each, 1) if pk in wanted}
