"""Whom a guide is for: an empty list is for all, several are for any of them, and all of the lists must fit."""

import pytest
import time_machine

from cms.guides.audience import homes_for, homes_of, named_of, ties_for, whom_in_words
from cms.guides.models import Edition, GuidePage, Sort
from progress.journeys.models import Journey
from progress.models import Role
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, TODAY, BuildingFactory, HomeFactory, HouseTypeFactory, OwnershipFactory
from tests.progress.test_journeys import reach, start

pytestmark = pytest.mark.django_db
OWNER = {Role.OWNER}
TO_CONSTRUCTION = ("risks-disclosed", "contract-signed", "service-introduced")
ELSEWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def fits(home, roles=OWNER):
    """The titles of the guides that somebody reads at `home`."""
    pages = GuidePage.objects.for_home(home, roles=roles, on=TODAY)
    return sorted(pages.values_list("title", flat=True))


def through(journey, *stages):
    """Reach all steps of these stages."""
    steps = journey.milestones.filter(template__stage__code__in=stages)
    reach(journey, *steps.values_list("template__code", flat=True))


def test_a_guide_for_everybody_fits_a_home_of_which_nothing_is_known():
    GuidePageFactory(title="For all")
    GuidePageFactory(title="For the handover", for_stages=["handover"])
    assert fits(HomeFactory(building=None, development=BuildingFactory().development)) == ["For all"]


def test_an_owner_in_stage_4_sees_the_handover_guides_and_one_in_stage_3_does_not():
    GuidePageFactory(title="Handover", for_kinds=["new_home"], for_stages=["handover"])
    third, fourth = start(), start()
    through(third, "welcome", "contract")
    through(fourth, "welcome", "contract", "construction")
    assert [fits(third.home), fits(fourth.home)] == [[], ["Handover"]]


def test_several_of_one_sort_mean_any_of_them():
    GuidePageFactory(title="Two stages", for_stages=["construction", "handover"])
    journey = start()
    reach(journey, *TO_CONSTRUCTION)
    assert fits(journey.home) == ["Two stages"]


def test_all_sorts_must_fit():
    home = HomeFactory(house_type=HouseTypeFactory())
    GuidePageFactory(
        title="Both", for_developments=[str(home.development_id)], for_house_types=[str(home.house_type_id)]
    )
    GuidePageFactory(title="One only", for_developments=[str(home.development_id)], for_house_types=[ELSEWHERE])
    assert fits(home) == ["Both"]


def test_a_building_of_another_development_is_not_for_this_home():
    home = HomeFactory()
    GuidePageFactory(title="Mine", for_buildings=[str(home.building_id)])
    GuidePageFactory(title="Theirs", for_buildings=[str(BuildingFactory().pk)])
    assert fits(home) == ["Mine"]


def test_roles_are_those_of_the_reader():
    GuidePageFactory(title="Fees", for_roles=["owner", "co_owner"])
    home = HomeFactory()
    assert [fits(home, {role}) for role in Role] == [["Fees"], ["Fees"], [], []]
    assert fits(home, {Role.TENANT, Role.OWNER}) == ["Fees"]
    assert fits(home, None) == ["Fees"]  # whatever the role


def test_always_counts_from_the_first_day_and_years_on_only_when_all_is_done():
    for code in ("always", "years-on"):
        GuidePageFactory(title=code, for_stages=[code])
    journey = start()
    assert fits(journey.home) == ["always"]
    reach(journey, *journey.milestones.values_list("template__code", flat=True))
    assert fits(journey.home) == ["always", "years-on"]


class TestSeveralJourneys:
    def test_any_of_them_is_enough(self):
        journey = start()
        start("repair", journey.home)
        for kind in ("new_home", "repair", "renovation"):
            GuidePageFactory(title=kind, for_kinds=[kind])
        assert fits(journey.home) == ["new_home", "repair"]

    def test_kind_and_stage_belong_to_the_same_one(self):
        """At "contract" with the new home, and at "survey" with the refurbishment, which has a "contract", too."""
        journey = start()
        through(journey, "welcome")
        start("refurbishment", journey.home)
        GuidePageFactory(title="Contract of a refurbishment", for_kinds=["refurbishment"], for_stages=["contract"])
        GuidePageFactory(title="Contract of a new home", for_kinds=["new_home"], for_stages=["contract"])
        assert fits(journey.home) == ["Contract of a new home"]

    def test_one_that_ended_counts_only_while_none_is_open(self):
        journey = start("repair")
        Journey.objects.update(ended=TODAY)
        GuidePageFactory(title="Repairs", for_kinds=["repair"])
        alone = fits(journey.home)
        start("renovation", journey.home)
        assert [alone, fits(journey.home)] == [["Repairs"], []]


class TestHomes:
    """The same rules from the other side: which homes a guide reaches."""

    def test_they_are_those_at_which_it_is_read(self):
        third, fourth = start(), start()
        through(third, "welcome", "contract")
        through(fourth, "welcome", "contract", "construction")
        repaired = start("repair").home
        for number, audience in enumerate(
            [
                {},
                {"for_stages": ["handover"]},
                {"for_stages": ["always"]},
                {"for_stages": ["years-on"]},
                {"for_kinds": ["repair"]},
                {"for_buildings": [str(repaired.building_id)]},
                {"for_kinds": ["new_home"], "for_developments": [str(third.home.development_id)]},
            ]
        ):
            edition = Edition.objects.get(guide_key=GuidePageFactory(title=str(number), **audience).translation_key)
            read_at = {home for home in (third.home, fourth.home, repaired) if str(number) in fits(home)}
            assert (number, set(homes_of(edition))) == (number, read_at)

    def test_later_ones_count_for_those_it_will_reach(self):
        start()
        named = {Sort.STAGE: ["handover"], Sort.KIND: ["new_home"]}
        assert [homes_for(named, today=day).count() for day in (True, False)] == [0, 1]

    def test_a_guide_for_nobody_reaches_none_at_any_time(self):
        start("repair")
        assert homes_for({Sort.STAGE: ["handover"]}, today=False).count() == 0

    def test_who_is_told_has_a_live_tie_in_one_of_its_roles(self):
        owner = OwnershipFactory()
        OwnershipFactory(home=owner.home, role=Role.TENANT)
        OwnershipFactory(home=owner.home, former=True)
        assert list(ties_for({Sort.ROLE: ["owner"]})) == [owner]


def test_a_building_taken_out_of_the_portal_leaves_a_guide_for_nobody():
    building = BuildingFactory()
    edition = Edition.objects.get(guide_key=GuidePageFactory(for_buildings=[str(building.pk)]).translation_key)
    building.delete()
    assert (homes_of(edition).count(), fits(HomeFactory())) == (0, [])
    assert whom_in_words(named_of(edition)) == [["no longer there"]]


def test_the_audience_is_said_in_words():
    home = HomeFactory()
    named = {Sort.KIND: ["new_home"], Sort.STAGE: ["handover"], Sort.DEVELOPMENT: [str(home.development_id)]}
    assert whom_in_words(named) == [["new home"], [str(home.development)], ["Handover"]]


def test_standing_stages_are_named_last():
    assert whom_in_words({Sort.STAGE: ["years-on", "one-year", "handover"]}) == [
        ["Handover", "One year in", "X years on"]
    ]
