"""How long it takes to find what falls due at 10,000 homes, to promise it, to move it and to remind of it."""

from datetime import timedelta
from os import environ
from time import perf_counter

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cms.checklists import promising, sweep
from cms.checklists.models import DueItem
from cms.checklists.reminding import remind
from cms.checklists.signs import signs_of_change
from progress.journeys.models import Milestone
from progress.promises.models import Promise
from tests.bench.estate import grow
from tests.cms.checklists.guides import publish
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
HOMES = int(environ.get("HOMES", "10000"))
KEYS = TODAY + timedelta(days=30)


def entries():
    ours = [{"id": f"ours-{n}", "text": f"We do {n}", "milestone": "keys", "days": n, "ours": True} for n in range(3)]
    theirs = [{"id": f"own-{n}", "text": f"You do {n}", "milestone": "keys", "days": -20 - n} for n in range(3)]
    return [*ours, *theirs, {"id": "undated", "text": "A torch"}]


def timed(what, work):
    began = perf_counter()
    with CaptureQueriesContext(connection) as seen:
        work()
    print(f"{what}: {perf_counter() - began:.1f} s, {len(seen)} queries")


def everything(at=NOW):
    sweep.bring_up_to_date(on=TODAY)
    promising.bring_up_to_date(at=at)


def bench_ten_thousand_homes():
    grow(HOMES)
    Milestone.objects.filter(template__code="keys").update(planned=KEYS, forecast=None, actual=None, state="planned")
    publish(entries())
    timed("signs of change", lambda: signs_of_change(on=TODAY))
    timed("a new guide at all homes", everything)
    assert (DueItem.objects.count(), Promise.objects.filter(kind=promising.CODE).count()) == (6 * HOMES, 3 * HOMES)
    timed("nothing has changed", everything)
    Milestone.objects.filter(template__code="keys").update(forecast=F("planned") + timedelta(days=10))
    timed("every home has another date", lambda: everything(NOW + timedelta(minutes=1)))
    assert Promise.objects.filter(kind=promising.CODE, moves=1).count() == 3 * HOMES
    timed("a reminder at every home", lambda: remind(at=NOW + timedelta(days=15)))
    assert DueItem.objects.exclude(reminded_on=None).count() == HOMES
