"""The gate: who comes in, who goes out, who is on the site, who did not come.

Each entry bears the UUID that the phone gave it: sent twice it counts once, and it never counts for another party.
`said_at` is when it happened by the phone, kept within sensible bounds. Locks, in this order: the home, the slot, the
booking. Every action raises BookingError, worded for whoever stands at the gate.
"""

from datetime import timedelta
from uuid import uuid5

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.actions import record
from progress.households.actions import lock_home
from progress.models import Ownership

from . import waiting
from .entries import (
    Act,
    Entry,
    State,
    accept,
    enter,
    known,
    locked,
    not_too_early,
    refuse_cancelled,
    refuse_other_day,
    standing_of,
    when,
)
from .errors import BookingError
from .models import Booking, Slot, Visitor
from .models.open_days import LARGEST_PARTY
from .passages import day_of, within_bounds, zone_of

LATE = timedelta(hours=2)  # after its slot has ended a party that nobody let in has not come
LOT = 200  # that one sweep marks


@transaction.atomic
def check_in(*, op_id, booking, by, at, said_at, accepted=None):
    """Let the party in; `accepted` are those who accept the rules only now: {id of the Visitor: name}.

    A party that is inside stays as it is: the Entry says who let them in, and when. Raises BookingError.
    """
    booking = locked(booking)
    if earlier := known(op_id, booking, Act.IN):
        return earlier
    refuse_cancelled(booking)
    said_at = within_bounds(said_at, slot=booking.slot, at=at)
    refuse_other_day(booking, said_at)
    if booking.state == State.ARRIVED:
        return Entry(booking, standing_of(booking), is_new=False)
    accept(booking, accepted or {}, at=at)
    return enter(booking, Act.IN, op_id=op_id, by=by, at=at, said_at=said_at)


@transaction.atomic
def check_out(*, op_id, booking, by, at, said_at):
    """The party has left. Said before anybody has told that they came in, it counts once that is told."""
    booking = locked(booking)
    if earlier := known(op_id, booking, Act.OUT):
        return earlier
    refuse_cancelled(booking)
    said_at = not_too_early(booking, said_at, at=at)
    return enter(booking, Act.OUT, op_id=op_id, by=by, at=at, said_at=said_at)


@transaction.atomic
def mark_missed(*, op_id, booking, by, at, said_at):
    """The party did not come; its places are free again."""
    booking = locked(booking)
    if earlier := known(op_id, booking, Act.MISSED):
        return earlier
    refuse_cancelled(booking)
    said_at = not_too_early(booking, said_at, at=at)
    if said_at < booking.slot.starts:
        raise BookingError(_("Their time has not come yet."))
    if booking.state in {State.ARRIVED, State.LEFT}:
        raise BookingError(_("They have been let in."))
    return enter(booking, Act.MISSED, op_id=op_id, by=by, at=at, said_at=said_at)


@transaction.atomic
def undo(*, op_id, booking, by, at, said_at):
    """Take back the last entry that counts."""
    booking = locked(booking)
    if earlier := known(op_id, booking, Act.UNDO):
        return earlier
    refuse_cancelled(booking)
    said_at = within_bounds(said_at, slot=booking.slot, at=at)
    if not standing_of(booking).passages:
        raise BookingError(_("There is nothing to take back."))
    return enter(booking, Act.UNDO, op_id=op_id, by=by, at=at, said_at=said_at)


@transaction.atomic
def leave_out(*, booking, absent, by, at):
    """Those of the party who did not come with it (ids of Visitors) no longer count; their places are free.

    Said twice, nothing changes. Raises BookingError unless an adult is left.
    """
    booking = locked(booking)
    refuse_cancelled(booking)
    gone = booking.visitors.filter(pk__in=absent)
    children = gone.filter(is_child=True).count()
    adults = gone.count() - children
    if adults + children == 0:
        return booking
    if adults >= booking.adults:
        raise BookingError(_("An adult has to be with them. If nobody came, say that they did not come."))
    gone.delete()
    booking.adults, booking.children = booking.adults - adults, booking.children - children
    booking.save(update_fields=["adults", "children"])
    record("came with fewer", booking, by=by, home=booking.home)
    waiting.make_offers(booking.slot, at=at)
    return booking


@transaction.atomic
def walk_in(*, op_id, slot, home, names, adults, children, by, at, said_at, anyway=""):
    """Let somebody in who has not booked, of a home of the development or of none; all of them accept the rules.

    They count against the places of the slot, unless `anyway` says why they may come along. `op_id` is the key of the
    Booking, too. Raises BookingError.
    """
    if home:
        lock_home(home.pk)
    [slot] = Slot.objects.locked(slot.pk)
    if earlier := Booking.objects.filter(pk=op_id).first():
        return _walked_in_before(earlier, slot)
    said_at = within_bounds(said_at, slot=slot, at=at)
    _refuse_walk_in(slot, home, adults + children, said_at=said_at, anyway=anyway)
    version = slot.open_day.rules_version
    booking = Booking.objects.create(
        pk=op_id,
        open_day=slot.open_day,
        slot=slot,
        home=home,
        owner=_owner_of(home),
        booked_by=by,
        by_staff=True,
        walk_in=True,
        adults=adults,
        children=children,
        exclusive=home is not None and slot.open_day.one_per_home,
        rules_version=version,
        accepted_at=at,
        created_at=at,
    )
    people = enumerate([*names, *[""] * (adults + children)][: adults + children])
    Visitor.objects.bulk_create(
        Visitor(
            booking=booking, order=order, name=name, is_child=order >= adults, rules_version=version, accepted_at=at
        )
        for order, name in people
    )
    record("let in without booking", booking, by=by, home=home, reason=anyway)
    return enter(booking, Act.IN, op_id=op_id, by=by, at=at, said_at=said_at)


def _walked_in_before(booking, slot):
    if not booking.walk_in or booking.slot_id != slot.pk:
        raise BookingError(_("That was entered for somebody else already. Please open the list anew."))
    return Entry(booking, standing_of(booking), is_new=False)


def _refuse_walk_in(slot, home, people, *, said_at, anyway):
    if not (slot.is_open and slot.open_day.is_published):
        raise BookingError(_("Nobody is let in at this time: it was called off."))
    if localdate(said_at, zone_of(slot)) != day_of(slot):
        raise BookingError(_("Nobody is let in today: the open day is on %(time)s.") % {"time": when(slot)})
    if not 1 <= people <= LARGEST_PARTY:
        raise BookingError(_("A party has between 1 and %(n)d people.") % {"n": LARGEST_PARTY})
    if home:
        _refuse_second_party(slot, home)
    free = slot.places_left()
    if people > free and not anyway:
        words = ngettext(
            "Only %(n)d place is left at this time. If they may come along all the same, say why.",
            "Only %(n)d places are left at this time. If they may come along all the same, say why.",
            max(free, 0),
        )
        raise BookingError(words % {"n": max(free, 0)})


def _refuse_second_party(slot, home):
    if home.development_id != slot.open_day.development_id:
        raise BookingError(_("That home belongs to another development."))
    earlier = Booking.objects.live().filter(open_day=slot.open_day, home=home, exclusive=True).select_related("slot")
    if slot.open_day.one_per_home and (booking := earlier.first()):
        booking.slot.open_day = slot.open_day
        raise BookingError(
            _("This home has booked for %(time)s. Please look for its name.") % {"time": when(booking.slot)}
        )


def _owner_of(home):
    """Who is told about the visit: the first of the household that follows the home's progress."""
    ties = Ownership.objects.live().follows_progress().filter(home=home, owner__erased_at__isnull=True)
    tie = home and ties.select_related("owner").order_by("since", "pk").first()
    return tie.owner if tie else None


def sweep_no_shows(*, at):
    """Mark those who were let in by nobody, two hours after their time; whoever was put back by hand stays."""
    late = Booking.objects.booked().filter(slot__ends__lt=at - LATE).exclude(passages__act=Act.MISSED)
    for booking in late.order_by("slot__ends", "pk")[:LOT]:
        _mark_no_show(booking, at=at)


def _mark_no_show(booking, *, at):
    try:
        mark_missed(op_id=uuid5(booking.pk, "no-show"), booking=booking, by=None, at=at, said_at=at)
    except BookingError:
        return  # let in, moved or cancelled at this very moment


def on_site(open_day):
    """The bookings whose people are inside now."""
    return Booking.objects.filter(open_day=open_day, state=State.ARRIVED)
