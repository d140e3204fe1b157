"""Who is told of a changed milestone when it concerns many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.notices import circulars
from accounts.notices.delivery import deliver
from accounts.notices.models import Circular, Notice
from progress.models import Ownership, RightState
from tests.factories import NOW, TODAY, BuildingFactory, OwnershipFactory, UserFactory
from tests.progress.test_milestones import moved, told, windows

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps():
    building = BuildingFactory()
    return [windows(building) for _each in range(3)]


@pytest.fixture
def ties(steps):
    return [OwnershipFactory(home=step.journey.home) for step in steps]


def test_whoever_sold_meanwhile_is_not_told_and_one_query_says_so_for_all(steps, ties):
    moved(steps, UserFactory())
    Ownership.objects.filter(pk=ties[1].pk).update(state=RightState.ENDED, until=TODAY)
    with CaptureQueriesContext(connection) as queries:
        deliver(clock=lambda: NOW)
    states = dict(Notice.objects.filter(kind="milestones-changed", channel="inbox").values_list("owner", "state"))
    assert states == {tie.owner_id: "suppressed" if tie == ties[1] else "sent" for tie in ties}
    assert sum("progress_ownership" in query["sql"] for query in queries) == 1


def test_many_are_told_by_the_worker(steps, ties, monkeypatch):
    monkeypatch.setattr(circulars, "FEW", 2)
    change = moved(steps, UserFactory())
    assert (told(), Circular.objects.about(change).get().people) == (set(), 3)
    circulars.write(clock=lambda: NOW)
    assert told() == {tie.owner for tie in ties}
