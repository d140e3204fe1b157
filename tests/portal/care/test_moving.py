"""What has not happened yet follows its occasion; what was done stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.care.models import Rule
from portal.care.moving import move_promises
from portal.care.opening import open_promises
from progress.promises.actions import keep_promise
from progress.promises.models import Promise

from .factories import NOW, RuleFactory, home_with_keys, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    Rule.objects.all().delete()
    RuleFactory(code="visit")
    tie = home_with_keys()
    open_promises(at=NOW)
    return tie


def the_promise():
    return Promise.objects.get(rule="visit")


def move(at=NOW):
    moved = move_promises(at=at)
    open_promises(at=at)
    return moved


def test_it_moves_with_the_handover_and_says_why(tie):
    reach(tie.home, date(2026, 12, 12))
    assert move() == 1
    assert the_promise().due_at == datetime(2027, 3, 12, 10, tzinfo=UTC)
    moved = the_promise().moved.get()
    assert moved.from_due_at == datetime(2027, 3, 1, 10, tzinfo=UTC)
    assert moved.reason_en == "It counts from another day now: 12 December 2026 instead of 1 December 2026."
    assert moved.reason_zh
    assert move() == 0


def test_what_was_done_stays(tie):
    keep_promise(the_promise(), by=None, at=NOW)
    reach(tie.home, date(2026, 12, 12))
    assert move() == 0
    assert the_promise().state == "kept"
    assert Promise.objects.count() == 1


def test_a_handover_moved_back_five_years_lets_go_of_what_is_past(tie):
    reach(tie.home, date(2021, 12, 1))
    move()
    assert the_promise().state == "void"


def test_a_day_that_is_past_by_now_becomes_the_next_working_evening(tie):
    late = datetime(2027, 2, 20, 2, tzinfo=UTC)  # a Saturday, and a make-up day is none
    reach(tie.home, date(2026, 11, 10))
    move(at=late)
    assert the_promise().state == "due"
    assert the_promise().due_at == datetime(2027, 2, 22, 10, tzinfo=UTC)


def test_a_handover_that_is_taken_back_and_set_again_is_one_promise(tie):
    reach(tie.home, None)
    move()
    assert the_promise().state == "void"
    reach(tie.home, date(2026, 12, 20))
    move(at=NOW + timedelta(days=30))
    assert (the_promise().state, the_promise().anchored_on) == ("due", date(2026, 12, 20))
    assert the_promise().due_at == datetime(2027, 3, 22, 10, tzinfo=UTC)


def test_a_home_that_changes_hands_takes_its_checks_along(tie):
    from tests.factories import OwnershipFactory

    tie.state, tie.until = "ended", date(2026, 12, 5)
    tie.save()
    new = OwnershipFactory(home=tie.home)
    assert move() == 0
    assert the_promise() in Promise.objects.for_user(new.owner.user)
    assert the_promise() not in Promise.objects.for_user(tie.owner.user)


def test_a_home_that_nobody_lives_in_any_more_is_let_go_and_found_again(tie):
    tie.state, tie.until = "ended", date(2026, 12, 5)
    tie.save()
    move()
    assert the_promise().state == "void"
    tie.state, tie.until = "live", None
    tie.save()
    move()
    assert the_promise().state == "due"
