"""Each update promises the next one; silence is noticed, reported and admitted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.notices.models import Notice
from progress.calendar.models import CalendarOverride
from progress.journeys.actions import date_milestone, start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Assignment
from progress.promises.models import Promise
from progress.promises.sweep import sweep
from progress.updates import actions
from progress.updates.silence import next_news
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    BuildingFactory,
    HomeFactory,
    OwnershipFactory,
    UpdateFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
State = Promise.State
DUE = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)  # Monday, 18:00 in Shanghai: the 6th is a Sunday


@pytest.fixture
def building():
    return BuildingFactory()


def being_built(building, stage="construction"):
    """A home in the midst of its construction, or already lived in."""
    home = HomeFactory(building=building)
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    journey = start_journey(home=home, template=template, started=TODAY - timedelta(days=200), by=None)
    done = ["risks-disclosed", "contract-signed", "service-introduced"]
    if stage != "construction":
        done = journey.milestones.exclude(template__code="one-year-check").values_list("template__code", flat=True)
    for step in journey.milestones.filter(template__code__in=list(done)):
        date_milestone(step, planned=None, forecast=None, actual=TODAY - timedelta(days=90), by=None, today=TODAY)
    return home


def posted(*places, at=NOW, by=None):
    update = UpdateFactory(development=getattr(places[0], "development", places[0]))
    update.audience.all().delete()
    for place in places:
        update.audience.create(**{place._meta.model_name: place})
    return actions.publish_update(update, by=by or UserFactory(), at=at)


def promises():
    return list(Promise.objects.filter(kind="next-update").order_by("made_at", "pk").values_list("state", "due_at"))


def test_an_update_promises_the_next_one_by_working_days(building):
    being_built(building)
    posted(building)
    assert promises() == [(State.DUE, DUE)]


def test_the_next_update_keeps_it_and_promises_anew(building):
    being_built(building)
    posted(building)
    posted(building, at=NOW + timedelta(days=7))
    assert [state for state, _due in promises()] == [State.KEPT, State.DUE]


def test_late_news_are_kept_late(building):
    being_built(building)
    posted(building)
    posted(building, at=DUE + timedelta(days=1))
    assert [state for state, _due in promises()] == [State.LATE, State.DUE]


def test_news_to_one_home_do_not_keep_what_its_neighbours_were_promised(building):
    home, _neighbour = being_built(building), being_built(building)
    posted(building)
    posted(home, at=NOW + timedelta(days=1))
    assert [state for state, _due in promises()] == [State.DUE, State.DUE]
    posted(building, at=NOW + timedelta(days=2))
    assert [state for state, _due in promises()] == [State.KEPT, State.KEPT, State.DUE]


def test_news_to_each_building_keep_what_the_whole_development_was_promised(building):
    other = BuildingFactory(development=building.development)
    being_built(building), being_built(other)
    posted(building.development)
    posted(building, at=NOW + timedelta(days=1))
    assert promises()[0][0] == State.DUE
    posted(other, at=NOW + timedelta(days=2))
    assert promises()[0][0] == State.KEPT


def test_where_people_live_already_nothing_is_promised(building):
    being_built(building, stage="lived in")
    posted(building)
    assert promises() == []


def test_corrections_and_announcements_neither_keep_nor_promise(building):
    being_built(building)
    update = posted(building)
    texts = {"title_en": "Floor 9", "body_en": "It was floor 9."}
    actions.correct_update(
        update,
        correction_id="11111111-1111-4111-8111-111111111111",
        texts=texts,
        by=UserFactory(),
        at=NOW + timedelta(hours=1),
    )
    assert [state for state, _due in promises()] == [State.DUE]


def test_silence_goes_to_the_manager_and_then_to_the_supervisor(building):
    being_built(building)
    manager, supervisor = (
        AssignmentFactory(role=role, development=building.development).user
        for role in (Assignment.Role.SITE_MANAGER, Assignment.Role.SUPERVISOR)
    )
    posted(building)

    def told():
        inbox = Notice.objects.filter(kind="promise", channel="inbox").order_by("created_at", "key")
        return [(notice.key.split(":")[2], notice.user) for notice in inbox]

    sweep(at=DUE - timedelta(days=3))  # Friday evening: two working days before is Thursday
    assert told() == [("0-two-days-before", manager)]
    sweep(at=DUE)
    assert told()[1:] == [("0-due", manager)]
    sweep(at=DUE + timedelta(days=3))
    assert set(told()[2:]) == {("0-three-days-late", manager), ("0-three-days-late", supervisor)}


def test_once_the_homes_are_handed_over_the_promise_no_longer_applies(building):
    home = being_built(building)
    posted(building)
    for step in home.journeys.get().milestones.exclude(template__code="one-year-check"):
        date_milestone(step, planned=None, forecast=None, actual=TODAY, by=None, today=TODAY)
    sweep(at=DUE)
    assert [state for state, _due in promises()] == [State.VOID]


def test_a_calendar_without_a_working_day_stops_no_news(building):
    being_built(building)
    day = NOW.date()
    CalendarOverride.objects.bulk_create(
        CalendarOverride(calendar="CN", date=day + timedelta(days=each), working=False) for each in range(450)
    )
    posted(building)
    assert promises() == [(State.DUE, NOW + timedelta(days=14))]


def test_the_owner_reads_when_the_next_news_come_and_that_they_did_not(client, building):
    tie = OwnershipFactory(home=being_built(building))
    posted(building)
    client.force_login(tie.owner.user)
    url = reverse("home:home", args=[tie.home.pk])
    with time_machine.travel(NOW):
        assert "You hear from us again by 7 December 2026." in client.get(url).content.decode()
    sweep(at=DUE)
    with time_machine.travel(DUE):
        page = client.get(url).content.decode()
    assert "We had promised news by 7 December 2026 and have not kept it." in page
    promises = client.get(reverse("home:promises", args=[tie.home.pk])).context["open"]
    assert [promise.kind for promise in promises] == ["next-update"]


def test_next_news_is_of_the_newest_update_in_two_queries(building, django_assert_num_queries):
    home = being_built(building)
    posted(building)
    newest = posted(building, at=NOW + timedelta(days=3))
    with django_assert_num_queries(2):
        assert next_news(home).subject_id == str(newest.pk)
    assert next_news(HomeFactory(building=building)) is None
