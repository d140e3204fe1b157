"""Whether an open day is ever oversold by a real server, and whether its pages stay as quick with 100,000 bookings.

200 households click at the same moment, each on a connection of its own, for 30 places; twenty times. Without the lock
they must get more than there are on PostgreSQL, or the first proves nothing; SQLite has one writer at a time anyway.
"""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import Barrier
from time import perf_counter
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.bookings.models import Booking, WaitingEntry
from progress.models import Ownership
from tests.bench.bench_pages import queries_of, timed
from tests.bench.bench_rate import _wait_for
from tests.bench.scale import _homes, _owners
from tests.factories import DevelopmentFactory, OwnershipFactory, StaffFactory, UserFactory
from tests.portal.bookings.factories import OpenDayFactory, SlotFactory
from tests.running.processes import free_ports

CLIENTS, PLACES, ROUNDS = 200, 30, 20
TOKEN = "c" * 32
HOMES, TIMES = 1000, 5  # each home books each open day
FEW, DAYS = 3, 100  # open days: one to come, the others over


@contextmanager
def served(database_url, application, log, *, workers=2):
    """(host, port) of two workers with four threads each, as the Procfile has them."""
    [port] = free_ports(1)
    command = [
        "gunicorn",
        application,
        "--worker-class=gthread",
        f"--workers={workers}",
        "--threads=4",
        "--backlog=512",
    ]
    command += [f"--bind=127.0.0.1:{port}", "--no-control-socket", "--log-level=error"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=os.environ | {"DATABASE_URL": database_url},
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(("127.0.0.1", port))
            yield "127.0.0.1", port
        finally:
            process.terminate()
            process.wait(30)


def households():
    """A development, and so many (home, Cookie header) of people who are logged in."""
    development, found = DevelopmentFactory(), []
    first = OwnershipFactory(home__building__development=development)
    ties = [first, *OwnershipFactory.create_batch(CLIENTS - 1, home__building=first.home.building)]
    for tie in ties:
        client = Client()
        client.force_login(tie.owner.user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        found.append((tie.home, cookies))
    return development, found


def open_day(development, *, capacity=PLACES):
    now = timezone.now()
    times = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=8)}
    day = OpenDayFactory(development=development, change_until=now + timedelta(days=8), **times)
    return day, SlotFactory(open_day=day, starts=now + timedelta(days=9), capacity=capacity)


def rush(where, people, day, slot):
    """(statuses, seconds of each) of all `people`, who send their form at the same moment."""
    start = Barrier(len(people))

    def send(person):
        home, cookies = person
        form = {"csrfmiddlewaretoken": TOKEN, "op": uuid4(), "slot": slot.pk, "adults": 1, "children": 0}
        form |= {"rules": day.rules_version, "accepted": "on"}
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line = HTTPConnection(*where, timeout=120)
        line.connect()
        start.wait(60)
        began = perf_counter()
        line.request("POST", reverse("home:book", args=[home.pk, day.pk]), urlencode(form), headers)
        response = line.getresponse()
        response.read()
        line.close()
        return response.status, perf_counter() - began

    with ThreadPoolExecutor(len(people)) as threads:
        statuses, seconds = zip(*threads.map(send, people), strict=True)
    return Counter(statuses), seconds


def booked(slot):
    return Booking.objects.occupying().filter(slot=slot).aggregate(people=Sum("people"))["people"] or 0


def bench_200_clients_for_30_places(database_url, tmp_path):
    development, people = households()
    found, times = [], []
    with served(database_url, "portal.wsgi", tmp_path / "web.log") as where:
        for _round in range(ROUNDS):
            day, slot = open_day(development)
            statuses, seconds = rush(where, people, day, slot)
            found.append((booked(slot), statuses[302], statuses[200], sum(statuses.values())))
            times += seconds
    print(
        f"\n{CLIENTS} clients at once for {PLACES} places on {connection.vendor}, {ROUNDS} times: "
        f"(booked, taken, refused, answers) {dict(Counter(found))};"
        f" seconds until the answer: median {median(times):.2f}, p95 {quantiles(times, n=20)[-1]:.2f}"
    )
    assert set(found) == {(PLACES, PLACES, CLIENTS - PLACES, CLIENTS)}


@pytest.mark.postgresql
def bench_without_the_lock_there_are_more(database_url, tmp_path):
    development, people = households()
    found = []
    with served(database_url, "tests.bench.wsgi_unlocked", tmp_path / "web.log", workers=6) as where:
        while len(found) < ROUNDS and max(found, default=0) <= PLACES:
            day, slot = open_day(development)
            rush(where, people, day, slot)
            found.append(booked(slot))
    print(f"\nwithout the lock, {PLACES} places on {connection.vendor} were sold to: {found}")
    assert max(found) > PLACES


def held(ties, number, *, at):
    """One open day with a booking of each home, 200 people at each of five times, and fifty who wait."""
    starts = at + timedelta(hours=3) - timedelta(days=7 * number)
    around = {"opens_at": starts - timedelta(days=30), "closes_at": starts - timedelta(hours=1)}
    day = OpenDayFactory(
        development=ties[0].home.development,
        change_until=around["closes_at"],
        published_at=around["opens_at"],
        **around,
    )
    slots = [SlotFactory(open_day=day, starts=starts + timedelta(hours=n), capacity=200) for n in range(TIMES)]
    known = {"created_at": around["opens_at"], "rules_version": 1, "accepted_at": around["opens_at"]}
    rows = [
        Booking(open_day=day, slot=slots[n % TIMES], home=tie.home, owner=tie.owner, adults=1, **known)
        for n, tie in enumerate(ties)
    ]
    Booking.objects.bulk_create(rows, 2000)
    known["joined_at"] = known.pop("created_at")
    entries = [WaitingEntry(slot=slots[1], home=tie.home, owner=tie.owner, adults=2, **known) for tie in ties[:250:5]]
    WaitingEntry.objects.bulk_create(entries)
    return day, rows[0]


def pages_of(day, booking):
    owner, staff = Client(), Client()
    owner.force_login(booking.owner.user)
    staff.force_login(StaffFactory(group="Supervisors", everywhere=True))
    home = booking.home_id
    return [
        (owner, "owner: visits", reverse("home:visits", args=[home])),
        (owner, "owner: open day", reverse("home:open-day", args=[home, day.pk])),
        (owner, "owner: booking", reverse("home:booking", args=[booking.pk])),
        (staff, "desk: list", reverse("desk_openday:index")),
        (staff, "desk: open day", reverse("desk_openday:page", args=[day.pk])),
        (staff, "desk: bookings", reverse("desk_openday:bookings", args=[day.pk])),
        (staff, "desk: waiting list", reverse("desk_openday:waiting", args=[day.pk])),
        (staff, "desk: week", reverse("desk_openday:week")),
        (staff, "desk: figures", reverse("desk_openday:figures")),
        (staff, "gate: open days", reverse("site:gate")),
        (staff, "gate: list", reverse("site:gate-day", args=[day.pk])),
    ]


def bench_pages_with_100000_bookings(transactional_db):
    _homes(HOMES)
    _owners()
    ties = list(Ownership.objects.select_related("home__development", "owner").order_by("pk"))
    ties[0].owner.user = UserFactory()
    ties[0].owner.save()
    now = timezone.now()
    pages = pages_of(*held(ties, 0, at=now))
    began, counts, medians = 1, [], []
    for days in (FEW, DAYS):
        for number in range(began, days):
            held(ties, number, at=now)
        began = days
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for client, _page, url in pages:
            client.get(url)  # what is compiled, and noted, at the first time
        counts.append(queries_of(pages))
        times = defaultdict(list)
        for _each in range(5):
            timed(pages, times)
        medians.append({page: median(clock for clock, _processor in found) for page, found in times.items()})
    print(f"\npages with {FEW * HOMES:,} and with {Booking.objects.count():,} bookings on {connection.vendor}:")
    for page in counts[0]:
        queries, ms = [found[page] for found in counts], [found[page] for found in medians]
        print(f"  {page:20} {queries[0]} and {queries[1]} queries, median {ms[0]:.0f} and {ms[1]:.0f} ms")
    assert counts[0] == counts[1]
