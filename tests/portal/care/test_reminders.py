"""What rules have us write to households: once, in the morning, a few a day, and to somebody who can read it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.events.models import Event
from accounts.notices.models import Notice
from portal.care.heartbeat import note_run
from portal.care.models import Rule
from portal.care.sweep import sweep
from progress.models import Assignment
from progress.promises.models import Promise
from progress.promises.sweep import sweep as sweep_ledger
from tests.factories import AssignmentFactory

from .factories import KEYS, NOW, RuleFactory, home_with_keys

pytestmark = pytest.mark.django_db
MORNING = datetime(2027, 3, 1, 1, 30, tzinfo=UTC)  # 09:30 in China


@pytest.fixture(autouse=True)
def no_shipped_rules():
    Rule.objects.all().delete()


def reminder(code="news", **fields):
    return RuleFactory(code=code, product="reminder", message_en="Look at your drains.", **fields)


def told():
    return Notice.objects.filter(kind="care-message", channel="inbox")


def test_a_message_goes_out_in_the_morning_of_its_day_and_is_kept():
    tie = home_with_keys()
    reminder()
    sweep(at=NOW)
    sweep(at=MORNING - timedelta(minutes=1))
    assert told().count() == 0
    sweep(at=MORNING)
    sweep(at=MORNING + timedelta(minutes=1))
    assert [notice.owner for notice in told()] == [tie.owner]
    promise = Promise.objects.get()
    assert (promise.state, promise.settled_at) == ("kept", MORNING)


def test_whoever_has_the_home_by_then_is_told():
    from tests.factories import OwnershipFactory

    tie = home_with_keys()
    reminder()
    sweep(at=NOW)
    tie.state, tie.until = "ended", date(2027, 1, 5)
    tie.save()
    new = OwnershipFactory(home=tie.home)
    sweep(at=MORNING)
    assert [notice.owner for notice in told()] == [new.owner]


def test_a_late_one_is_sent_as_late_and_one_that_is_too_late_is_missed():
    home_with_keys()
    reminder("useful", late_days=30)
    reminder("greeting")
    sweep(at=NOW)
    late = datetime(2027, 3, 10, 1, tzinfo=UTC)
    sweep(at=late)
    sweep_ledger(at=late)
    assert {promise.rule: promise.state for promise in Promise.objects.all()} == {
        "useful": "late",
        "greeting": "missed",
    }
    assert told().count() == 1


def test_a_backlog_comes_three_a_day():
    home_with_keys()
    for number in range(7):
        reminder(f"news-{number}", late_days=30)
    sweep(at=NOW)
    counts = []
    for day in range(4):
        sweep(at=MORNING + timedelta(days=day))
        counts.append(told().count())
    assert counts == [3, 6, 7, 7]


def test_somebody_without_any_channel_is_called_instead():
    tie = home_with_keys(owner__user=None)
    reminder()
    sweep(at=NOW)
    sweep(at=MORNING)
    sweep(at=MORNING + timedelta(minutes=1))
    assert told().count() == 0
    assert Event.objects.filter(verb="void").count() == 1  # it is not taken up again and again
    call = Promise.objects.get(kind="care-call")
    assert (call.home, call.team, str(call)) == (
        tie.home,
        Assignment.Role.CUSTOMER_SERVICE,
        "Call instead of a message: Three-month visit",
    )
    assert call.due_at == datetime(2027, 3, 2, 10, tzinfo=UTC)


def test_a_gap_of_the_worker_is_told_to_supervisors_once():
    supervisor = AssignmentFactory(role=Assignment.Role.SUPERVISOR).user
    for minutes in (0, 1, 2, 40, 41):
        note_run(at=NOW + timedelta(minutes=minutes))
    told = Notice.objects.filter(kind="care-stood-still", channel="inbox")
    assert [notice.user for notice in told] == [supervisor]


def test_rules_that_nobody_goes_through_for_a_day_are_a_gap_too():
    supervisor = AssignmentFactory(role=Assignment.Role.SUPERVISOR).user
    note_run(at=NOW, swept=True)
    for minutes in range(0, 27 * 60, 20):
        note_run(at=NOW + timedelta(minutes=minutes))
    told = Notice.objects.filter(kind="care-stood-still", channel="inbox")
    assert [notice.user for notice in told] == [supervisor]


def test_a_check_without_a_form_holds_up_no_other_message():
    home_with_keys()
    RuleFactory(code="check", product="check", form="no-such-form")
    reminder()
    sweep(at=NOW)
    sweep(at=MORNING)
    assert {promise.rule: (promise.state, promise.next_step) for promise in Promise.objects.all()} == {
        "check": ("due", "soon"),
        "news": ("kept", ""),
    }


def test_a_message_about_a_warranty_says_which_one_and_until_when():
    from accounts.notices import kinds
    from progress.warranties.keeping import keep_warranties

    tie = home_with_keys()
    keep_warranties(today=KEYS, at=NOW)
    rule = reminder(anchor="warranty", anchor_code="appliances", offset=-60, unit="days", roll="earlier")
    sweep(at=NOW)
    promise = Promise.objects.get(rule=rule.code)
    assert (promise.home, promise.anchored_on) == (tie.home, date(2027, 12, 1))
    assert [str(line) for line in kinds.get("care-message").paragraphs(promise)] == [
        "Look at your drains.",
        "It covers, until 1 December 2027: appliances.",
    ]
