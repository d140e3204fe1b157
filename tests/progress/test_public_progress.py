"""What anybody may know of how far a development is: what many homes share, and nothing of one."""

from datetime import date

import pytest

from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from progress.journeys.public import public_progress
from tests.factories import TODAY, BuildingFactory, DevelopmentFactory, HomeFactory

pytestmark = pytest.mark.django_db
REACHED = Milestone.State.REACHED
PLAN, LATER, EARLIER = date(2026, 11, 30), date(2026, 12, 9), date(2026, 11, 18)


@pytest.fixture
def building():
    return BuildingFactory(name="Building 3 · 3号楼")


def homes(building, number, code="windows", kind="new_home", **dates):
    """So many homes in the building with a journey each, whose milestone has these dates and no other has any."""
    template = JourneyTemplate.objects.get(kind=kind, state="in_force")
    for _each in range(number):
        home = HomeFactory(building=building)
        journey = start_journey(home=home, template=template, started=TODAY, by=None)
        state = REACHED if dates.get("actual") else Milestone.State.PLANNED
        journey.milestones.update(planned=None, forecast=None)
        journey.milestones.filter(template__code=code).update(state=state, **dates)


def step(development, code="windows"):
    (found,) = public_progress(development)
    return next(step for step in found.steps if step.code == code)


def test_dates_are_those_that_most_homes_have(building):
    homes(building, 3, planned=PLAN, forecast=LATER)
    homes(building, 2, planned=PLAN, forecast=EARLIER)
    shown = step(building.development)
    assert (shown.planned, shown.forecast, shown.actual, shown.days_late) == (PLAN, LATER, None, 9)
    assert not shown.is_counted


def test_dates_that_no_majority_shares_are_counted_instead(building):
    homes(building, 3, planned=PLAN, actual=PLAN)
    homes(building, 3, planned=PLAN, forecast=LATER)
    shown = step(building.development)
    assert (shown.planned, shown.forecast, shown.actual) == (None, None, None)
    assert (shown.reached, shown.homes, shown.is_reached) == (3, 6, False)


@pytest.mark.parametrize(("number", "shown"), [(1, 0), (2, 0), (3, 1)])
def test_fewer_than_three_homes_are_nobodys_business(building, number, shown):
    homes(building, number, planned=PLAN)
    assert len(public_progress(building.development)) == shown


def test_what_lies_between_the_company_and_an_owner_is_not_public(building):
    homes(building, 3, code="contract-signed", planned=PLAN, actual=PLAN)
    (found,) = public_progress(building.development)
    assert [step.code for step in found.steps] == [
        "ground",
        "topping-out",
        "windows",
        "pipes-and-wires",
        "finishing",
        "acceptance",
        "keys",
    ]


def test_repairs_are_their_owners_business(building):
    homes(building, 4, code="works-started", kind="repair", planned=PLAN)
    assert public_progress(building.development) == []


def test_another_development_does_not_count(building):
    homes(building, 3, planned=PLAN)
    assert public_progress(DevelopmentFactory()) == []


def test_buildings_with_the_same_dates_stand_together(building):
    other = BuildingFactory(development=building.development, name="Building 4")
    later = BuildingFactory(development=building.development, name="Building 5")
    homes(building, 3, planned=PLAN)
    homes(other, 5, planned=PLAN)
    homes(later, 3, planned=LATER)
    assert [found.places for found in public_progress(building.development)] == [
        ("Building 3", "Building 4"),
        ("Building 5",),
    ]


def test_homes_without_a_building_stand_together_by_kind():
    development = DevelopmentFactory()
    template = JourneyTemplate.objects.get(kind="renovation", state="in_force")
    for number in range(4):
        home = HomeFactory(building=None, development=development)
        journey = start_journey(home=home, template=template, started=TODAY, by=None)
        if number:
            journey.milestones.filter(template__code="works-started").update(
                state=REACHED, actual=date(2026, 11, number)
            )
    shown = step(development, "works-started")
    assert (shown.reached, shown.homes, shown.expected) == (3, 4, None)
    assert [found.places for found in public_progress(development)] == [()]


def test_next_step_is_the_first_still_to_come(building):
    homes(building, 3, code="ground", planned=PLAN, actual=EARLIER)
    (found,) = public_progress(building.development)
    assert (found.next_step.code, found.steps[0].days_late) == ("topping-out", -12)


def test_queries_are_one_however_many_homes(building, django_assert_num_queries):
    for number in (3, 6):
        homes(building, number, planned=PLAN)
        with django_assert_num_queries(1):
            public_progress(building.development)
