"""Where the board can look: all places in one list, or near the chosen one where there are very many."""

import pytest

from portal.desk import board_forms
from portal.desk.board_forms import PlaceForm
from tests.factories import BuildingFactory, DevelopmentFactory, HomeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def estates():
    """Two developments with two buildings each, and one without."""
    places = [DevelopmentFactory(name_en=name) for name in ("Ash", "Birch", "Cedar")]
    for place in places[:2]:
        for name in ("1", "2"):
            HomeFactory(building=BuildingFactory(development=place, name=name), development=place)
    return places


@pytest.fixture
def user():
    return StaffFactory(group="Supervisors", everywhere=True)


def offered(user, place=""):
    form = PlaceForm({"place": place}, user=user)
    return [key.partition(":")[0] for key, _name in form.fields["place"].choices], form.chosen()[0]


def test_all_buildings_are_offered_where_there_are_few(estates, user):
    kinds, chosen = offered(user)
    assert kinds == ["estate", "building", "building"] * 2 + ["development"]
    assert (chosen.development, chosen.key[:8]) == (estates[0], "building")


class TestVeryMany:
    @pytest.fixture(autouse=True)
    def _many(self, monkeypatch):
        monkeypatch.setattr(board_forms, "MANY", 3)

    def test_those_of_the_first_development_are_offered_at_first(self, estates, user):
        kinds, chosen = offered(user)
        assert kinds == ["estate", "building", "building", "estate", "estate"]
        assert chosen.key == f"building:{estates[0].buildings.order_by('name')[0].pk}"

    @pytest.mark.parametrize("as_a_whole", [True, False])
    def test_those_of_the_chosen_development_are_offered(self, estates, user, as_a_whole):
        building = estates[1].buildings.order_by("name")[1]
        key = f"estate:{estates[1].pk}" if as_a_whole else f"building:{building.pk}"
        kinds, chosen = offered(user, key)
        assert kinds == ["estate", "estate", "building", "building", "estate"]
        assert (chosen.key, chosen.development) == (key, estates[1])

    @pytest.mark.parametrize("key", ["building:none", "estate:7", "…", "building:11111111-1111-4111-8111-111111111111"])
    def test_what_is_no_place_is_the_first(self, estates, user, key):
        assert offered(user, key)[1].development == estates[0]

    def test_a_development_without_buildings_is_chosen_as_a_whole(self, estates, user):
        assert offered(user, f"estate:{estates[2].pk}")[1].development == estates[2]
