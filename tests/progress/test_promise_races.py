"""Two sweeps at once, two people settling one promise at once, one promise opened twice at once."""

from datetime import timedelta
from time import sleep
from unittest.mock import patch

import pytest

from accounts.notices.models import Notice
from progress.models import Assignment
from progress.promises import actions, kinds
from progress.promises import sweep as sweeping
from progress.promises.models import Promise
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, AssignmentFactory, DevelopmentFactory

MONDAY = NOW + timedelta(days=1)
DUE = MONDAY + timedelta(days=4)


@pytest.fixture
def development(transactional_db, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"
        team = Assignment.Role.CUSTOMER_SERVICE

    place = DevelopmentFactory()
    AssignmentFactory(role=Assignment.Role.CUSTOMER_SERVICE, development=place)
    return place


def opened(development, key="call:1"):
    return actions.open_promise(key=key, kind="call-back", development=development, due_at=DUE, by=None, at=MONDAY)


@pytest.fixture
def slowly():
    """Between what is read and what is written there is time for others."""
    settle = actions._settle

    def wait(*args, **kwargs):
        sleep(0.3)
        return settle(*args, **kwargs)

    with patch.object(actions, "_settle", wait):
        yield


def keep_and_waive(development):
    promise = opened(development)
    acts = [
        lambda: actions.keep_promise(promise, by=None, at=MONDAY),
        lambda: actions.waive_promise(promise, reason="Not wanted", by=None, at=MONDAY),
    ]
    return all_at_once(lambda act: act(), acts)


def test_a_promise_kept_and_waived_at_once_is_settled_once(development, slowly):
    outcomes = keep_and_waive(development)
    assert (len(outcomes.returned), outcomes.raised) == (1, [actions.PromiseError])


@pytest.mark.postgresql
def test_without_locks_both_settle_it(development, slowly):
    with without_locks():
        outcomes = keep_and_waive(development)
    assert (len(outcomes.returned), outcomes.raised) == (2, [])


def test_sweeping_on_two_machines_at_once_tells_once(development):
    promises = [opened(development, f"call:{number}") for number in range(12)]
    all_at_once(lambda at: sweeping.sweep(at=at), [DUE, DUE, DUE])
    assert set(Promise.objects.values_list("state", "next_step")) == {("missed", "")}
    assert Notice.objects.filter(channel="inbox", kind="promise").count() == len(promises)


def test_opening_at_once_is_one_promise(development):
    outcomes = all_at_once(lambda _number: opened(development).pk, range(4))
    assert (len(set(outcomes.returned)), outcomes.raised, Promise.objects.count()) == (1, [], 1)
