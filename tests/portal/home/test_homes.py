"""The quick way to a person's homes finds what the scope finds."""

import pytest

from portal.home.homes import lived_in_by, updates_at
from progress.models import Home, RightState, Role
from progress.updates.models import Update
from tests.factories import NOW, OwnerFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db


def found_by_scope(user):
    return [(home, home.is_followed, home.is_hosted) for home in Home.objects.lived_in_by(user)]


def found(user):
    return [(home, home.is_followed, home.is_hosted) for home in lived_in_by(user)]


@pytest.mark.parametrize("role", Role.values)
def test_one_of_each_role_has_the_rights_of_the_scope(role):
    user = OwnershipFactory(role=role).owner.user
    assert (found(user), len(found(user))) == (found_by_scope(user), 1)


def test_several_homes_come_in_the_order_of_places():
    owner = OwnerFactory()
    building = OwnershipFactory(owner=owner, home__number="9").home.building
    for number in ("10", "1"):
        OwnershipFactory(owner=owner, home__building=building, home__number=number)
    OwnershipFactory(owner=owner, home__building=None, home__development=building.development)
    OwnershipFactory(owner=owner, home__building__development__name_en="Another")
    assert {home for home, *_rights in found(owner.user)} == {home for home, *_rights in found_by_scope(owner.user)}
    numbers = [home.number for home in lived_in_by(owner.user) if home.building == building]
    assert numbers == ["1", "10", "9"]
    assert lived_in_by(owner.user)[0].development.name_en == "Another"


@pytest.mark.parametrize("state", [RightState.PENDING, RightState.ENDED])
def test_a_right_that_does_not_count_today_opens_nothing(state):
    tie = OwnershipFactory(state=state, until="2027-01-01")
    assert found(tie.owner.user) == found_by_scope(tie.owner.user) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {}])
def test_an_erased_record_and_a_closed_login_open_nothing(change):
    tie = OwnershipFactory()
    for name, value in change.items():
        setattr(tie.owner.user, name, value)
    if not change:
        tie.owner.erased_at = NOW
        tie.owner.save()
    assert found(tie.owner.user) == found_by_scope(tie.owner.user) == []


def test_staff_see_no_home_of_others_there():
    tie = OwnershipFactory()
    assert lived_in_by(StaffFactory(group="Supervisors", development=tie.home.development)) == []


@pytest.mark.parametrize("role", Role.values)
def test_what_is_told_at_a_home_is_what_the_scope_lets_one_read(role):
    tie = OwnershipFactory(role=role)
    here = {"development": tie.home.development}
    UpdateFactory(**here, homes=[tie.home])
    UpdateFactory(**here, homes=[tie.home], kind=Update.Kind.ANNOUNCEMENT, valid_until="2027-01-01T00:00Z")
    UpdateFactory(**here)
    user = tie.owner.user
    (home,) = lived_in_by(user)
    assert list(updates_at(home)) == list(Update.objects.for_user(user).for_home(home))
