"""What may be said of milestones: every date explained, every claim with evidence and a second pair of eyes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.journeys import changing
from progress.journeys.actions import JourneyError, date_milestone, start_journey
from progress.journeys.evidence import Proof
from progress.journeys.locking import ChangedMeanwhileError
from progress.journeys.models import JourneyTemplate, Milestone, MilestoneChange
from progress.models import Role
from tests.factories import (
    NOW,
    TINY_JPEG,
    TODAY,
    BuildingFactory,
    HomeDocumentFactory,
    HomeFactory,
    OwnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
BEGAN = TODAY - timedelta(days=100)
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def building():
    return BuildingFactory()


@pytest.fixture
def manager():
    return UserFactory()


@pytest.fixture
def approver():
    return UserFactory()


def windows(building, planned=LATER):
    """The milestone "windows" of a new home in the building, dated."""
    home = HomeFactory(building=building)
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    journey = start_journey(home=home, template=template, started=BEGAN, by=None)
    step = journey.milestones.get(template__code="windows")
    return date_milestone(step, planned=planned, forecast=None, actual=None, by=None, today=TODAY)


def photo(taken_on=TODAY):
    return Proof(SimpleUploadedFile("windows.jpg", TINY_JPEG, "image/jpeg"), taken_on, caption_en="South side")


def moved(milestones, by, **kwargs):
    given = {"to": LATER + timedelta(days=9), "reason_en": "Cracked panes", "reason_zh": "玻璃裂了"} | kwargs
    return changing.change_forecast(milestones, by=by, today=TODAY, at=NOW, **given)


def claimed(milestones, by, **kwargs):
    given = {"on": TODAY, "evidence": [photo()]} | kwargs
    return changing.claim_reached(milestones, by=by, today=TODAY, at=NOW, **given)


def reached(milestones, by, approver):
    return changing.approve_change(claimed(milestones, by), by=approver, at=NOW)


def told(kind="milestones-changed"):
    return {notice.owner or notice.user for notice in Notice.objects.filter(kind=kind, channel="inbox")}


# --- forecasts ---------------------------------------------------------------------------------------------


def test_a_new_forecast_keeps_the_old_date_and_says_why(building, manager):
    step = windows(building)
    change = moved([step], manager)
    step.refresh_from_db()
    line = change.lines.get()
    assert (step.planned, step.forecast, step.state) == (LATER, LATER + timedelta(days=9), Milestone.State.PLANNED)
    assert (line.from_date, line.to_date, line.days) == (LATER, LATER + timedelta(days=9), 9)
    assert (change.reason_zh, change.by, change.state) == ("玻璃裂了", manager, MilestoneChange.State.MADE)


def test_those_who_follow_the_home_are_told_once_whatever_the_number_of_homes(building, manager):
    one, two = windows(building), windows(building)
    owner = OwnershipFactory(home=one.journey.home).owner
    OwnershipFactory(home=two.journey.home, owner=owner)
    family = OwnershipFactory(home=one.journey.home, role=Role.FAMILY).owner
    OwnershipFactory(home=one.journey.home, role=Role.TENANT)
    OwnershipFactory(home=one.journey.home, former=True)
    OwnershipFactory()
    moved([one, two], manager)
    assert told() == {owner, family}
    assert Notice.objects.filter(owner=owner, kind="milestones-changed", channel="inbox").count() == 1


def test_many_are_moved_by_as_many_days(building, manager):
    early, late = windows(building), windows(building, planned=LATER + timedelta(days=5))
    change = moved([early, late], manager, to=None, later_by=7)
    assert {(line.milestone_id, line.days) for line in change.lines.all()} == {(early.pk, 7), (late.pk, 7)}


def test_a_forecast_that_changes_nothing_is_no_change(building, manager):
    assert moved([windows(building)], manager, to=LATER) is None
    assert not MilestoneChange.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"to": TODAY - timedelta(days=1)}, "day to come"),
        ({"to": BEGAN - timedelta(days=1)}, "nothing is expected before"),
        ({"reason_en": "", "reason_zh": " "}, "Please say why"),
        ({"to": None, "later_by": -400}, "nothing is expected before"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused(building, manager, given, why):
    step = windows(building)
    with pytest.raises(JourneyError, match=why):
        moved([step], manager, **given)
    step.refresh_from_db()
    assert (step.expected, MilestoneChange.objects.count()) == (LATER, 0)


def test_what_has_no_date_cannot_be_moved_by_days(building, manager):
    with pytest.raises(JourneyError, match="no date yet"):
        moved([windows(building, planned=None)], manager, to=None, later_by=7)


def test_one_that_is_reached_is_not_moved_and_nor_are_the_others(building, manager, approver):
    done, other = windows(building), windows(building)
    reached([done], manager, approver)
    with pytest.raises(JourneyError, match="reached already"):
        moved([done, other], manager)
    other.refresh_from_db()
    assert other.forecast is None


def test_milestones_of_two_developments_are_not_changed_together(building, manager):
    with pytest.raises(JourneyError, match="one development"):
        moved([windows(building), windows(BuildingFactory())], manager)


def test_whoever_comes_second_is_told_and_overwrites_nothing(building, manager):
    step = windows(building)
    seen = {step.pk: step.row_version}
    moved([step], manager, versions=seen)
    with pytest.raises(ChangedMeanwhileError) as error:
        moved([step], manager, to=LATER + timedelta(days=30), versions=seen)
    step.refresh_from_db()
    assert (error.value.milestones, step.forecast) == ([step], LATER + timedelta(days=9))


# --- reached -----------------------------------------------------------------------------------------------


def test_reached_counts_once_somebody_else_has_approved(building, manager, approver):
    step = windows(building)
    owner = OwnershipFactory(home=step.journey.home).owner
    change = claimed([step], manager)
    step.refresh_from_db()
    assert (step.state, change.state, told()) == (Milestone.State.PLANNED, MilestoneChange.State.WAITING, set())
    changing.approve_change(change, by=approver, at=NOW)
    step.refresh_from_db()
    assert (step.state, step.actual, told()) == (Milestone.State.REACHED, TODAY, {owner})
    assert list(
        Event.objects.filter(subject_kind="journeys.milestonechange").order_by("id").values_list("verb", "actor")
    ) == [
        ("claimed", manager.pk),
        ("made known", approver.pk),
    ]


def test_nobody_approves_their_own_report(building, manager):
    change = claimed([windows(building)], manager)
    with pytest.raises(JourneyError, match="Somebody else approves"):
        changing.approve_change(change, by=manager, at=NOW)


def test_in_a_small_firm_one_person_is_enough(building, manager, settings):
    settings.MILESTONE_APPROVAL = False
    step = windows(building)
    change = claimed([step], manager)
    step.refresh_from_db()
    assert (step.state, change.state, change.approver) == (Milestone.State.REACHED, MilestoneChange.State.MADE, manager)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"evidence": []}, "photo or document"),
        ({"on": TODAY + timedelta(days=1)}, "not before"),
        ({"on": BEGAN - timedelta(days=1)}, "nothing was reached before"),
        ({"evidence": [photo(TODAY + timedelta(days=1))]}, "day to come"),
        ({"evidence": [photo(BEGAN - timedelta(days=1))]}, "older than the stage"),
    ],
)
def test_a_claim_without_good_evidence_is_refused(building, manager, given, why):
    with pytest.raises(JourneyError, match=why):
        claimed([windows(building)], manager, **given)
    assert not MilestoneChange.objects.exists()


def test_evidence_from_before_the_earlier_stage_was_done_is_too_old(building, manager):
    step = windows(building)
    contract = step.journey.milestones.get(template__code="contract-signed")
    signed = TODAY - timedelta(days=20)
    date_milestone(contract, planned=None, forecast=None, actual=signed, by=None, today=TODAY)
    with pytest.raises(JourneyError, match="older than the stage"):
        claimed([step], manager, evidence=[photo(signed - timedelta(days=1))])
    assert claimed([step], manager, evidence=[photo(signed)]).evidence.count() == 1


@pytest.mark.parametrize("case", ["of another home", "for owners only", "withdrawn"])
def test_a_document_that_not_all_who_follow_the_home_may_see_is_no_evidence(building, manager, case):
    step = windows(building)
    fields = {
        "of another home": {},
        "for owners only": {"home": step.journey.home, "min_role": "owner"},
        "withdrawn": {"home": step.journey.home, "withdrawn_at": NOW, "withdrawn_reason": "x"},
    }
    document = HomeDocumentFactory(**fields[case])
    with pytest.raises(JourneyError, match="its own home only"):
        claimed([step], manager, evidence=[Proof(None, TODAY, document=document)])


def test_what_waits_is_not_claimed_again(building, manager, approver):
    step = windows(building)
    claimed([step], manager)
    with pytest.raises(JourneyError, match="waits for approval already"):
        claimed([step], approver)


def test_approving_twice_or_after_declining_says_what_was_decided(building, manager, approver):
    change = reached([windows(building)], manager, approver)
    with pytest.raises(JourneyError, match="decided already: made known"):
        changing.approve_change(change, by=approver, at=NOW)
    with pytest.raises(JourneyError, match="decided already"):
        changing.decline_change(change, reason="Too early", by=approver, at=NOW)


def test_a_declined_report_changes_nothing_and_its_author_hears_why(building, manager, approver):
    step = windows(building)
    change = changing.decline_change(claimed([step], manager), reason="Two panes are missing", by=approver, at=NOW)
    step.refresh_from_db()
    assert (step.state, change.state) == (Milestone.State.PLANNED, MilestoneChange.State.DECLINED)
    assert told("milestone-declined") == {manager}
    assert claimed([step], manager).state == MilestoneChange.State.WAITING


# --- withdrawn ---------------------------------------------------------------------------------------------


def test_a_mistake_is_withdrawn_in_public_and_its_evidence_stays(building, manager, approver):
    step = windows(building)
    owner = OwnershipFactory(home=step.journey.home).owner
    claim = reached([step], manager, approver)
    change = changing.withdraw_reached(
        [step], reason_en="Floor 11 was meant", forecast=LATER, by=manager, today=TODAY, at=NOW
    )
    step.refresh_from_db()
    assert (step.state, step.actual, step.forecast) == (Milestone.State.WITHDRAWN, None, LATER)
    assert (change.lines.get().from_date, claim.evidence.count()) == (TODAY, 1)
    assert Notice.objects.filter(owner=owner, channel="inbox", kind="milestones-changed").count() == 2


def test_only_what_is_reached_is_withdrawn_and_only_with_a_reason(building, manager, approver):
    step = windows(building)
    with pytest.raises(JourneyError, match="nothing to withdraw"):
        changing.withdraw_reached([step], reason_en="x", by=manager, today=TODAY, at=NOW)
    reached([step], manager, approver)
    with pytest.raises(JourneyError, match="Please say why"):
        changing.withdraw_reached([step], by=manager, today=TODAY, at=NOW)


def test_what_was_withdrawn_is_reached_again_with_new_evidence(building, manager, approver):
    step = windows(building)
    reached([step], manager, approver)
    changing.withdraw_reached([step], reason_en="Floor 11 was meant", by=manager, today=TODAY, at=NOW)
    reached([step], manager, approver)
    step.refresh_from_db()
    assert (step.state, step.actual) == (Milestone.State.REACHED, TODAY)


# --- who sees it -------------------------------------------------------------------------------------------


def test_owners_see_what_was_made_known_of_their_homes(building, manager, approver):
    step, other = windows(building), windows(building)
    tie = OwnershipFactory(home=step.journey.home)
    known = moved([step], manager)
    claimed([step], manager)
    moved([other], manager)
    tenant = OwnershipFactory(home=step.journey.home, role=Role.TENANT)
    assert list(MilestoneChange.objects.for_user(tie.owner.user)) == [known]
    assert not MilestoneChange.objects.for_user(tenant.owner.user).exists()


@pytest.mark.parametrize("broken", [{"reason_en": "", "reason_zh": ""}, {"state": "waiting"}, {"state": "declined"}])
def test_impossible_changes_are_refused_by_the_database(building, manager, broken):
    change = moved([windows(building)], manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        MilestoneChange.objects.filter(pk=change.pk).update(**broken)


@pytest.mark.parametrize("number", [1, 30])
def test_moving_thirty_asks_the_database_as_often_as_moving_one(
    building, manager, number, django_assert_max_num_queries
):
    steps = [windows(building) for _each in range(number)]
    with django_assert_max_num_queries(16):
        moved(steps, manager)
