"""How many bookings a second one slot takes that everybody wants, beside the bare transaction on the same database.

The bare one locks the slot, counts and inserts. Ours also locks the home, asks whether it is still theirs, writes the
event, the messages and the visitors, and wakes the worker. By turns, since other work on the machine disturbs both.
"""

import os
from datetime import timedelta
from multiprocessing import get_context
from time import monotonic
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum

from portal.bookings.booking import book
from portal.bookings.models import Booking, Slot
from progress.models import Ownership
from tests.factories import NOW
from tests.portal.bookings.factories import OpenDayFactory, SlotFactory, household_at

WORKERS, EACH, ROUNDS, AIM = 8, 25, 4, 0.5


def bare(tie, slot):
    with transaction.atomic():
        locked = Slot.objects.select_for_update().get(pk=slot.pk)
        taken = Booking.objects.occupying().filter(slot=locked).aggregate(people=Sum("people"))["people"] or 0
        assert taken + 1 <= locked.capacity
        Booking.objects.create(
            pk=uuid4(), slot=locked, open_day_id=locked.open_day_id, home_id=tie.home_id, adults=1, created_at=NOW
        )


def ours(tie, slot):
    book(
        booking_id=uuid4(),
        slot=slot,
        home=tie.home,
        owner=tie.owner,
        adults=1,
        children=0,
        step_free=False,
        needs="",
        accepted=True,
        by=tie.owner.user,
        at=NOW,
    )


def _work(act, lot, slot):
    for tie in lot:
        act(tie, slot)


def _worker(act, lot, slot, start, done):
    connection.ensure_connection()
    start.wait(60)
    _work(act, lot, slot)
    connections.close_all()
    done.wait(60)
    os._exit(0)  # without what pytest would do at the end of a process


def rate(act, lots, slot):
    """Bookings a second, by as many processes as there are lots of homes, each with a connection, as behind gunicorn.

    Threads of one process would wait for Python's one lock rather than for the slot's.
    """
    connections.close_all()
    forks = get_context("fork")
    start, done = (forks.Barrier(len(lots) + 1) for _each in range(2))
    workers = [forks.Process(target=_worker, args=(act, lot, slot, start, done)) for lot in lots]
    for worker in workers:
        worker.start()
    start.wait(60)
    began = monotonic()
    done.wait(60)
    took = monotonic() - began
    for worker in workers:
        worker.join()
    return sum(map(len, lots)) / took


@pytest.fixture
def homes(transactional_db):
    """Homes with owners, one for each booking of a round, in as many lots as there are workers."""
    day = OpenDayFactory()
    for _each in range(WORKERS * EACH):
        household_at(day.development)
    ties = list(Ownership.objects.select_related("home__development", "owner__user").order_by("pk"))
    return day, [ties[start : start + EACH] for start in range(0, len(ties), EACH)]


def bench_rate_on_one_slot(homes):
    day, lots = homes
    rates = {"bare": [], "booked": []}
    for _round in range(ROUNDS):
        for name, act in (("bare", bare), ("booked", ours)):
            slot = SlotFactory(open_day=day, capacity=500, starts=NOW + timedelta(days=9))
            rates[name].append(rate(act, lots, slot))
            assert Booking.objects.filter(slot=slot).count() == WORKERS * EACH
            Booking.objects.update(state="cancelled", cancelled_at=NOW, cancelled_because="staff")
    best = {name: max(found) for name, found in rates.items()}
    print(f"\nbookings a second of one slot, {WORKERS} workers on {connection.vendor}; the aim is {AIM}:")
    for name, found in rates.items():
        print(f"  {name:7} {' '.join(f'{each:.0f}' for each in found)}, at best {best[name]:.0f}")
    print(f"  ratio {best['booked'] / best['bare']:.2f}")
