"""Which dates stand in somebody's calendar, in which words, and what must never stand there."""

from datetime import timedelta

import pytest

from progress.designs.answering import acknowledge
from progress.designs.models import DesignChange, DesignText
from progress.feeds import actions
from progress.feeds.models import Feed
from progress.feeds.sources import FeedDate, reader_of
from progress.journeys import changing
from progress.models import RightState, Role
from progress.promises.actions import keep_promise, move_promise, open_promise
from progress.updates.models import Update
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    DevelopmentFactory,
    FeedFactory,
    HomeFactory,
    OwnerFactory,
    OwnershipFactory,
    UpdateFactory,
    UserFactory,
)
from tests.progress.test_feeds import SOON, WINDOWS, promised, told
from tests.progress.test_milestones import LATER, moved, reached, windows

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(development__name_en="Willow Court", development__name_zh="柳院")


@pytest.fixture
def step(building):
    return windows(building)


@pytest.fixture
def feed(step):
    tie = OwnershipFactory(home=step.journey.home)
    return FeedFactory(owner=tie.owner)


# --- which dates -------------------------------------------------------------------------------------------


def test_a_planned_milestone_stands_on_its_day(feed):
    assert told(feed) == [(f"Planned: {WINDOWS}", LATER.isoformat(), 0, False)]


def test_a_date_that_has_moved_is_the_same_entry_with_a_higher_revision(feed, step):
    (before,) = actions.entries_of(feed, at=NOW)
    moved([step], UserFactory())
    (after,) = actions.entries_of(feed, at=SOON)
    day = (LATER + timedelta(days=9)).isoformat()
    assert (after.pk, after.sequence, after.changed_at) == (before.pk, 1, SOON)
    assert (after.content["title"], after.content["start"]) == (f"Forecast: {WINDOWS}", day)
    assert after.content["description"].startswith("Planned for 22 December 2026. ")


def test_the_reason_of_a_change_is_not_passed_on(feed, step):
    moved([step], UserFactory(), reason_en="Mrs Shen wanted other panes")
    assert "Shen" not in str(actions.entries_of(feed, at=NOW)[0].content)


def test_a_milestone_that_was_reached_stands_on_the_day_it_was(feed, step):
    told(feed)
    reached([step], UserFactory(), UserFactory())
    assert told(feed) == [(f"Reached: {WINDOWS}", TODAY.isoformat(), 1, False)]


def test_one_that_was_withdrawn_is_called_off_until_it_is_expected_anew(feed, step):
    reached([step], UserFactory(), UserFactory())
    told(feed)
    by = {"by": UserFactory(), "today": TODAY, "at": NOW, "reason_en": "Wrong floor"}
    changing.withdraw_reached([step], **by)
    assert told(feed) == [(f"Reached: {WINDOWS}", TODAY.isoformat(), 1, True)]
    changing.change_forecast([step], to=LATER + timedelta(days=1), **by)
    day = (LATER + timedelta(days=1)).isoformat()
    assert told(feed) == [(f"Forecast: {WINDOWS}", day, 2, False)]


def test_a_milestone_without_a_date_is_no_date(feed, step):
    assert step.journey.milestones.filter(planned=None).exists()
    assert len(told(feed)) == 1


def test_an_open_promise_stands_on_its_time_and_goes_when_it_is_kept(feed, step):
    home = step.journey.home
    promise = promised(home)
    promised(home, "of somebody else", owner=OwnerFactory())
    promised(home, "their own", days=9, owner=feed.owner)
    due_at = NOW + timedelta(days=3)
    title = "Promised to you: The next news from the site"
    assert told(feed)[0] == (title, due_at.isoformat(), 0, False)
    move_promise(promise, due_at=due_at + timedelta(days=1), reason_en="Ill", by=None, at=NOW)
    assert told(feed)[0] == (title, (due_at + timedelta(days=1)).isoformat(), 1, False)
    keep_promise(promise, by=None, at=NOW)
    assert told(feed)[0] == (title, (due_at + timedelta(days=1)).isoformat(), 2, True)
    assert [start for words, start, *_rest in told(feed)[1:] if words == title] == [
        (NOW + timedelta(days=9)).isoformat()
    ]


def test_the_news_after_the_newest_is_a_date_and_that_after_an_older_one_is_none(feed, step):
    home = step.journey.home
    older, newest = (UpdateFactory(development=home.development, homes=[home]) for _each in range(2))
    Update.objects.filter(pk=older.pk).update(published_at=NOW - timedelta(days=9))
    for update, days in ((older, 2), (newest, 5)):
        key, due_at = f"next-update:{update.pk}", NOW + timedelta(days=days)
        open_promise(key=key, kind="next-update", development=home.development, due_at=due_at, by=None, at=NOW)
    assert [start for _title, start, *_rest in told(feed)] == [(NOW + timedelta(days=5)).isoformat(), LATER.isoformat()]


def test_an_announcement_for_certain_hours_is_a_date_and_one_without_a_beginning_is_none(feed, step):
    home = step.journey.home
    for number, begins in enumerate([NOW + timedelta(days=1), None]):
        update = UpdateFactory(
            development=home.development,
            homes=[home],
            title_en=f"No water {number}",
            kind="announcement",
            valid_from=begins,
            valid_until=NOW + timedelta(days=2),
        )
    assert update.is_announcement
    assert told(feed)[0][:2] == ("No water 0", (NOW + timedelta(days=1)).isoformat())
    assert len(told(feed)) == 2


def asked(home, title="Balcony doors open outwards"):
    """A design change that was published for the home and waits for its answer."""
    texts = {"title_en": title, "what_en": "Doors", "why_en": "Wind", "means_en": "Room", "answer_by": LATER}
    change = DesignChange.objects.create(
        development=home.development, state="published", text_version=1, published_at=NOW, author=UserFactory(), **texts
    )
    DesignText.objects.create(change=change, version=1, by=change.author, at=NOW, **texts)
    change.homes.add(home)
    return change


def test_the_day_by_which_to_answer_a_design_change_stands_until_the_home_has_answered(feed, step):
    change = asked(step.journey.home)
    family = FeedFactory(owner=OwnershipFactory(home=step.journey.home, role=Role.FAMILY).owner)
    told(feed)
    title = "Please answer by this day: Balcony doors open outwards"
    assert (title, LATER.isoformat(), 0, False) in told(feed)
    assert len(told(family)) == 1
    acknowledge(change, home=step.journey.home, seen=1, by=feed.made_by, at=NOW)
    assert (title, LATER.isoformat(), 1, True) in told(feed)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 1),
        ({"role": Role.CO_OWNER}, 1),
        ({"role": Role.FAMILY}, 1),
        ({"role": Role.TENANT}, 0),
        ({"former": True}, 0),
        ({"state": RightState.PENDING}, 0),
    ],
)
def test_only_who_follows_the_progress_now_is_told(step, fields, count):
    tie = OwnershipFactory(home=step.journey.home, **fields)
    assert len(told(FeedFactory(owner=tie.owner))) == count


def test_the_dates_are_in_the_language_of_the_reader(feed):
    told(feed)
    type(feed.owner.user).objects.filter(pk=feed.owner.user.pk).update(language="zh-hans")
    feed = Feed.objects.get()
    (entry,) = actions.entries_of(feed, at=NOW)
    assert (entry.content["title"][-6:], entry.content["place"]) == ("您家外窗安装", "柳院")


# --- whose home it is --------------------------------------------------------------------------------------


def titles_of(*homes):
    owner = OwnerFactory()
    for home in homes:
        OwnershipFactory(home=home, owner=owner)
    reader = reader_of(owner)
    return {reader.named(home, "Keys") for home in reader.homes}


def test_with_one_home_nobody_reads_who_lives_where():
    assert titles_of(HomeFactory()) == {"Keys"}


def test_homes_in_several_developments_are_told_apart_by_these():
    homes = [HomeFactory(building__development__name_en=name) for name in ("Willow Court", "Lake View")]
    assert titles_of(*homes) == {"Keys · Willow Court", "Keys · Lake View"}


def test_homes_in_one_development_are_told_apart_by_their_numbers(building):
    homes = [HomeFactory(building=building, number=number) for number in ("101", "102")]
    place = f"Keys · {building.name}"
    assert titles_of(*homes) == {f"{place} 101", f"{place} 102"}


def test_a_home_without_a_building_is_named_by_its_number_alone():
    development = DevelopmentFactory()
    homes = [HomeFactory(building=None, development=development, number=number) for number in ("1", "2")]
    assert titles_of(*homes) == {"Keys · 1", "Keys · 2"}


# --- nothing that can be followed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See https://portal.example/my/?a=b now", "See  now"),
        ("请看https://portal.example/x。谢谢", "请看。谢谢"),
        ("www.example.com/a", ""),
        ("Write to lin.wen@example.com", "Write to"),
        ("mailto:lin@example.com", ""),
        ("portal.example.com/my/ opens", "opens"),
        ("Floors 3/4, 12.5/13 m", "Floors 3/4, 12.5/13 m"),
        ("Two\r\nlines\u2028and\x00more", "Two lines and more"),
    ],
)
def test_links_and_lines_are_taken_out(text, shown):
    assert FeedDate("k", text, TODAY, description=text, place=text).content["title"] == shown
    assert FeedDate("k", text, TODAY, description=text, place=text).content["description"] == shown
