"""Two people at one template at once: one draft, one version in force, each home moved once, nothing half moved."""

from time import sleep
from unittest.mock import patch

import pytest

from progress.journeys import changing, moving, versions
from progress.journeys.actions import JourneyError, start_journey
from progress.journeys.models import Journey, JourneyTemplate, Kind, MilestoneTemplate, StageTemplate
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, TODAY, HomeFactory, UserFactory
from tests.progress.test_milestones import photo


@pytest.fixture
def template(transactional_db):
    """The only one, in force, with two milestones."""
    JourneyTemplate.objects.all().delete()
    template = JourneyTemplate.objects.create(kind=Kind.REPAIR, version=1, state="in_force")
    stage = StageTemplate.objects.create(template=template, code="works", order=1, name_en="Works", name_zh="维修")
    for order, code in enumerate(["started", "finished"], start=1):
        MilestoneTemplate.objects.create(stage=stage, code=code, order=order, name_en=code, name_zh=code)
    return template


@pytest.fixture
def journey(template):
    return start_journey(home=HomeFactory(), template=template, started=TODAY, by=None)


def test_drafted_by_four_at_once_there_is_one_draft(template):
    outcomes = all_at_once(lambda _number: versions.draft_version(template, by=None).version, range(4))
    assert (outcomes.returned, outcomes.raised) == ([2], [JourneyError] * 3)


def test_put_in_force_by_two_at_once_it_comes_into_force_once(template):
    draft = versions.draft_version(template, by=None)
    outcomes = all_at_once(lambda _number: versions.put_in_force(draft, by=None), range(2))
    assert (len(outcomes.returned), outcomes.raised) == (1, [JourneyError])
    assert sorted(JourneyTemplate.objects.values_list("version", "state")) == [(1, "retired"), (2, "in_force")]


@pytest.fixture
def shorter(template):
    """In force without the second milestone."""
    draft = versions.draft_version(template, by=None)
    stage = draft.stages.get()
    versions.save_stage(stage, [{"code": "started", "name_en": "started", "name_zh": "started"}], by=None)
    return versions.put_in_force(draft, by=None)


@pytest.fixture
def slowly():
    """Between the look at what is in the way and the move there is time for others."""
    move = moving._move

    def wait(*args):
        sleep(0.3)
        return move(*args)

    with patch.object(moving, "_move", wait):
        yield


def test_moved_by_two_at_once_a_home_moves_once(journey, shorter, slowly):
    outcomes = all_at_once(lambda _number: moving.move_journeys([journey], template=shorter, by=None), range(2))
    assert (sorted(outcomes.returned), outcomes.raised) == ([0, 1], [])


def move_and_report(journey, shorter):
    """One moves the home to a version without the milestone that the other reports as reached."""
    step, by = journey.milestones.get(template__code="finished"), UserFactory()
    report = {"on": TODAY, "evidence": [photo()], "by": by, "today": TODAY, "at": NOW}
    acts = [
        lambda: moving.move_journeys([journey], template=shorter, by=None),
        lambda: sleep(0.1) or changing.claim_reached([step], **report),
    ]
    return all_at_once(lambda act: act(), acts)


def test_what_is_reported_while_its_home_moves_is_refused_and_the_move_is_whole(journey, shorter, slowly):
    outcomes = move_and_report(journey, shorter)
    assert (outcomes.returned, outcomes.raised) == ([1], [JourneyError])
    journey = Journey.objects.get()
    assert (journey.template, journey.milestones.count()) == (shorter, 1)


@pytest.mark.postgresql
def test_without_locks_the_two_collide(journey, shorter, slowly):
    with without_locks():
        outcomes = move_and_report(journey, shorter)
    assert outcomes.raised != [JourneyError]
