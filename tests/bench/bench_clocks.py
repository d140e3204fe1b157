"""One minute's sweep over 20,000 running clocks: nothing due, a hundredth due, a tenth due; and the nightly recount.

10,000 tickets with two clocks each in twenty developments, with staff. On PostgreSQL: `make bench`. The aim is 2 s
with a hundredth due, more than any minute has. With a tenth, thousands of messages are written: that is only shown.
"""

from datetime import timedelta
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.notices.models import Notice
from portal.tickets.clocks.keeping import Reckoner, Setting
from portal.tickets.clocks.models import Clock
from portal.tickets.clocks.recount import recount
from portal.tickets.clocks.sweep import sweep
from portal.tickets.models import Step, Ticket
from progress.models import Home
from progress.promises.models import Promise
from tests.factories import NOW, HomeFactory
from tests.portal.tickets.clock_stories import Role, colleague
from tests.portal.tickets.factories import TicketFactory

CLOCKS, PLACES, AIM = 20_000, 20, 2.0
FAR = NOW + timedelta(days=400)


def grow():
    """Tickets with one step each, their clocks reckoned, their promises opened as the ledger has them."""
    homes = [HomeFactory() for _each in range(PLACES)]
    for home in homes:
        for role in (Role.CUSTOMER_SERVICE, Role.CUSTOMER_SERVICE, Role.SUPERVISOR, Role.MANAGER):
            colleague(home, role)
    homes = list(Home.objects.select_related("development"))
    like = {"ownership": None, "owner": None, "raised_by": None, "reported_at": NOW, "development": None, "home": None}
    tickets = [
        TicketFactory.build(**like | {"home": home, "development": home.development}, number=f"T-{number}")
        for number in range(CLOCKS // 2)
        for home in [homes[number % len(homes)]]
    ]
    Ticket.objects.bulk_create(tickets, 2000)
    data = {"kind": "repair", "priority": "normal", "by_staff": False}
    steps = [Step(ticket=ticket, seq=1, at=NOW, what="reported", data=data) for ticket in tickets]
    Step.objects.bulk_create(steps, 2000)
    common, rows, promises = Reckoner(), [], []
    for ticket, step in zip(tickets, steps, strict=True):
        setting = Setting(at=NOW)
        clocks = [setting._set(ticket, None, each) for each in common.reckon(ticket, [step]).values()]
        rows += clocks
        promises += [_promise(ticket, clock) for clock in clocks]
    Clock.objects.bulk_create(rows, 2000)
    Promise.objects.bulk_create(promises, 2000)


def _promise(ticket, clock):
    names = {"first_response": "ticket-response", "resolution": "ticket-resolution"}
    return Promise(
        key=f"ticket:{ticket.pk}:{clock.kind}:1",
        kind=names[clock.kind],
        development=ticket.development,
        home=ticket.home,
        subject_kind="tickets.ticket",
        subject_id=str(ticket.pk),
        made_at=NOW,
        due_at=clock.promised_at,
        team=ticket.team,
    )


def swept(share):
    """(seconds, queries, notices) of a sweep in which this share of the clocks passes its half."""
    Clock.objects.update(warned=0, next_warning_at=FAR, half_at=FAR, most_at=FAR, due_at=FAR, near_at=None)
    due = list(Clock.objects.order_by("pk").values_list("pk", flat=True)[: int(CLOCKS * share)])
    Clock.objects.filter(pk__in=due).update(half_at=NOW, next_warning_at=NOW)
    Notice.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        began = perf_counter()
        assert sweep(at=NOW) == len(due)
        took = perf_counter() - began
    return took, len(queries), Notice.objects.count()


def bench_sweep_over_running_clocks(db):
    grow()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    began = perf_counter()
    moved = recount(at=NOW)
    print(
        f"\n{CLOCKS} running clocks on {connection.vendor}; recounted in {perf_counter() - began:.1f} s, {moved} moved"
    )
    for share in (0, 0.01, 0.1):
        took, queries, notices = min(swept(share) for _each in range(3))
        print(f"  {share:4.0%} due: {took:.2f} s, {queries} queries, {notices} notices; the aim is {AIM:.0f} s")
        assert took < AIM or share > 0.01
