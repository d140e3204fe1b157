"""Whether care keeps up: the sweep over 100,000 homes under 12 rules, and 20,000 reminders with workers killed.

The sweep stands beside the bare INSERT … SELECT … ON CONFLICT DO NOTHING of the very rows that it wrote, into copies
of the tables with the same indexes and keys. `make bench`.
"""

import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from time import perf_counter, sleep
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.events.models import Event
from accounts.models import Channel
from accounts.notices.models import Notice
from accounts.notices.tasks import sweep as sweep_notices
from portal.care.models import Anchor, Product, Rule
from portal.care.opening import open_promises
from portal.care.sweep import sweep
from progress.journeys.models import Milestone, MilestoneTemplate
from progress.promises.models import Promise
from tests.bench.bench_updates import analyze, estate
from tests.bench.scale import insert, literal, settle
from tests.bench.sink import HOST, sink
from tests.factories import NOW, TODAY
from tests.portal.care.factories import RuleFactory

FIRST, AGAIN, DAYS = 3, 0.25, 300
OF_PROMISE = "promises.promise"
SQLITE_HOMES, SQLITE_SECONDS = 5000, 30
REMINDERS, WORKERS, KILLED, SECONDS = 20_000, 4, 2, 540
MORNING = datetime.combine(TODAY, datetime.min.time(), ZoneInfo(settings.TIME_ZONE)) + timedelta(hours=10)
WORKER = """
import django
django.setup()
from django.utils import timezone
from accounts.notices.tasks import deliver_due
from portal.care.advancing import advance
advance(at=timezone.now())
deliver_due()
"""


def hand_over():
    """Each home got its keys on one of 300 days before today, and the ledger has a row of each already."""
    day = literal(Milestone, "actual", TODAY - timedelta(days=DAYS))
    drawn = f"CAST({day} AS date) + CAST(floor(random() * {DAYS}) AS integer)"
    if connection.vendor == "sqlite":
        drawn = f"date({day}, '+' || abs(random() % {DAYS}) || ' days')"
    keys = MilestoneTemplate.objects.filter(code="keys", stage__template__kind="new_home").values_list("pk", flat=True)
    where = f"template_id IN ({', '.join(map(str, keys))})"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE journeys_milestone SET actual = {drawn}, state = 'reached' WHERE {where}")  # noqa: S608
    homes, now = "progress_home h", literal(Promise, "made_at", NOW)
    times = {"made_at": now, "due_at": now, "settled_at": now}
    home = {"development_id": "h.development_id", "home_id": "h.id"}
    insert(
        Promise, homes, key="'before:' || h.id", kind="'care-task'", state="'kept'", team="'manager'", **home, **times
    )
    about = {"subject_kind": "'progress.home'", "subject_id": "CAST(h.id AS varchar(36))"}
    insert(Event, homes, verb="'promised'", home_id="h.id", **about)


def twelve_rules():
    """Ten so many months after the keys, one on a day, one each Friday of a stage."""
    Rule.objects.all().delete()
    common = {"product": Product.TASK, "starts_on": TODAY, "made_at": NOW, "on_at": NOW}
    for number in range(10):
        RuleFactory(code=f"after-{number}", offset=12 + number, **common)
    common |= {"anchor_code": "", "offset": 0, "unit": "days"}
    RuleFactory(code="day", anchor=Anchor.DATE, on_day=TODAY + timedelta(days=7), **common)
    steps = MilestoneTemplate.objects.filter(stage__template__kind="new_home", stage__template__state="in_force")
    fifth = steps.select_related("stage").order_by("stage__order", "order")[4]
    common["anchor_code"] = f"new_home/{fifth.stage.code}"
    RuleFactory(code="weekly", anchor=Anchor.WEEKDAY, weekday=4, **common)


def timed(work):
    began = perf_counter()
    found = work()
    return perf_counter() - began, found


def peak():
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def written_bare(model):
    """(seconds, rows): what the sweep wrote, into a copy of the table with its indexes, checks and foreign keys."""
    table, copy, kept = model._meta.db_table, f"{model._meta.db_table}_bare", f"{model._meta.db_table}_kept"
    is_new = "rule <> ''" if model is Promise else f"subject_kind = '{OF_PROMISE}'"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {kept} AS SELECT * FROM {table} WHERE {is_new}")  # noqa: S608
        cursor.execute(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
        for field in (each for each in model._meta.concrete_fields if each.is_relation):
            key = f"FOREIGN KEY ({field.column}) REFERENCES {field.related_model._meta.db_table}"
            cursor.execute(f"ALTER TABLE {copy} ADD {key} DEFERRABLE INITIALLY DEFERRED")
        cursor.execute(f"INSERT INTO {copy} SELECT * FROM {table} WHERE NOT ({is_new})")  # noqa: S608

        def write():
            with transaction.atomic():
                cursor.execute(f"INSERT INTO {copy} SELECT * FROM {kept} ON CONFLICT DO NOTHING")  # noqa: S608
                return cursor.rowcount

        return timed(write)


def swept():
    """(seconds of the first run, of another run; promises; MB more than before)."""
    hand_over()
    twelve_rules()
    analyze()
    before = peak()
    first, opened = timed(lambda: open_promises(at=MORNING))
    more = peak() - before
    assert Promise.objects.exclude(rule="").count() == opened
    assert Event.objects.filter(verb="promised", subject_kind=OF_PROMISE).count() == opened
    analyze()
    again, none = timed(lambda: open_promises(at=MORNING + timedelta(minutes=5)))
    assert none == 0
    return first, again, opened, more


def bench_sweep_of_100000_homes(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("the figure of a company's server")
    homes = int(os.environ.get("CARE_HOMES", 100_000))
    settle(homes)
    first, again, count, more = swept()
    (bare, written), (events, noted) = written_bare(Promise), written_bare(Event)
    assert (written, noted) == (count, count)
    print(
        f"\nsweep of {homes:,} homes under 12 rules: {count:,} promises and their events in {first:.1f} s;"
        f" bare inserts {bare:.1f} s and {events:.1f} s: {first / bare:.2f} x that of the promises,"
        f" {first / (bare + events):.2f} x that of all rows;"
        f" again in {again:.1f} s, {again / first:.2f} of it; {more:.0f} MB more of memory"
    )
    assert first / bare <= FIRST
    assert again / first < AGAIN
    assert more < 50


def bench_sweep_of_5000_homes(transactional_db):
    settle(SQLITE_HOMES)
    first, again, count, _more = swept()
    print(
        f"\nsweep of {SQLITE_HOMES:,} homes under 12 rules on {connection.vendor}: {count:,} promises in {first:.1f} s,"
        f" again in {again:.1f} s"
    )
    assert first < SQLITE_SECONDS


def due_reminders():
    """So many, due this minute, each of another household."""
    Rule.objects.all().delete()
    estate(REMINDERS)
    now = timezone.now()
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    RuleFactory(
        code="news",
        anchor=Anchor.DATE,
        on_day=today + timedelta(days=7),
        anchor_code="",
        offset=0,
        unit="days",
        product=Product.REMINDER,
        message_en="Look at your drains.",
        starts_on=date(2026, 1, 1),
    )
    assert sweep(at=now)["opened"] == REMINDERS
    Promise.objects.update(next_step_at=now)
    analyze()


def bench_killing_workers_while_20000_reminders_go_out(database_url, tmp_path):
    due_reminders()
    path, began, killed = tmp_path / "accepted", perf_counter(), 0
    with sink(path) as port:
        environment = os.environ | {"DATABASE_URL": database_url, "EMAIL_URL": f"smtp://{HOST}:{port}", "WORKERS": "1"}
        workers = [_worker(environment) for _number in range(WORKERS)]
        try:
            while _open() or Notice.objects.filter(channel=Channel.EMAIL).exclude(state="sent").exists():
                assert perf_counter() - began < SECONDS, "It took too long."
                sleep(0.2)
                if killed < KILLED and _accepted(path) > (killed + 1) * REMINDERS // 5:
                    os.kill(workers[killed].pid, signal.SIGKILL)
                    workers[killed].wait()
                    killed += 1
                for number, worker in enumerate(workers):
                    if worker.poll() is not None and number >= KILLED:
                        sweep_notices(at=timezone.now())  # the leases of the dead run out, those of the living stand
                        workers[number] = _worker(environment)
                    elif worker.poll() is not None and number >= killed:
                        workers[number] = _worker(environment)
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
    lines = Counter(path.read_text().splitlines())
    repeated = sum(lines.values()) - len(lines)
    people = Counter(line.split()[0] for line in lines)
    perhaps = Notice.objects.perhaps_repeated().filter(channel=Channel.EMAIL).count()
    print(
        f"\n{REMINDERS:,} reminders, {WORKERS} workers, {killed} killed on {connection.vendor}: {len(lines):,} distinct"
        f" messages to {len(people):,} people, {repeated} repeated where {perhaps} may have been,"
        f" in {perf_counter() - began:.0f} s"
    )
    assert (len(lines), len(people), killed) == (REMINDERS, REMINDERS, KILLED)
    assert repeated <= perhaps <= KILLED
    assert set(Promise.objects.values_list("state", flat=True)) == {"kept"}


def _worker(environment):
    return subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stderr=subprocess.DEVNULL)


def _open():
    return Promise.objects.open().exists()


def _accepted(path):
    return path.read_text().count("\n") if path.exists() else 0
