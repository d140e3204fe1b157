"""What somebody's calendars are told: which dates, in which words, and how they hear that one has moved or gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.events.models import Event
from accounts.merges.actions import merge_owners
from progress.feeds import actions, sources
from progress.feeds.actions import FeedError
from progress.feeds.models import Feed, FeedEntry
from progress.feeds.sources import FeedDate
from progress.journeys.actions import date_milestone
from progress.models import Role
from progress.promises.actions import open_promise
from progress.transfers.actions import transfer_home
from progress.transfers.parts import preview
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    FeedFactory,
    OwnerFactory,
    OwnershipFactory,
    UpdateFactory,
    UserFactory,
)
from tests.progress.test_milestones import LATER, moved, windows

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
WINDOWS = "Windows in your home"


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


def told(feed, at=NOW):
    """What its calendars are told: (title, first day or moment, revision, whether it is called off)."""
    return [
        (entry.content["title"], entry.content["start"], entry.sequence, entry.cancelled_at is not None)
        for entry in actions.entries_of(feed, at=at)
    ]


def queries(feed, at=NOW):
    with CaptureQueriesContext(connection) as captured:
        actions.entries_of(feed, at=at)
    return [query["sql"] for query in captured]


def promised(home, key="1", days=3, **kwargs):
    due_at = NOW + timedelta(days=days)
    return open_promise(
        key=key, kind="next-update", development=home.development, home=home, due_at=due_at, by=None, at=NOW, **kwargs
    )


# --- keeping count -----------------------------------------------------------------------------------------


def test_fetching_again_writes_nothing(feed):
    told(feed)
    before = list(FeedEntry.objects.values())
    assert [sql for sql in queries(feed, at=SOON) if not sql.startswith("SELECT")] == []
    assert list(FeedEntry.objects.values()) == before


def test_three_homes_cost_no_more_queries_than_one(feed, step, building):
    UpdateFactory(development=building.development, homes=[step.journey.home])
    told(feed)
    few = len(queries(feed))
    for _each in range(2):
        home = windows(building).journey.home
        OwnershipFactory(home=home, owner=feed.owner)
        promised(home, key=str(home.pk))
        UpdateFactory(development=home.development, homes=[home])
    told(feed)
    assert len(queries(feed)) == few


def test_a_date_that_goes_is_told_for_thirty_days_and_then_no_more(feed, step):
    told(feed)
    date_milestone(step, planned=None, forecast=None, actual=None, by=None, today=TODAY)
    assert told(feed) == [(f"Planned: {WINDOWS}", LATER.isoformat(), 1, True)]
    assert told(feed, at=NOW + timedelta(days=29)) == told(feed)
    assert told(feed, at=NOW + timedelta(days=30)) == []


def test_what_was_never_told_is_not_called_off(feed, step):
    date_milestone(step, planned=None, forecast=None, actual=None, by=None, today=TODAY)
    assert told(feed) == []


def test_what_is_longer_past_than_a_year_goes_without_being_called_off(feed, step):
    told(feed)
    feed.owner.user.last_login = later = NOW + timedelta(days=30 + sources.HISTORY.days + 1)
    assert told(feed, at=later) == []
    assert FeedEntry.objects.get().cancelled_at is None


def test_a_fetch_that_lost_the_race_tells_what_the_other_told(feed, step, monkeypatch):
    """The date moves, and another calendar is told so, after this one has asked and before it writes."""
    told(feed)
    lock = actions._lock

    def meanwhile(owner):
        monkeypatch.setattr(actions, "_lock", lock)
        moved([step], UserFactory())
        told(feed)
        return lock(owner)

    moved([step], UserFactory(), to=LATER + timedelta(days=1))
    monkeypatch.setattr(actions, "_lock", meanwhile)
    day = (LATER + timedelta(days=9)).isoformat()
    assert told(feed) == [(f"Forecast: {WINDOWS}", day, 1, False)]


def test_one_entry_a_date_even_without_the_action(feed):
    fields = {"owner": feed.owner, "key": "milestone:1", "content": {}, "changed_at": NOW}
    FeedEntry.objects.create(**fields)
    with pytest.raises(IntegrityError, match="feed_entry_once|feedentry.owner_id"):
        FeedEntry.objects.create(**fields)


def test_upper_apps_add_dates_of_their_own(feed, monkeypatch):
    monkeypatch.setattr(sources, "_sources", {})

    @sources.source("visit")
    def visits(reader, *, at):
        begins = datetime(2026, 12, 1, 1, tzinfo=UTC)
        yield FeedDate("7", "Survey", begins, begins + timedelta(hours=1), zone="Asia/Shanghai")

    (entry,) = actions.entries_of(feed, at=NOW)
    assert (entry.key, entry.content["end"]) == ("visit:7", "2026-12-01T02:00:00+00:00")


# --- the address -------------------------------------------------------------------------------------------


def verbs(feed):
    return list(Event.objects.filter(subject_kind="feeds.feed", subject_id=str(feed.pk)).values_list("verb", flat=True))


def test_making_it_twice_makes_one(step):
    tie = OwnershipFactory(home=step.journey.home)
    first = actions.make_feed(tie.owner, by=tie.owner.user, at=NOW)
    again = actions.make_feed(tie.owner, by=tie.owner.user, at=NOW)
    assert (again, again.path, verbs(first)) == (first, first.path, ["made"])


def test_who_follows_no_home_gets_none(step):
    tenant = OwnershipFactory(home=step.journey.home, role=Role.TENANT)
    with pytest.raises(FeedError, match="no dates of a home"):
        actions.make_feed(tenant.owner, by=tenant.owner.user, at=NOW)


def test_a_new_address_is_another_one_and_so_is_one_after_switching_off(feed):
    first = feed.path
    renewed = actions.renew_address(feed, by=feed.made_by, at=NOW).path
    off = actions.switch_off(feed, by=feed.made_by, at=NOW)
    assert not off.opens(at=NOW)
    actions.switch_off(feed, by=feed.made_by, at=SOON)
    with pytest.raises(FeedError, match="switched off"):
        actions.renew_address(feed, by=feed.made_by, at=NOW)
    again = actions.make_feed(feed.owner, by=feed.made_by, at=NOW)
    assert len({first, renewed, again.path}) == 3
    assert again.opens(at=NOW)
    assert verbs(feed) == ["made", "revoked", "renewed"]


def test_signing_in_prolongs_it(feed):
    over = NOW + timedelta(days=396)
    assert feed.opens(at=over - timedelta(minutes=1))
    assert not feed.opens(at=over)
    feed.owner.user.last_login = NOW + timedelta(days=100)
    assert feed.opens(at=over)
    assert feed.good_until == over + timedelta(days=100)


def test_its_end_is_announced_in_the_calendar_itself(feed):
    assert told(feed, at=NOW + timedelta(days=366)) != []
    near = NOW + timedelta(days=367)
    title = "These dates end here. Please sign in to the portal to keep them."
    assert (title, (NOW + timedelta(days=396)).date().isoformat(), 0, False) in told(feed, at=near)
    feed.owner.user.last_login = near
    assert [called_off for words, _start, _n, called_off in told(feed, at=near) if words == title] == [True]


def closed(user):
    user.is_active = False
    user.save()


def erased(user):
    type(user.owner).objects.filter(pk=user.owner.pk).update(erased_at=NOW)


def handed_on(user):
    type(user.owner).objects.filter(pk=user.owner.pk).update(user=UserFactory())


def parted(user):
    type(user.owner).objects.filter(pk=user.owner.pk).update(user=None)


@pytest.mark.parametrize("happens", [closed, erased, handed_on, parted])
def test_it_opens_no_more_once_its_login_is_closed_erased_or_another(feed, happens):
    assert feed.opens(at=NOW)
    happens(feed.owner.user)
    assert not Feed.objects.get().opens(at=NOW)


def test_an_erased_customer_is_told_nothing_even_in_the_middle_of_a_fetch(feed):
    erased(feed.owner.user)
    assert told(feed) == []
    assert not FeedEntry.objects.exists()


# --- resale ------------------------------------------------------------------------------------------------


def sold(home, at=NOW):
    return transfer_home(home=home, to=[OwnerFactory()], on=TODAY, by=UserFactory(), at=at)


def test_with_the_last_home_the_feed_ends_after_it_has_called_off_its_dates(feed, step):
    told(feed)
    sold(step.journey.home)
    feed = Feed.objects.select_related("owner__user").get(pk=feed.pk)
    assert told(feed) == [(f"Planned: {WINDOWS}", LATER.isoformat(), 1, True)]
    assert feed.opens(at=NOW + timedelta(days=29))
    assert not feed.opens(at=NOW + timedelta(days=30))
    assert verbs(feed) == ["ended"]


def test_after_the_sale_a_date_that_moves_is_no_news_for_the_former_owner(feed, step):
    told(feed)
    sold(step.journey.home)
    moved([step], UserFactory())
    assert told(Feed.objects.get()) == [(f"Planned: {WINDOWS}", LATER.isoformat(), 1, True)]


def test_with_another_home_the_feed_goes_on_without_the_one_that_was_sold(feed, step, building):
    other = windows(building).journey.home
    OwnershipFactory(home=other, owner=feed.owner)
    told(feed)
    sold(step.journey.home)
    feed = Feed.objects.get()
    assert feed.is_alive
    assert [title for title, _start, _n, called_off in told(feed) if not called_off] == [f"Planned: {WINDOWS}"]
    assert [called_off for *_rest, called_off in told(feed)].count(True) == 1


def test_a_feed_that_has_ended_does_not_come_back_with_another_home(feed, step, building):
    sold(step.journey.home)
    OwnershipFactory(home=windows(building).journey.home, owner=feed.owner)
    assert told(Feed.objects.get()) == []


def test_the_preview_of_a_resale_counts_the_calendars(feed, step):
    labels = [line.label for line in preview(step.journey.home)["ends"]]
    assert "calendars of the household, as far as this home goes" in labels


# --- one date as a file ------------------------------------------------------------------------------------


def test_a_single_date_is_the_entry_that_the_feed_tells(feed, step):
    key = f"milestone:{step.pk}"
    entry = actions.entry_of(feed.owner, key, at=NOW)
    assert actions.entries_of(feed, at=NOW) == [entry]
    assert actions.keys_handed_out(feed.owner) == {key}


def test_asking_for_one_date_leaves_the_others_alone(feed, step):
    told(feed)
    promised(step.journey.home)
    actions.entry_of(feed.owner, f"milestone:{step.pk}", at=NOW)
    assert FeedEntry.objects.count() == 1


def test_there_is_no_file_of_a_date_that_is_somebody_elses(feed, building):
    theirs = windows(building)
    assert actions.entry_of(feed.owner, f"milestone:{theirs.pk}", at=NOW) is None


# --- records of one person ---------------------------------------------------------------------------------


def test_a_feed_goes_along_when_two_records_become_one(feed, step):
    told(feed)
    kept = OwnerFactory(user=None)
    merge_owners(kept=kept, gone=feed.owner, by=UserFactory(), at=NOW)
    feed = Feed.objects.select_related("owner__user").get(pk=feed.pk)
    assert (feed.owner, feed.opens(at=NOW)) == (kept, True)
    assert told(feed) == [(f"Planned: {WINDOWS}", LATER.isoformat(), 0, False)]
