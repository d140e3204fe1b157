"""Locks, always in one order: the home, the open day, its slots by key, then bookings and places in the line.

Whoever has waited for a lock reads the row that it is on afresh; all other rows, also those joined to it, PostgreSQL
shows as they were before the wait. So the open day and the places are read by statements of their own, after the lock.
"""

from django.db.models import Sum

from progress.households.actions import lock_home

from .models import Booking, OpenDay, Slot, WaitingEntry
from .statements import RowStatement, Statement

SLOT = RowStatement(Slot, "open_day", "open_day__development")


def _people_in(rows):
    """A Statement: how many people the rows of a slot count; no row when there are none."""
    return Statement(
        lambda slot: (
            rows().filter(slot=slot).order_by().values("slot").annotate(number=Sum("people")).values_list("number")
        ),
        "slot",
    )


BOOKED, HELD = _people_in(Booking.objects.occupying), _people_in(WaitingEntry.objects.offered)


def lock_homes_of(*rows):
    """The homes of these bookings or places in the line, in the order of their keys. Whoever walked in has none."""
    return [lock_home(pk) for pk in sorted({row.home_id for row in rows if row.home_id})]


def lock_open_day(open_day):
    """The open day afresh, and nobody else's until the transaction ends.

    Without the key: rows that refer to it are written meanwhile by those who hold the lock of a slot.
    """
    rows = OpenDay.objects.select_for_update(no_key=True, of=("self",)).select_related("development")
    return rows.get(pk=open_day.pk)


def lock_with_slots(open_day):
    """(the open day, {key: Slot} of all its slots), locked in this order."""
    open_day = lock_open_day(open_day)
    slots = Slot.objects.locked(*open_day.slots.order_by().values_list("pk", flat=True))
    for slot in slots:
        slot.open_day = open_day
    count_places(slots)
    return open_day, {slot.pk: slot for slot in slots}


def lock_slots(*pks):
    """{key: Slot} of these slots, locked, then read as `slot_now` has them."""
    return {slot.pk: slot_now(slot.pk) for slot in Slot.objects.locked(*pks)}


def lock_slot(pk):
    """One slot, as `lock_slots` has it."""
    return lock_slots(pk)[pk]


def slot_now(pk):
    """The Slot with its open day and `booked`, `held` and `free` places. Exact as long as it is locked."""
    slot = SLOT.get(pk)
    slot.booked, slot.held = (sum(people for (people,) in rows.rows(slot=pk)) for rows in (BOOKED, HELD))
    slot.free = slot.capacity - slot.booked - slot.held
    return slot


def count_places(slots):
    """Write `booked`, `held` and `free` to these Slots. Exact as long as they are locked. Two queries."""
    pks = [slot.pk for slot in slots]
    booked, held = (_people(rows, pks) for rows in (Booking.objects.occupying(), WaitingEntry.objects.offered()))
    for slot in slots:
        slot.booked, slot.held = booked.get(slot.pk, 0), held.get(slot.pk, 0)
        slot.free = slot.capacity - slot.booked - slot.held


def _people(rows, slots):
    return dict(rows.filter(slot__in=slots).order_by().values_list("slot").annotate(number=Sum("people")))
