"""The line for a slot: whose turn it is, whose time is over, and when it is closed. All of it under the slot's lock.

Each step leaves a line in the history of whoever it concerns, so that they and we can see why they came to their turn.
"""

from accounts.events.actions import record
from accounts.models import Channel, Owner
from accounts.notices.actions import tell
from accounts.notices.models import Notice

from .households import told_of
from .models import Booking, WaitingEntry, WaitingStep
from .offers import end_for, had_time

State, What = WaitingEntry.State, WaitingStep.What
VERBS = {
    State.OFFERED: "offered",
    State.TAKEN: "taken",
    State.DECLINED: "declined",
    State.EXPIRED: "ran out",
    State.WITHDRAWN: "left",
    State.CLOSED: "closed",
}
STEPS = {  # what the history calls it
    State.OFFERED: What.OFFERED,
    State.TAKEN: What.TAKEN,
    State.DECLINED: What.DECLINED,
    State.EXPIRED: What.EXPIRED,
    State.WITHDRAWN: What.WITHDRAWN,
    State.CLOSED: What.CLOSED,
}


def make_offers(slot, *, at):
    """Bring the line for `slot` to where it should be at `at`. Called under the slot's lock; again, it changes nothing.

    Offers whose time is over end. What is free then is offered to whom it fits, in the order of joining; those whose
    party is too large for it are passed over, and keep their place. Once it is too late to hold a place for anybody,
    or the slot is called off, the line is closed: what comes free then is there to be booked.
    """
    entries = _locked(slot)
    if not entries:
        return
    if not slot.is_open or not slot.open_day.is_published:
        close(entries, slot, by=None, at=at)
        return
    for entry in entries:
        if entry.is_offered and (entry.offer_until <= at or slot.has_begun(at=at)):
            _end_or_renew(entry, slot, at=at)
    waiting = _without_those_booked(slot, [entry for entry in entries if entry.is_waiting], at=at)
    until = end_for(slot, at=at)
    if until is None:
        close(waiting, slot, by=None, at=at)
    elif slot.open_day.opens_at <= at:
        _offer_in_turn(waiting, slot, until=until, at=at)


def close_line(slots, *, at):
    """Nobody comes to their turn any more: the slots (their ids) were called off. Called under the slots' locks."""
    rows = WaitingEntry.objects.live().filter(slot__in=slots).select_for_update(of=("self",))
    for entry in rows.select_related("slot", "home"):
        close([entry], entry.slot, by=None, at=at)


def close(entries, slot, *, by, at):
    """End the waiting of `entries` at `slot`, whatever is held for them is free, and tell them."""
    for entry in entries:
        change(entry, slot, State.CLOSED, by=by, at=at)
        tell_of(entry, "waiting-closed", at=at)


def change(entry, slot, state, *, by, at, free=None):
    """The entry, which is locked, is in `state` from now on; written into its history and into the log."""
    free = slot.places_left() if free is None else free
    entry.state = state
    entry.save(update_fields=["state", "offered_at", "offer_until"])
    note(entry, STEPS[state], free=free, at=at)
    record(VERBS[state], entry, by=by, home=entry.home)


def note(entry, what, *, free, at):
    """A line of its history; `free`: as many places as there were then."""
    return WaitingStep.objects.create(entry=entry, at=at, what=what, free=free)


def tell_of(entry, kind, *, at, expires=None, step=""):
    people = Owner.objects.filter(pk__in=told_of([entry])[entry.pk])
    tell(people, kind, entry, at=at, expires=expires, step=step)


def _locked(slot):
    """Whoever waits for `slot` or has an offer; in the order of joining."""
    rows = WaitingEntry.objects.live().filter(slot=slot.pk).order_by("joined_at", "pk")
    return list(rows.select_related("home").select_for_update(of=("self",)))


def _without_those_booked(slot, waiting, *, at):
    """Whoever has booked this very time meanwhile waits no longer."""
    if not (waiting and slot.open_day.one_per_home):
        return waiting
    booked = Booking.objects.live().filter(slot=slot.pk, home__in=[entry.home_id for entry in waiting])
    homes = set(booked.values_list("home", flat=True))
    for entry in waiting:
        if entry.home_id in homes:
            change(entry, slot, State.WITHDRAWN, by=None, at=at)
    return [entry for entry in waiting if entry.is_waiting]


def _offer_in_turn(waiting, slot, *, until, at):
    free, passed_over = slot.places_left(), []
    for entry in waiting:
        if entry.people > free:
            passed_over.append(entry)
            continue
        for other in passed_over:
            note(other, What.PASSED_OVER, free=free, at=at)
        passed_over = []
        _offer(entry, slot, until=until, free=free, at=at)
        free -= entry.people


def _offer(entry, slot, *, until, free, at):
    entry.offered_at, entry.offer_until = at, until
    change(entry, slot, State.OFFERED, by=None, at=at, free=free)
    tell_of(entry, "place-offered", at=at, expires=until, step=f"{at:%Y%m%d%H%M}")


def _end_or_renew(entry, slot, *, at):
    """An offer of which nobody could be told while it stood is held once more, as long as there is time for it."""
    until = end_for(slot, at=at)
    if until and not _was_told(entry, slot):
        _offer(entry, slot, until=until, free=slot.places_left() + entry.people, at=at)
        return
    change(entry, slot, State.EXPIRED, by=None, at=at)
    tell_of(entry, "offer-ended", at=at)


def _was_told(entry, slot):
    """Whether the message stood in an inbox while there was time to answer: not when the worker was down meanwhile."""
    people = list(entry.home.ownerships.values_list("owner", flat=True))
    told = Notice.objects.filter(owner__in=people, channel=Channel.INBOX, kind="place-offered", subject_id=entry.pk)
    zone = slot.open_day.development.time_zone
    told = list(told.filter(created_at__gte=entry.offered_at).values_list("sent_at", flat=True))
    return not told or any(sent and had_time(sent, entry.offer_until, zone=zone) for sent in told)
