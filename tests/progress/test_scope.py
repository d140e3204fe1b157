"""Who sees which homes and updates: by live ownership, or by live assignment and group."""

import pytest

from progress.models import Building, Development, Home, Role
from progress.updates.models import Update
from tests.factories import AssignmentFactory, HomeFactory, OwnershipFactory, StaffFactory, UpdateFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_owner_sees_their_home_and_no_other():
    ownership = OwnershipFactory()
    HomeFactory(development=ownership.home.development, building=ownership.home.building)
    assert list(Home.objects.for_user(ownership.owner.user)) == [ownership.home]


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_the_home(role):
    ownership = OwnershipFactory(role=role)
    assert list(Home.objects.for_user(ownership.owner.user)) == [ownership.home]


@pytest.mark.parametrize(
    ("role", "follows"), [("owner", True), ("co_owner", True), ("family", True), ("tenant", False)]
)
def test_updates_are_for_those_who_follow_progress(role, follows):
    ownership = OwnershipFactory(role=role)
    update = UpdateFactory(development=ownership.home.development, homes=[ownership.home])
    assert list(Update.objects.for_user(ownership.owner.user)) == ([update] if follows else [])


def test_a_former_owner_sees_neither_home_nor_updates():
    ownership = OwnershipFactory(former=True)
    UpdateFactory(development=ownership.home.development, homes=[ownership.home])
    user = ownership.owner.user
    assert [list(model.objects.for_user(user)) for model in (Home, Building, Development, Update)] == [[], [], [], []]


def test_an_erased_owner_sees_nothing():
    ownership = OwnershipFactory()
    ownership.owner.erased_at = "2026-11-01T00:00Z"
    ownership.owner.save()
    assert list(Home.objects.for_user(ownership.owner.user)) == []


def test_a_switched_off_login_sees_nothing():
    ownership = OwnershipFactory(owner__user__is_active=False)
    assert list(Home.objects.for_user(ownership.owner.user)) == []


def test_an_owner_does_not_see_drafts_for_their_home():
    ownership = OwnershipFactory()
    draft = UpdateFactory(development=ownership.home.development)
    draft.homes.add(ownership.home)
    assert list(Update.objects.for_user(ownership.owner.user)) == []


def test_a_site_manager_sees_the_homes_of_their_development_only():
    home = HomeFactory()
    HomeFactory()
    assert list(Home.objects.for_user(StaffFactory(development=home.development))) == [home]


def test_a_group_without_an_assignment_sees_nothing():
    HomeFactory()
    assert list(Home.objects.for_user(StaffFactory())) == []


def test_an_assignment_without_a_group_sees_nothing():
    assignment = AssignmentFactory(user=UserFactory())
    HomeFactory(building__development=assignment.development)
    assert list(Home.objects.for_user(assignment.user)) == []


def test_an_assignment_to_all_developments_sees_all():
    homes = {HomeFactory(), HomeFactory()}
    assert set(Home.objects.for_user(StaffFactory(everywhere=True))) == homes


def test_marketing_sees_no_home_wherever_it_is_assigned():
    HomeFactory()
    assert list(Home.objects.for_user(StaffFactory(group="Marketing", everywhere=True))) == []
