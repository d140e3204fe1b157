"""How long publishing takes, and whether an owner's page stays as quick when the estate grows. `make bench`."""

from functools import partial
from statistics import median, quantiles
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Address, Channel, Owner
from accounts.notices.circulars import write
from accounts.notices.models import Notice
from progress.models import Home, Ownership, RightState
from progress.updates.actions import publish_update
from progress.updates.models import Audience, Receipt
from tests.factories import TODAY, BuildingFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db
ROUNDS, WRITES, RETURNS = 3, 2, 0.5  # seconds


def estate(homes):
    """One building with so many homes, each with an owner who has an e-mail address."""
    building = BuildingFactory()
    rows = Home.objects.bulk_create(
        Home(development=building.development, building=building, number=f"B{n}") for n in range(homes)
    )
    first = Owner.objects.count()
    owners = Owner.objects.bulk_create(Owner(customer_no=f"B{first + n}", name=f"Owner {n}") for n in range(homes))
    Address.objects.bulk_create(
        Address(owner=owner, channel=Channel.EMAIL, value=f"{owner.customer_no}@example.com") for owner in owners
    )
    Ownership.objects.bulk_create(
        Ownership(home=home, owner=owner, since=TODAY, state=RightState.LIVE)
        for home, owner in zip(rows, owners, strict=True)
    )
    return building


def analyze():
    """What the server does by itself within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def seconds(work):
    began = perf_counter()
    work()
    return perf_counter() - began


def bare_insert(update, owners):
    """As many rows as publishing writes, and nothing else."""
    rows = list(owners)
    Receipt.objects.bulk_create((Receipt(update=update, owner=owner) for owner in rows), batch_size=500)
    for channel in (Channel.INBOX, Channel.EMAIL):
        Notice.objects.bulk_create(
            (
                Notice(key=f"bare:{channel}:{owner.pk}", kind="bare", subject_kind="x", subject_id="x", owner=owner,
                       channel=channel)
                for owner in rows
            ),
            batch_size=500,
        )  # fmt: skip


def bench_publishing_to_5000_owners(transactional_db):
    """The request writes one row and returns; the worker writes the rest."""
    building, by = estate(5000), StaffFactory(group="Supervisors", everywhere=True)
    analyze()
    bare = seconds(lambda: bare_insert(UpdateFactory(), Owner.objects.filter(customer_no__startswith="B")))
    found = {"returns": [], "writes": []}
    for _each in range(ROUNDS):
        update = UpdateFactory(development=building.development)
        Audience.objects.create(update=update, building=building)
        found["returns"].append(seconds(partial(publish_update, update, by=by, at=timezone.now())))
        assert Receipt.objects.filter(update=update).count() == 0
        found["writes"].append(seconds(lambda: write(clock=timezone.now)))
        assert Receipt.objects.filter(update=update).count() == 5000
        assert Notice.objects.filter(subject_id=update.pk).count() == 10_000
    print(f"\npublishing to 5,000 owners on {connection.vendor}:", end="")
    for name, times in found.items():
        print(f" {name} in {', '.join(f'{time:.2f}' for time in times)} s;", end="")
    best = min(found["writes"])
    print(f" writing takes {best / bare:.2f} x the bare inserts ({bare:.2f} s)")
    assert best < WRITES
    assert min(found["returns"]) < RETURNS


def bench_front_page_as_the_estate_grows(client):
    small = measured(client, 200)
    large = measured(client, 5000)
    print(
        f"\nowner's front page on {connection.vendor}: {small[0]} queries and p95 {small[2]:.1f} ms at 200 homes; "
        f"{large[0]} queries and p95 {large[2]:.1f} ms at 5,000; ratio {large[2] / small[2]:.2f}"
        f" (medians {small[1]:.1f} and {large[1]:.1f} ms)"
    )
    assert small[0] == large[0]


def measured(client, homes, rounds=60):
    """(queries, median, p95 in ms) of the front page of one owner among so many homes with ten updates."""
    building = estate(homes)
    ownership = OwnershipFactory(home__building=building)
    for _each in range(10):
        update = UpdateFactory(development=building.development)
        Audience.objects.create(update=update, building=building)
        publish_update(update, by=None, at=timezone.now())
    client.force_login(ownership.owner.user)
    client.get("/my/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/my/")
    count = len(queries)
    times = [1000 * seconds(lambda: client.get("/my/")) for _each in range(rounds)]
    return count, median(times), quantiles(times, n=20)[-1]
