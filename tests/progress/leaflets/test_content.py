"""What a leaflet says, and what it leaves to each home alone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from progress.journeys import changing
from progress.journeys.actions import date_milestone
from progress.leaflets.content import content_of, month_of, said_since
from progress.updates.models import UpdatePhoto
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    DevelopmentFactory,
    HomeFactory,
    PrivateFileFactory,
    UpdateFactory,
)
from tests.progress.test_milestones import LATER, claimed, moved, reached, windows

from .conftest import post

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def test_what_was_reached_in_the_month_stands_once_for_all_its_homes(building, steps, people):
    reached(steps[:2], people.one, people.other)
    (step,) = content_of(building, NOVEMBER).reached
    assert (str(step.name), step.building, step.first, step.last) == ("Windows in your home", building, TODAY, TODAY)
    assert (step.homes, step.of, step.is_partly) == (2, 3, True)


def test_what_nobody_has_approved_is_not_reached(building, steps, people):
    claimed(steps, people.one)
    content = content_of(building, NOVEMBER)
    assert (content.reached, content.has_news) == ([], False)


def test_what_was_withdrawn_is_not_reached_but_said(building, steps, people):
    reached(steps, people.one, people.other)
    changing.withdraw_reached(
        steps, reason_en="Two panes were missing", forecast=date(2026, 12, 9), by=people.one, today=TODAY, at=NOW
    )
    content = content_of(building, NOVEMBER)
    assert content.reached == []
    (line,) = content.moved
    assert (line.is_withdrawn, line.old, line.new) == (True, (TODAY, TODAY), (date(2026, 12, 9), date(2026, 12, 9)))
    assert str(line.change.reason) == "Two panes were missing"


def test_what_was_reached_before_and_approved_in_the_month_is_not_lost(building, steps, people):
    change = claimed(steps, people.one, on=date(2026, 10, 30))
    assert content_of(building, date(2026, 10, 1)).reached == []
    changing.approve_change(change, by=people.other, at=NOW)
    assert [step.first for step in content_of(building, NOVEMBER).reached] == [date(2026, 10, 30)]


def test_what_is_expected_in_the_month_after_comes_next(building, steps):
    (step,) = content_of(building, NOVEMBER).coming
    assert (step.first, step.homes) == (date(2026, 12, 22), 3)
    assert content_of(building, DECEMBER).coming == []


def test_a_new_date_stands_with_the_old_one_and_the_reason(building, steps, people):
    moved(steps, people.one)
    (line,) = content_of(building, NOVEMBER).moved
    assert (line.old[0], line.new[1], line.by, line.is_later, line.homes) == (LATER, date(2026, 12, 31), 9, True, 3)
    assert str(line.change.reason) == "Cracked panes"


def test_homes_that_moved_from_other_days_share_their_line(building, steps, people):
    other = windows(building, planned=LATER + timedelta(days=4))
    changing.change_forecast(
        [*steps, other], later_by=-2, reason_en="An early delivery", by=people.one, today=TODAY, at=NOW
    )
    (line,) = content_of(building, NOVEMBER).moved
    assert (line.old, line.new) == (
        (LATER, LATER + timedelta(days=4)),
        (LATER - timedelta(days=2), LATER + timedelta(days=2)),
    )
    assert (line.by, line.is_later, line.homes) == (2, False, 4)


def test_homes_that_moved_by_other_days_say_no_number(building, steps, people):
    moved([*steps, windows(building, planned=LATER + timedelta(days=4))], people.one)
    (line,) = content_of(building, NOVEMBER).moved
    assert (line.by, line.least, line.most) == (None, 5, 9)


def test_what_concerns_one_home_alone_is_told_to_nobody_else(building, steps, people):
    moved(steps[:1], people.one, reason_en="The owners of 101 want another colour")
    reached(steps[1:2], people.one, people.other)
    content = content_of(building, NOVEMBER)
    assert (content.reached, content.moved) == ([], [])


def test_where_there_is_one_home_its_own_matters_are_told(people):
    building = BuildingFactory()
    moved([windows(building)], people.one)
    assert len(content_of(building, NOVEMBER).moved) == 1


def test_what_comes_before_the_works_is_each_owners_own(building, steps, people):
    contracts = [step.journey.milestones.get(template__code="contract-signed") for step in steps]
    for step in contracts:
        date_milestone(step, planned=TODAY, forecast=None, actual=TODAY, by=None, today=TODAY)
    assert content_of(building, NOVEMBER).reached == []


def test_a_development_tells_which_building_each_line_is_of(building, steps):
    other = BuildingFactory(development=building.development, name="Building 4")
    for _each in range(2):
        windows(other)
    content = content_of(building.development, NOVEMBER)
    assert {(step.building.name, step.homes) for step in content.coming} == {("Building 3", 3), ("Building 4", 2)}
    assert (content.names_buildings, content_of(building, NOVEMBER).names_buildings) == (True, False)


def test_the_other_building_is_not_told_of(building, steps, people):
    other = BuildingFactory(development=building.development)
    moved([windows(other), windows(other)], people.one)
    post(other)
    assert content_of(building, NOVEMBER).has_news is False


class TestTheMonth:
    def test_ends_with_midnight_at_the_place(self):
        month = month_of(DevelopmentFactory(time_zone="Asia/Shanghai"), date(2026, 12, 9))
        zone = ZoneInfo("Asia/Shanghai")
        assert (month.starts, month.ends) == (datetime(2026, 12, 1, tzinfo=zone), datetime(2027, 1, 1, tzinfo=zone))
        assert month.after_next == date(2027, 2, 1)

    def test_decides_to_which_leaflet_news_belongs(self, building):
        last_minute = datetime(2026, 11, 30, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
        ours, next_one = post(building, at=last_minute), post(building, at=last_minute + timedelta(minutes=1))
        assert content_of(building, NOVEMBER).news == [ours]
        assert content_of(building, DECEMBER).news == [next_one]


class TestNews:
    def test_is_what_was_written_for_all_of_the_place(self, building):
        home = HomeFactory(building=building)
        post(home, title="Your tiles")
        both = [post(building), post(building.development, at=NOW + timedelta(minutes=1))]
        UpdateFactory(development=building.development).audience.create(building=building)
        assert content_of(building, NOVEMBER).news == both

    def test_leaves_out_announcements(self, building):
        post(building, kind="announcement", valid_until=NOW)
        assert content_of(building, NOVEMBER).has_news is False


class TestPhotos:
    def test_the_best_of_each_comes_before_the_second_of_any(self, building):
        first = post(building, at=NOW - timedelta(days=9), title="First", photos=5)
        second = post(building, at=NOW, title="Second", photos=3)
        shots = content_of(building, NOVEMBER).shots
        assert [str(shot.caption) for shot in shots] == [
            *("First 0", "First 1", "First 2"),
            *("Second 0", "Second 1", "Second 2"),
        ]
        assert {shot.about for shot in shots} == {first, second}

    def test_one_without_words_has_the_title_of_its_update_and_comes_last(self, building):
        update = post(building, title="Windows", photos=1)
        UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=1)
        shots = content_of(building, NOVEMBER).shots
        assert [str(shot.caption) for shot in shots] == ["Windows 0", "Windows"]

    def test_the_same_picture_is_shown_once(self, building):
        update = post(building, photos=1)
        again = post(building, at=NOW + timedelta(minutes=1))
        UpdatePhoto.objects.create(update=again, file=update.photos.get().file, order=0)
        assert len(content_of(building, NOVEMBER).shots) == 1

    def test_of_what_was_corrected_none_is_shown(self, building):
        wrong = post(building, photos=2)
        post(building, kind="correction", corrects=wrong)
        content = content_of(building, NOVEMBER)
        assert (content.shots, len(content.news)) == ([], 2)


def test_the_number_of_homes_costs_no_query(building, steps, people):
    moved(steps, people.one)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            content_of(building, NOVEMBER)
        return len(captured)

    few = queries()
    more = [windows(building) for _each in range(4)]
    moved(more, people.one)
    assert queries() == few


def test_what_is_said_later_is_noticed(building, steps, people):
    post(building)
    assert said_since(building, NOW) is False
    moved(steps, people.one, to=date(2027, 1, 20))
    assert said_since(building, NOW - timedelta(seconds=1)) is True
    assert said_since(BuildingFactory(), NOW - timedelta(seconds=1)) is False
