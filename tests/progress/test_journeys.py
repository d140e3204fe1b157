"""The four kinds of work as data, and where a home stands on its journey."""

from datetime import date

import pytest
from django.db import IntegrityError

from progress.journeys.actions import JourneyError, date_milestone, start_journey
from progress.journeys.models import Journey, JourneyTemplate, Milestone, StageTemplate
from progress.journeys.stages import current_journey, stages_of
from tests.factories import TODAY, HomeFactory

pytestmark = pytest.mark.django_db


def start(kind="new_home", home=None):
    template = JourneyTemplate.objects.get(kind=kind, version=1)
    return start_journey(home=home or HomeFactory(), template=template, started=TODAY, by=None)


def reach(journey, *codes):
    for step in journey.milestones.filter(template__code__in=codes):
        date_milestone(step, planned=None, forecast=None, actual=TODAY, by=None, today=TODAY)


@pytest.mark.parametrize(("kind", "stages"), [("new_home", 6), ("renovation", 10), ("refurbishment", 5), ("repair", 5)])
def test_each_kind_of_work_has_its_ordered_stages(kind, stages):
    ordered = StageTemplate.objects.filter(template__kind=kind, order__isnull=False)
    assert (ordered.count(), [stage for stage in ordered if not stage.milestones.exists()]) == (stages, [])


def test_always_and_years_on_stand_without_order():
    standing = StageTemplate.objects.filter(order__isnull=True)
    assert sorted(standing.values_list("code", flat=True)) == ["always", "years-on"]


def test_a_home_stands_at_its_first_stage_with_a_step_to_come():
    journey = start()
    reach(journey, "risks-disclosed", "contract-signed", "service-introduced", "ground")
    states = [(stage.stage.code, stage.state) for stage in stages_of(journey)]
    assert states[:4] == [("welcome", "done"), ("contract", "done"), ("construction", "now"), ("handover", "")]
    assert (
        Journey.objects.with_stage().get().stage_now
        == StageTemplate.objects.get(template=journey.template, code="construction").pk
    )


def test_a_journey_whose_steps_are_all_reached_has_no_stage_now():
    journey = start("repair")
    reach(journey, *journey.milestones.values_list("template__code", flat=True))
    assert {stage.state for stage in stages_of(journey)} == {"done"}
    assert Journey.objects.with_stage().get().stage_now is None


def test_a_step_cannot_be_reached_in_the_future():
    step = start().milestones.first()
    with pytest.raises(JourneyError, match="not before"):
        date_milestone(step, planned=None, forecast=None, actual=date(2027, 1, 1), by=None, today=TODAY)


def test_a_step_is_reached_only_with_a_day_even_without_the_action():
    step = start().milestones.first()
    step.state = Milestone.State.REACHED
    with pytest.raises(IntegrityError, match="milestone_reached_has_a_day"):
        step.save()


@pytest.mark.parametrize("kind", ["new_home", "renovation", "refurbishment", "repair"])
def test_each_stage_says_what_happens_what_to_do_and_whom_to_ask_in_both_languages(kind):
    texts = [f"{field}_{language}" for field in ("happens", "to_do", "contact") for language in ("en", "zh")]
    stages = StageTemplate.objects.filter(template__kind=kind).values("code", *texts)
    assert [stage["code"] for stage in stages if not all(stage.values())] == []


def test_one_open_journey_of_a_kind():
    journey = start()
    with pytest.raises(JourneyError, match="already"):
        start(home=journey.home)


def test_the_pages_tell_of_the_journey_that_is_still_open():
    home = HomeFactory()
    finished = start("renovation", home)
    finished.ended = TODAY
    finished.save()
    repair = start("repair", home)
    assert current_journey(home) == repair


def test_stages_take_two_queries(django_assert_num_queries):
    journey = start()
    with django_assert_num_queries(2):
        stages_of(journey)
