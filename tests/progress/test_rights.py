"""Ownerships and assignments begin and end on their day."""

from datetime import date

import pytest
from django.db import IntegrityError

from accounts.events.models import Event
from progress.actions import turn_rights
from progress.models import Home, RightState
from tests.factories import AssignmentFactory, OwnershipFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)
EVE = date(2026, 11, 30)


def test_a_right_begins_on_its_first_day_and_not_before():
    ownership = OwnershipFactory(since=DAY, state=RightState.PENDING)
    turn_rights(on=EVE)
    assert list(Home.objects.for_user(ownership.owner.user)) == []
    turn_rights(on=DAY)
    assert list(Home.objects.for_user(ownership.owner.user)) == [ownership.home]


def test_a_right_no_longer_counts_on_the_day_of_until():
    ownership = OwnershipFactory(until=DAY)
    turn_rights(on=EVE)
    assert list(Home.objects.for_user(ownership.owner.user)) == [ownership.home]
    turn_rights(on=DAY)
    assert list(Home.objects.for_user(ownership.owner.user)) == []


def test_a_right_that_began_and_ended_while_the_worker_was_down_just_ends():
    ownership = OwnershipFactory(since=EVE, until=DAY, state=RightState.PENDING)
    turn_rights(on=date(2027, 1, 1))
    ownership.refresh_from_db()
    assert ownership.state == RightState.ENDED


def test_turning_twice_changes_nothing():
    AssignmentFactory(since=DAY, state=RightState.PENDING)
    assert [turn_rights(on=DAY), turn_rights(on=DAY)] == [1, 0]
    assert Event.objects.filter(verb="began").count() == 1


def test_an_owner_has_one_live_tie_to_a_home():
    first = OwnershipFactory()
    with pytest.raises(IntegrityError, match="one_live_ownership|ownership.home_id"):
        OwnershipFactory(home=first.home, owner=first.owner)


def test_an_ownership_cannot_end_before_it_begins():
    with pytest.raises(IntegrityError, match="ownership_ends_after"):
        OwnershipFactory(since=DAY, until=EVE)
