"""The page of an open day: what it shows comes from the app that knows the open day."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction

from accounts.languages import LocalizedText
from cms import open_days
from cms.found import generations

from . import factories

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 12, 5, 1, tzinfo=UTC)  # in Shanghai
NOVEMBER = datetime(2026, 11, 23, tzinfo=UTC)


def facts(**values):
    slots = (
        open_days.Slot(NINE, NINE + timedelta(minutes=75), capacity=18, left=7),
        open_days.Slot(NINE + timedelta(hours=6), NINE + timedelta(hours=7), 18, 18, True, "The crane comes down."),
    )
    known = {
        "title": "Stand at your own window",
        "time_zone": "Asia/Shanghai",
        "slots": slots,
        "meeting_point": LocalizedText({"en": "North gate", "zh": ""}),
        "rules": (open_days.Rule("helmet", "Helmet and vest stay on."),),
        "opens_at": datetime(2026, 11, 20, tzinfo=UTC),
        "closes_at": NINE - timedelta(days=1),
        "url": "/my/open-days/7/",
    }
    return open_days.Facts(**known | values)


@pytest.fixture
def tell(monkeypatch):
    """Makes the registry know `facts` of the page given."""
    monkeypatch.setattr(open_days, "_facts_sources", {})

    def make(page, **values):
        known = facts(**values)
        monkeypatch.setattr(open_days, "_facts_sources", {"here": lambda asked, *, at: known})
        return known

    return make


def read(client, page, at=NOVEMBER):
    with time_machine.travel(at, tick=False):
        answer = client.get(page.url)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()), answer


def test_times_places_and_rules_stand_there_in_the_developments_zone(client, tell):
    page = factories.open_day()
    tell(page)
    words, answer = read(client, page)
    assert "09:00" in words
    assert "7 of 18 places left" in words
    assert "Cancelled The crane comes down." in words
    assert "Helmet and vest stay on." in words
    assert 'href="/my/open-days/7/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("known", "at"),
    [
        ({"is_cancelled": True}, NOVEMBER),
        ({"is_over": True}, NOVEMBER),
        ({}, NINE - timedelta(days=1)),
        ({}, datetime(2026, 11, 19, tzinfo=UTC)),
    ],
    ids=["cancelled", "over", "closed", "not open yet"],
)
def test_nobody_is_asked_to_book_what_takes_no_bookings(client, tell, known, at):
    page = factories.open_day()
    tell(page, **known)
    assert "/my/open-days/7/" not in read(client, page, at)[1].content.decode()


def event_of(answer):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode()).group(1)
    return next(thing for thing in json.loads(found)["@graph"] if thing["@type"] == "Event")


def test_search_engines_read_an_event_with_its_places(client, tell):
    page = factories.open_day()
    tell(page)
    event = event_of(read(client, page)[1])
    assert (event["startDate"], event["endDate"]) == ("2026-12-05T09:00:00+08:00", "2026-12-05T10:15:00+08:00")
    assert (event["remainingAttendeeCapacity"], event["maximumAttendeeCapacity"]) == (7, 18)
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    tell(page, is_cancelled=True)
    assert event_of(read(client, page)[1])["eventStatus"] == "https://schema.org/EventCancelled"


def test_whoever_changes_an_open_day_empties_the_caches_once_it_is_written(django_capture_on_commit_callbacks):
    before = generations.current()
    with django_capture_on_commit_callbacks() as waiting, transaction.atomic():
        open_days.changed()
        open_days.changed()
        assert cache.get(generations.KEY) == before
    assert len(waiting) == 1
    waiting[0]()
    assert generations.current() != before
