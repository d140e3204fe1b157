"""Whatever staff and the clock do to a promise, the ledger stays true."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.notices.models import Notice
from progress.models import Assignment
from progress.promises import actions, kinds
from progress.promises.models import Promise, PromiseMove
from progress.promises.sweep import sweep
from tests.factories import NOW, AssignmentFactory, DevelopmentFactory

pytestmark = pytest.mark.django_db
START = NOW + timedelta(days=1)
EXAMPLES = max(60, settings.default.max_examples // 10)  # histories of up to eight steps

steps = st.lists(
    st.tuples(
        st.sampled_from(["sweep", "move", "keep", "waive", "void", "open"]),
        st.integers(0, 60),  # hours that pass before it
        st.integers(-24, 200),  # hours from then to the new time
    ),
    max_size=8,
)


@pytest.fixture
def development(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"
        team = Assignment.Role.CUSTOMER_SERVICE
        steps = (kinds.Step("day-before", days=-1), kinds.Step("due"), kinds.Step("late", days=2))

    place = DevelopmentFactory()
    AssignmentFactory(role=Assignment.Role.CUSTOMER_SERVICE, development=place)
    return place


def act(name, promise, *, at, due_at):
    common = {"by": None, "at": at}
    acts = {
        "sweep": lambda: sweep(at=at),
        "move": lambda: actions.move_promise(promise, due_at=due_at, reason_en="Rain", **common),
        "keep": lambda: actions.keep_promise(promise, **common),
        "waive": lambda: actions.waive_promise(promise, reason="Not wanted", **common),
        "void": lambda: actions.void_promise(promise, **common),
        "open": lambda: actions.open_promise(
            key=promise.key, kind="call-back", development=promise.development, due_at=at, **common
        ),
    }
    try:
        acts[name]()
    except actions.PromiseError:
        return False
    return True


@given(steps)
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_ledger_stays_true(development, steps):
    Notice.objects.all().delete()
    Promise.objects.all().delete()
    at, moves = START, 0
    promise = actions.open_promise(
        key="call:1", kind="call-back", development=development, due_at=START + timedelta(days=5), by=None, at=at
    )
    for name, hours, ahead in steps:
        at += timedelta(hours=hours)
        before = Promise.objects.get()
        done = act(name, promise, at=at, due_at=at + timedelta(hours=ahead))
        after = Promise.objects.get()
        moves += name == "move" and done and before.due_at != after.due_at
        assert_true(before, after, name, at)
    assert (PromiseMove.objects.count(), Promise.objects.get().moves) == (moves, moves)


def assert_true(before, after, name, at):
    if not before.is_open:
        settled = ("state", "due_at", "settled_at", "outcome")
        assert [getattr(after, field) for field in settled] == [getattr(before, field) for field in settled]
    assert (after.settled_at is None) == after.is_open
    assert (after.next_step_at is None) >= (not after.is_open)
    if name == "sweep" and after.is_open:
        assert (after.state == Promise.State.MISSED) == (after.due_at <= at)
        assert after.next_step_at is None or after.next_step_at > at
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
