"""Versions of journey templates: written as drafts, put in force, kept while homes follow them; homes are moved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from progress.journeys import versions
from progress.journeys.actions import JourneyError, date_milestone, start_journey
from progress.journeys.models import JourneyTemplate, Milestone, StageTemplate
from progress.journeys.moving import move_journeys, plan_moves
from tests.factories import TODAY, BuildingFactory, HomeFactory, UserFactory
from tests.progress.test_milestones import claimed, moved, windows

pytestmark = pytest.mark.django_db
State = JourneyTemplate.State


@pytest.fixture
def first():
    return JourneyTemplate.objects.get(kind="new_home")


@pytest.fixture
def draft(first):
    return versions.draft_version(first, by=UserFactory())


def on_the_way(template):
    return start_journey(home=HomeFactory(), template=template, started=TODAY, by=None)


def shape(template):
    return [
        (row.code, row.order, row.happens_zh, row.document_kinds, [step.code for step in row.milestones.all()])
        for row in template.stages.all()
    ]


def without(draft, code):
    """Write the stage that has the milestone `code` without it."""
    stage = draft.stages.get(milestones__code=code)
    return versions.save_stage(stage, [step for step in steps(stage) if step["code"] != code], by=UserFactory())


def steps(stage):
    return list(stage.milestones.order_by("order").values("code", "name_en", "name_zh"))


def a_step(code):
    return {"code": code, "name_en": "Roof garden", "name_zh": "屋顶花园"}


def with_one_more(draft, code="roof-garden", stage="construction"):
    stage = draft.stages.get(code=stage)
    return versions.save_stage(stage, [*steps(stage), a_step(code)], by=UserFactory())


# --- drafts ------------------------------------------------------------------------------------------------


def test_the_first_versions_are_in_force():
    assert set(JourneyTemplate.objects.values_list("version", "state")) == {(1, "in_force")}
    assert JourneyTemplate.objects.in_force().count() == 4


def test_a_new_version_is_a_draft_with_everything_copied(first, draft):
    assert (draft.version, draft.state) == (2, State.DRAFT)
    assert shape(draft) == shape(first)
    assert not set(draft.stages.values_list("pk", flat=True)) & set(first.stages.values_list("pk", flat=True))


def test_a_second_draft_is_refused_while_one_waits(first, draft):
    with pytest.raises(JourneyError, match="Version 2 is a draft still"):
        versions.draft_version(first, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        JourneyTemplate.objects.create(kind=first.kind, version=9)


def test_a_stage_of_a_draft_is_written_and_the_version_in_force_stays(first, draft):
    before = shape(first)
    stage = draft.stages.get(code="handover")
    stage.happens_en = "We inspect it together."
    versions.save_stage(stage, [a_step("loggia"), *steps(stage)], by=UserFactory())
    assert list(stage.milestones.values_list("code", "order")) == [("loggia", 1), ("inspection", 2), ("keys", 3)]
    assert shape(first) == before


@pytest.mark.parametrize(
    ("changes", "codes", "why"),
    [
        ({"code": "contract"}, ["x"], "Another stage has the code contract"),
        ({"order": 2}, ["x"], "Another stage has the place 2"),
        ({}, ["keys"], "Another milestone has the code keys"),
        ({}, ["x", "x"], "Another milestone has the code x"),
    ],
)
def test_what_would_be_ambiguous_is_refused(draft, changes, codes, why):
    stage = StageTemplate(template=draft, **({"code": "garden", "order": 9, "name_en": "Garden"} | changes))
    with pytest.raises(JourneyError, match=why):
        versions.save_stage(stage, [a_step(code) for code in codes], by=None)


def test_what_is_in_force_or_was_is_never_written(first, draft):
    stage = first.stages.first()
    for change in (lambda: versions.save_stage(stage, [], by=None), lambda: versions.remove_stage(stage, by=None)):
        with pytest.raises(JourneyError, match="no draft any more"):
            change()
    versions.put_in_force(draft, by=None)
    with pytest.raises(JourneyError, match="no draft any more"):
        versions.save_stage(draft.stages.first(), [], by=None)


def test_a_stage_is_taken_out_of_a_draft(first, draft):
    versions.remove_stage(draft.stages.get(code="years-on"), by=None)
    assert (draft.stages.count(), first.stages.count()) == (7, 8)


# --- in force ----------------------------------------------------------------------------------------------


def test_put_in_force_it_replaces_the_other_and_new_journeys_start_with_it(first, draft):
    old = on_the_way(first)
    versions.put_in_force(draft, by=UserFactory())
    first.refresh_from_db()
    old.refresh_from_db()
    assert (first.state, old.template) == (State.RETIRED, first)
    assert on_the_way(JourneyTemplate.objects.in_force().get(kind="new_home")).template == draft
    assert Event.objects.filter(verb="put in force", subject_id=str(draft.pk)).count() == 1


def test_a_journey_starts_neither_with_a_draft_nor_with_what_was_replaced(first, draft):
    with pytest.raises(JourneyError, match="version that is in force"):
        on_the_way(draft)
    versions.put_in_force(draft, by=None)
    with pytest.raises(JourneyError, match="version that is in force"):
        on_the_way(first)


def test_two_versions_in_force_are_impossible(first, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        JourneyTemplate.objects.filter(pk=draft.pk).update(state=State.IN_FORCE)


def test_put_in_force_twice_is_refused(draft):
    versions.put_in_force(draft, by=None)
    with pytest.raises(JourneyError, match="no draft any more"):
        versions.put_in_force(draft, by=None)


def test_a_stage_in_the_order_needs_a_milestone(draft):
    without(draft, "risks-disclosed")
    with pytest.raises(JourneyError, match="“Welcome” needs a milestone"):
        versions.put_in_force(draft, by=None)


def test_a_version_without_stages_in_order_is_refused(draft):
    draft.stages.exclude(order=None).delete()
    with pytest.raises(JourneyError, match="at least one stage"):
        versions.put_in_force(draft, by=None)


# --- removed -----------------------------------------------------------------------------------------------


def test_a_version_that_homes_follow_is_not_removed(first, draft):
    on_the_way(first)
    versions.put_in_force(draft, by=None)
    with pytest.raises(JourneyError, match="1 home follows this version"):
        versions.remove_version(first, by=None)
    assert JourneyTemplate.objects.filter(pk=first.pk).exists()
    assert not Event.objects.filter(verb="removed").exists()


def test_the_version_in_force_is_not_removed(first):
    with pytest.raises(JourneyError, match="is in force"):
        versions.remove_version(first, by=None)


def test_a_draft_and_a_replaced_version_without_homes_are_removed_once(first, draft):
    versions.put_in_force(draft, by=None)
    third = versions.draft_version(draft, by=None)
    for template in (first, third, third):
        versions.remove_version(template, by=None)
    assert list(JourneyTemplate.objects.filter(kind="new_home")) == [draft]


# --- homes move --------------------------------------------------------------------------------------------


def test_dates_changes_and_evidence_stay_when_a_home_moves(draft):
    step = windows(BuildingFactory())
    moved([step], UserFactory())
    claim = claimed([step], UserFactory())
    with_one_more(draft)
    without(draft, "finishing")
    versions.put_in_force(draft, by=None)
    journey = step.journey
    by = UserFactory()
    assert move_journeys([journey], template=draft, by=by) == 1
    before = (step.planned, step.pk)
    journey.refresh_from_db()
    step = journey.milestones.get(template__code="windows")
    assert (journey.template, (step.planned, step.pk), step.template.stage.template) == (draft, before, draft)
    assert (step.changes.count(), claim.evidence.count()) == (2, 1)
    added = journey.milestones.get(template__code="roof-garden")
    assert (added.planned, added.state) == (None, Milestone.State.PLANNED)
    assert not journey.milestones.filter(template__code="finishing").exists()
    assert journey.milestones.exclude(template__stage__template=draft).count() == 0
    event = Event.objects.get(verb="moved to another version")
    assert (event.home_id, event.actor) == (journey.home_id, by)


@pytest.mark.parametrize("known", ["a date", "a claim that waits"])
def test_a_milestone_of_which_something_is_known_refuses_the_move_of_all(draft, known):
    building = BuildingFactory()
    step = windows(building, planned=TODAY + timedelta(days=9) if known == "a date" else None)
    other = windows(building, planned=None)
    if known == "a claim that waits":
        claimed([step], UserFactory())
    without(draft, "windows")
    versions.put_in_force(draft, by=None)
    with pytest.raises(JourneyError, match="lacks what is dated already: Windows in your home"):
        move_journeys([step.journey, other.journey], template=draft, by=None)
    other.journey.refresh_from_db()
    assert (other.journey.template.version, other.journey.milestones.filter(pk=other.pk).exists()) == (1, True)
    assert move_journeys([other.journey], template=draft, by=None) == 1


def test_the_plan_of_a_move_changes_nothing_and_asks_twice_whatever_the_number(draft, django_assert_num_queries):
    with_one_more(draft)
    journeys = [windows(BuildingFactory()).journey for _each in range(3)]
    with django_assert_num_queries(2):
        plans = plan_moves(journeys, draft)
    assert [(len(plan.kept), len(plan.added), len(plan.dropped)) for plan in plans] == [(14, 1, 0)] * 3
    assert not Milestone.objects.filter(template__code="roof-garden").exists()


def test_moved_twice_a_home_is_moved_once(first, draft):
    journey = on_the_way(first)
    versions.put_in_force(draft, by=None)
    assert [move_journeys([journey], template=draft, by=None) for _twice in range(2)] == [1, 0]


def test_homes_move_only_to_the_version_in_force_of_their_own_kind(first, draft):
    journey = on_the_way(first)
    with pytest.raises(JourneyError, match="come into force meanwhile"):
        move_journeys([journey], template=draft, by=None)
    repair = JourneyTemplate.objects.get(kind="repair")
    with pytest.raises(JourneyError, match="another kind of work"):
        move_journeys([journey], template=repair, by=None)


def test_a_step_reached_before_the_move_stays_reached(first, draft):
    journey = on_the_way(first)
    step = journey.milestones.first()
    date_milestone(step, planned=None, forecast=None, actual=TODAY, by=None, today=TODAY)
    versions.put_in_force(draft, by=None)
    move_journeys([journey], template=draft, by=None)
    step.refresh_from_db()
    assert (step.state, step.actual) == (Milestone.State.REACHED, TODAY)
