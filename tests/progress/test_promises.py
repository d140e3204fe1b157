"""The ledger: one thing, by when, to whom, who answers for it; and the sweep that lets nobody forget."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.models import Assignment
from progress.promises import actions, kinds
from progress.promises.models import Promise, PromiseMove
from progress.promises.sweep import sweep
from tests.factories import NOW, AssignmentFactory, DevelopmentFactory, HomeFactory, OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Promise.State
MONDAY = NOW + timedelta(days=1)  # 10:00 in Shanghai
DUE = MONDAY + timedelta(days=4)  # Friday 10:00


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    @kinds.register("call-back")
    class CallBack(kinds.Kind):
        label = "A call back"
        team = Assignment.Role.CUSTOMER_SERVICE
        steps = (
            kinds.Step("two-days-before", days=-2),
            kinds.Step("due", to=(kinds.ANSWERABLE, kinds.SITE_MANAGER)),
            kinds.Step("three-days-late", days=3, to=(kinds.SUPERVISOR,)),
        )


@pytest.fixture
def development():
    return DevelopmentFactory()


def staff(role, development):
    return AssignmentFactory(role=role, development=development).user


@pytest.fixture
def service(development):
    return staff(Assignment.Role.CUSTOMER_SERVICE, development)


def a_promise(development, **kwargs):
    given = {"key": "call:1", "kind": "call-back", "due_at": DUE, "by": None, "at": MONDAY} | kwargs
    return actions.open_promise(development=development, **given)


def told():
    """Who has a message in the outbox, by the step in its key."""
    notices = Notice.objects.filter(kind="promise", channel="inbox").order_by("created_at", "key")
    return [(notice.key.split(":")[2], notice.user) for notice in notices]


def test_opening_twice_is_one_promise(development):
    first = a_promise(development)
    second = a_promise(development, due_at=DUE + timedelta(days=9))
    assert (second.pk, second.due_at, Promise.objects.count()) == (first.pk, DUE, 1)
    assert list(Event.objects.values_list("verb", flat=True)) == ["promised"]


def test_a_kept_promise_is_not_opened_again(development):
    actions.keep_promise(a_promise(development), by=None, at=MONDAY)
    assert a_promise(development).state == State.KEPT


def test_promising_for_the_past_is_refused(development):
    with pytest.raises(actions.PromiseError, match="past"):
        a_promise(development, due_at=MONDAY - timedelta(seconds=1))


def test_moving_keeps_the_old_date_and_the_reason(development):
    by = UserFactory()
    promise = actions.move_promise(
        a_promise(development), due_at=DUE + timedelta(days=7), reason_en="The glass came cracked.", by=by, at=MONDAY
    )
    moved = PromiseMove.objects.get()
    assert (promise.due_at, promise.moves) == (DUE + timedelta(days=7), 1)
    assert (moved.from_due_at, moved.reason_en, moved.by) == (DUE, "The glass came cracked.", by)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"due_at": MONDAY - timedelta(days=1), "reason_en": "Sorry"}, "past"),
        ({"due_at": DUE + timedelta(days=1)}, "say why"),
        ({"due_at": DUE + timedelta(days=1), "reason_en": "  "}, "say why"),
    ],
)
def test_a_move_to_the_past_or_without_a_reason_is_refused(development, change, why):
    promise = a_promise(development)
    with pytest.raises(actions.PromiseError, match=why):
        actions.move_promise(promise, by=None, at=MONDAY, **change)
    promise.refresh_from_db()
    assert (promise.due_at, PromiseMove.objects.count()) == (DUE, 0)


def test_keeping_in_time_and_late(development):
    in_time = actions.keep_promise(a_promise(development), by=None, at=DUE)
    late = actions.keep_promise(a_promise(development, key="call:2"), by=None, at=DUE + timedelta(seconds=1))
    assert (in_time.state, late.state) == (State.KEPT, State.LATE)


def test_keeping_twice_counts_the_first_time(development):
    promise = a_promise(development)
    actions.keep_promise(promise, outcome="Rang, all well", by=None, at=MONDAY)
    again = actions.keep_promise(promise, outcome="again", by=None, at=DUE + timedelta(days=1))
    assert (again.state, again.outcome, again.settled_at) == (State.KEPT, "Rang, all well", MONDAY)


def test_a_settled_promise_is_neither_moved_nor_waived_nor_kept(development):
    promise = actions.waive_promise(a_promise(development), reason="No call wanted", by=None, at=MONDAY)
    for act in (
        lambda: actions.move_promise(promise, due_at=DUE, reason_en="x", by=None, at=MONDAY),
        lambda: actions.waive_promise(promise, reason="again", by=None, at=MONDAY),
        lambda: actions.keep_promise(promise, by=None, at=MONDAY),
        lambda: actions.hand_over(promise, to=UserFactory(), by=None),
    ):
        with pytest.raises(actions.PromiseError, match="settled already: waived"):
            act()


def test_waiving_needs_a_reason(development):
    with pytest.raises(actions.PromiseError, match="say why"):
        actions.waive_promise(a_promise(development), reason=" ", by=None, at=MONDAY)


def test_void_leaves_what_is_settled(development):
    kept = actions.keep_promise(a_promise(development), by=None, at=MONDAY)
    assert actions.void_promise(kept, by=None, at=MONDAY).state == State.KEPT
    assert actions.void_promise(a_promise(development, key="call:2"), by=None, at=MONDAY).state == State.VOID


def test_sweep_warns_then_marks_missed_then_escalates(development, service):
    manager = staff(Assignment.Role.SITE_MANAGER, development)
    supervisor = staff(Assignment.Role.SUPERVISOR, development)
    promise = a_promise(development)
    sweep(at=MONDAY)
    assert told() == []
    sweep(at=MONDAY + timedelta(days=2))
    assert told() == [("0-two-days-before", service)]
    sweep(at=DUE)
    promise.refresh_from_db()
    assert promise.state == State.MISSED
    assert set(told()[1:]) == {("0-due", service), ("0-due", manager)}
    sweep(at=DUE + timedelta(days=4))  # two of them a weekend
    assert len(told()) == 3
    sweep(at=DUE + timedelta(days=5))
    assert told()[3:] == [("0-three-days-late", supervisor)]


def test_sweeping_again_says_nothing_again(development, service):
    a_promise(development)
    assert (sweep(at=DUE), sweep(at=DUE), len(told())) == (2, 0, 1)


def test_after_a_week_of_downtime_no_warning_comes_for_what_is_missed(development, service):
    supervisor = staff(Assignment.Role.SUPERVISOR, development)
    a_promise(development)
    sweep(at=DUE + timedelta(days=7))
    assert set(told()) == {("0-due", service), ("0-three-days-late", supervisor)}


def test_a_missed_promise_moved_is_open_and_warned_about_again(development, service):
    promise = a_promise(development)
    sweep(at=DUE)
    later = DUE + timedelta(days=14)
    promise = actions.move_promise(promise, due_at=later, reason_zh="玻璃裂了", by=None, at=DUE)
    assert promise.state == State.DUE
    sweep(at=later)
    assert [step for step, _user in told()] == ["0-due", "1-due"]


def test_whoever_is_named_answers_instead_of_the_team(development, service):
    named = UserFactory()
    a_promise(development, responsible=named)
    sweep(at=MONDAY + timedelta(days=2))
    assert told() == [("0-two-days-before", named)]


def test_a_broken_promise_holds_up_no_other(development, service):
    Promise.objects.filter(pk=a_promise(development, key="broken").pk).update(kind="gone")
    a_promise(development)
    assert sweep(at=DUE) == 2
    assert told() == [("0-due", service)]


def test_the_team_answers_for_whoever_works_here_no_more(development, service):
    a_promise(development, responsible=UserFactory(is_active=False))
    sweep(at=DUE)
    assert ("0-due", service) in told()


def test_settled_promises_are_not_swept(development, service):
    actions.keep_promise(a_promise(development), by=None, at=MONDAY)
    assert (sweep(at=DUE + timedelta(days=30)), told()) == (0, [])


def test_colleagues_elsewhere_hear_nothing(development):
    staff(Assignment.Role.CUSTOMER_SERVICE, DevelopmentFactory())
    everywhere = staff(Assignment.Role.CUSTOMER_SERVICE, None)
    a_promise(development)
    sweep(at=DUE)
    assert told() == [("0-due", everywhere)]


def test_what_i_answer_for(development, service):
    mine = a_promise(development, key="mine", responsible=service)
    teams = a_promise(development, key="team", due_at=DUE - timedelta(days=1))
    a_promise(development, key="named", responsible=UserFactory())
    a_promise(DevelopmentFactory(), key="elsewhere")
    assert list(Promise.objects.answered_by(service).late_first()) == [teams, mine]


def test_owners_see_their_own_homes_promises_and_nobody_elses(development):
    home = HomeFactory(building=None, development=development)
    tie, other = OwnershipFactory(home=home), OwnershipFactory(home=home)
    all_of_the_home = a_promise(development, key="home", home=home)
    personal = a_promise(development, key="personal", home=home, owner=tie.owner)
    a_promise(development, key="site")
    a_promise(development, key="another home", home=HomeFactory(building=None, development=development))
    assert set(Promise.objects.for_user(tie.owner.user)) == {all_of_the_home, personal}
    assert set(Promise.objects.for_user(other.owner.user)) == {all_of_the_home}


def test_former_owner_sees_no_promise_of_the_home(development):
    tie = OwnershipFactory(home=HomeFactory(building=None, development=development), former=True)
    a_promise(development, home=tie.home)
    assert not Promise.objects.for_user(tie.owner.user).exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": State.KEPT},  # without a time
        {"state": State.KEPT, "settled_at": DUE + timedelta(days=1)},
        {"state": State.LATE, "settled_at": DUE},
        {"state": State.WAIVED, "settled_at": DUE},  # without a reason
        {"state": State.DUE, "settled_at": DUE},
        {"due_at": MONDAY - timedelta(days=1)},
    ],
)
def test_impossible_states_are_refused_by_the_database(development, broken):
    promise = a_promise(development)
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(**broken)
