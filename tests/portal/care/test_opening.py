"""What rules owe is opened set-wise, each promise once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.events.models import Event
from portal.care.models import Anchor, DueDay, Product, Unit
from portal.care.opening import open_promises
from progress.promises.models import Promise

from .factories import KEYS, NOW, RuleFactory, home_with_keys

pytestmark = pytest.mark.django_db


def promised(rule):
    return Promise.objects.filter(rule=rule.code).order_by("due_at", "key")


@pytest.fixture(autouse=True)
def no_shipped_rules():
    from portal.care.models import Rule

    Rule.objects.all().delete()


def test_a_promise_is_opened_three_months_after_the_keys():
    tie, rule = home_with_keys(), RuleFactory()
    assert open_promises(at=NOW) == 1
    promise = promised(rule).get()
    assert (promise.home, promise.development, promise.owner) == (tie.home, tie.home.development, None)
    assert promise.due_at == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert (promise.made_at, promise.anchored_on, promise.state, promise.team) == (NOW, KEYS, "due", rule.team)
    assert promise.next_step == "soon"
    assert [event.verb for event in Event.objects.filter(subject_id=str(promise.pk))] == ["promised"]


def test_it_is_opened_once_however_often_it_runs():
    home_with_keys()
    rule = RuleFactory()
    assert [open_promises(at=NOW + timedelta(hours=hour)) for hour in range(3)] == [1, 0, 0]
    assert promised(rule).count() == 1
    assert Event.objects.filter(verb="promised").count() == 1


def test_a_day_is_reckoned_once_for_all_homes():
    for _home in range(3):
        home_with_keys()
    RuleFactory()
    assert open_promises(at=NOW) == 3
    assert DueDay.objects.count() == 1


def test_what_was_due_before_the_rule_began_is_not_owed():
    home_with_keys(on=date(2021, 12, 1))
    assert open_promises(at=NOW, rules=[RuleFactory(starts_on=date(2026, 12, 1))]) == 0


def test_what_fell_due_while_nothing_ran_is_promised_for_then():
    home_with_keys()
    rule = RuleFactory()
    late = datetime(2027, 3, 8, 2, tzinfo=UTC)
    assert open_promises(at=late) == 1
    assert promised(rule).get().made_at == promised(rule).get().due_at == datetime(2027, 3, 1, 10, tzinfo=UTC)


def test_nobody_is_promised_anything_in_a_home_without_owners():
    tie = home_with_keys()
    tie.state, tie.until = "ended", date(2026, 11, 1)
    tie.save()
    RuleFactory()
    assert open_promises(at=NOW) == 0


def test_a_share_takes_the_same_homes_each_time():
    for _home in range(30):
        home_with_keys()
    rule = RuleFactory(sample_percent=30)
    opened = open_promises(at=NOW)
    assert 0 < opened < 30
    first = set(promised(rule).values_list("home", flat=True))
    Promise.objects.all().delete()
    open_promises(at=NOW)
    assert set(promised(rule).values_list("home", flat=True)) == first


def test_every_friday_while_the_works_last():
    tie = home_with_keys(kind="renovation", stage="enquiry", step="enquired")
    from progress.journeys.models import Milestone

    steps = Milestone.objects.filter(journey__home=tie.home).exclude(template__stage__code__in=["works", "completion"])
    steps.update(state="reached", actual=date(2026, 11, 20))
    rule = RuleFactory(
        anchor=Anchor.WEEKDAY, anchor_code="renovation/works", weekday=4, offset=0, unit=Unit.DAYS, product=Product.TASK
    )
    assert open_promises(at=NOW) == 2
    assert [promise.anchored_on for promise in promised(rule)] == [date(2026, 12, 4), date(2026, 12, 11)]
    Milestone.objects.filter(journey__home=tie.home).update(state="reached", actual=date(2026, 12, 10))
    assert open_promises(at=NOW + timedelta(days=14)) == 0


def test_a_festival_is_greeted_on_the_working_day_before():
    home_with_keys()
    rule = RuleFactory(
        anchor=Anchor.FESTIVAL, anchor_code="spring-festival", offset=0, unit="days", roll="earlier", product="reminder"
    )
    open_promises(at=datetime(2027, 1, 25, 2, tzinfo=UTC))
    promise = promised(rule).get()
    assert promise.anchored_on == date(2027, 2, 6)
    assert promise.due_at == datetime(2027, 2, 4, 10, tzinfo=UTC)
    assert (promise.next_step, promise.next_step_at) == ("care-send", datetime(2027, 2, 4, 1, 30, tzinfo=UTC))
