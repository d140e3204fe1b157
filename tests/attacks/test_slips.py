"""Forms filled in by hand or by mistake: no answer is an error of ours, and no slip spreads to what others see."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from progress.journeys.actions import JourneyError, date_milestone
from progress.journeys.planning import plan_milestones
from tests.factories import (
    NOW,
    TODAY,
    AnswerFactory,
    BuildingFactory,
    DesignChangeFactory,
    FeedFactory,
    OwnershipFactory,
    StaffFactory,
    UpdateFactory,
)
from tests.progress.test_milestones import windows

pytestmark = pytest.mark.django_db
NEVER = date(9999, 12, 31)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def step():
    return windows(BuildingFactory())


@pytest.fixture
def forecast(client, step):
    """Say that a day has moved, as a site manager does."""
    client.force_login(StaffFactory(group="Site managers", development=step.journey.home.development))
    url = reverse("site:milestones", args=["forecast"])

    def post(**given):
        seen = json.dumps({str(step.pk): step.row_version})
        data = {"seen": seen, "reason_en": "The glass is late."} | given
        return client.post(f"{url}?journey={step.journey_id}&step=windows", data)

    return post


@pytest.fixture
def calendar(client, step):
    """What the calendar of the home's owner is told."""
    feed = FeedFactory(owner=OwnershipFactory(home=step.journey.home).owner)

    def fetched():
        response = client.get(feed.path)
        assert response.status_code == 200
        return response.content.decode()

    return fetched


@pytest.mark.parametrize("seen", ['{"x": Infinity}', '{"x": NaN}', "[" * 100_000, "null"])
def test_versions_that_are_none_are_asked_for_again(forecast, seen):
    form = forecast(seen=seen, later_by="3").context["form"]
    assert form.errors["seen"] == ["Please choose the homes again."]


@pytest.mark.parametrize("step_given", ["%00", "wind%00ows", "whole=1&step=%00"])
def test_a_step_that_no_database_can_look_for_is_none(client, forecast, step, step_given):
    url = reverse("site:milestones", args=["forecast"])
    response = client.get(f"{url}?journey={step.journey_id}&step={step_given}", follow=True)
    assert response.status_code == 200


def test_a_day_in_a_year_that_nobody_means_is_refused(forecast, step):
    assert "Please look at the year." in forecast(to=str(NEVER)).content.decode()
    step.refresh_from_db()
    assert step.expected.year == TODAY.year
    undated = windows(BuildingFactory(), planned=None)
    with pytest.raises(JourneyError):
        plan_milestones([undated], on=NEVER, by=None)


def test_a_day_that_an_import_brought_breaks_nobodys_calendar(calendar, step):
    other = windows(step.journey.home.building)
    date_milestone(step, planned=NEVER, forecast=None, actual=None, by=None, today=TODAY)
    date_milestone(other, planned=TODAY, forecast=None, actual=None, by=None, today=TODAY)
    assert "BEGIN:VEVENT" not in calendar()


def test_an_announcement_without_an_end_breaks_nobodys_calendar(calendar, step):
    home = step.journey.home
    ever = {"valid_from": NOW, "valid_until": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}
    told = {"kind": "announcement", "state": "published", "published_at": NOW}
    UpdateFactory(development=home.development, **told, **ever).homes.add(home)
    assert calendar().count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize("answer", ["", "objected"])
def test_the_page_of_a_change_asks_as_much_for_three_homes_as_for_one(client, answer):
    tie = OwnershipFactory()
    change = DesignChangeFactory(homes=[tie.home])
    client.force_login(tie.owner.user)

    def queries(homes):
        for home in homes:
            if answer:
                AnswerFactory(change=change, home=home, owner=tie.owner, answer=answer, comment="No.")
        client.get(reverse("home:design", args=[change.pk]))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("home:design", args=[change.pk]))
        return len(asked)

    one = queries([tie.home])
    more = [OwnershipFactory(owner=tie.owner, home__building=tie.home.building).home for _each in range(2)]
    change.homes.add(*more)
    assert queries(more) == one
