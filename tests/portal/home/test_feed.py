"""An owner's dates in their own calendar: the page, the address that needs no login, one date as a file."""

import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.links import make_mac
from accounts.models import User
from portal.logs import NoPaths
from progress.feeds import actions
from progress.feeds.models import Feed, FeedEntry
from progress.journeys import changing
from progress.models import Role
from tests.factories import TODAY, BuildingFactory, FeedFactory, OwnershipFactory, UserFactory
from tests.progress.test_milestones import LATER, moved, windows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uncounted():
    cache.clear()


@pytest.fixture
def step():
    return windows(BuildingFactory())


@pytest.fixture
def tie(step):
    return OwnershipFactory(home=step.journey.home)


@pytest.fixture
def feed(tie):
    return FeedFactory(owner=tie.owner, made_at=timezone.now())


def fetched(client, feed, **headers):
    return client.get(feed.path, headers=headers)


# --- the address without a login ---------------------------------------------------------------------------


def test_a_calendar_fetches_the_dates(client, feed):
    response = fetched(client, feed)
    (event,) = Calendar.from_ical(response.content).events
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (event["SUMMARY"], event["DTSTART"].dt) == ("Planned: Windows in your home", LATER)


def test_it_is_for_programs_and_for_no_cache_index_or_session(client, feed):
    response = fetched(client, feed)
    said = {name: response[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
    assert said == {
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }
    assert dict(response.cookies) == {}


def test_asked_again_it_is_not_modified_until_a_date_moves(client, feed, step):
    first = fetched(client, feed)
    again = fetched(client, feed)
    unchanged = fetched(client, feed, if_none_match=first["ETag"])
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
    assert unchanged["Cache-Control"] == "private, no-cache"
    moved([step], UserFactory())
    changed = fetched(client, feed, if_none_match=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_head_says_the_same_without_the_dates(client, feed):
    first = fetched(client, feed)
    response = client.head(feed.path)
    assert (response.status_code, response.content, response["ETag"]) == (200, b"", first["ETag"])


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_else_can_be_done_there(client, feed, method):
    assert getattr(client, method)(feed.path).status_code == 405


def address(feed, *, pk=None, purpose="feed", version=None):
    pk = pk or feed.pk
    return reverse("feed", args=[pk, make_mac(purpose, pk, version or feed.version)])


def _unknown(feed):
    return address(feed, pk="00000000-0000-4000-8000-000000000000")


def _other_purpose(feed):
    return address(feed, purpose="invitation")


def _forged(feed):
    return reverse("feed", args=[feed.pk, "檐下" * 20])


def _renewed(feed):
    path = feed.path
    actions.renew_address(feed, by=feed.made_by, at=timezone.now())
    return path


def _switched_off(feed):
    return actions.switch_off(feed, by=feed.made_by, at=timezone.now()).path


def _closed(feed):
    User.objects.filter(pk=feed.made_by_id).update(is_active=False)
    return feed.path


def _expired(feed):
    Feed.objects.update(made_at=timezone.now() - timedelta(days=397))
    return feed.path


WAYS = [_unknown, _other_purpose, _forged, _renewed, _switched_off, _closed, _expired]


@pytest.mark.parametrize("way", WAYS)
def test_a_wrong_an_old_and_an_ended_address_are_not_told_apart(client, feed, way):
    response = client.get(way(feed))
    headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
    wrong = client.get(reverse("feed", args=[feed.pk, "wrong"]))
    assert (response.status_code, response.content) == (404, b"")
    assert headers == {name: value for name, value in wrong.items() if name != "X-Request-ID"}
    assert dict(response.cookies) == {}
    assert not FeedEntry.objects.exists()


def test_who_tries_addresses_is_slowed_down_and_the_right_one_still_answers(client, feed):
    wrong = reverse("feed", args=[feed.pk, "wrong"])
    answers = [client.get(wrong).status_code for _try in range(31)]
    assert answers == [404] * 30 + [429]
    assert fetched(client, feed).status_code == 200


def test_one_address_is_not_asked_without_end(client, feed, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"feed": "2/h/key"}
    answers = [fetched(client, feed) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "3600"


def test_the_address_is_in_no_log(client, feed, caplog):
    path = feed.path
    [handler] = [each for each in logging.getLogger().handlers if any(isinstance(f, NoPaths) for f in each.filters)]
    with caplog.at_level(logging.INFO):
        fetched(client, feed)
        client.get(_renewed(feed))
    logged = "".join(handler.format(record) for record in caplog.records if handler.filter(record))
    assert logged.count("route=feed") == 2
    assert path.split("/")[-1].removesuffix(".ics") not in logged


def test_that_a_calendar_asked_is_noted_once_an_hour(client, feed, time_machine):
    begun = timezone.now().replace(microsecond=0)
    seen = []
    for minutes in (0, 59, 61):
        time_machine.move_to(begun + timedelta(minutes=minutes), tick=False)
        fetched(client, feed)
        seen.append(Feed.objects.get().last_fetched_at - begun)
    assert seen == [timedelta(), timedelta(), timedelta(minutes=61)]


def test_it_answers_in_the_language_of_its_owner_whatever_the_calendar_speaks(client, feed):
    User.objects.update(language="zh-hans")
    response = fetched(client, feed, accept_language="en")
    assert "X-WR-CALNAME:檐下" in response.content.decode()


# --- the page ----------------------------------------------------------------------------------------------


@pytest.fixture
def owner(client, tie):
    client.force_login(tie.owner.user)
    return client


PAGE = "/my/calendar/"


def test_an_owner_makes_the_address_sees_it_again_and_gets_another(owner, settings):
    assert "Make the address" in owner.get(PAGE).content.decode()
    owner.post(reverse("home:feed-make"))
    first = Feed.objects.get().path
    for _look in range(2):
        page = owner.get(PAGE).content.decode()
        assert f'value="{settings.BASE_URL}{first}"' in page
        assert f'href="webcal://localhost:8000{first}"' in page
        assert "<svg" in page
    owner.post(reverse("home:feed-renew"))
    page = owner.get(PAGE).content.decode()
    assert (first in page, Feed.objects.get().path in page) == (False, True)
    owner.post(reverse("home:feed-off"))
    assert "Make the address" in owner.get(PAGE).content.decode()


@pytest.mark.parametrize("name", ["make", "renew", "off"])
def test_looking_changes_nothing(owner, name):
    assert owner.get(reverse(f"home:feed-{name}")).status_code == 405


def test_the_page_says_when_a_calendar_last_asked(owner, feed, client):
    assert "No calendar has fetched it yet." in owner.get(PAGE).content.decode()
    fetched(client, feed)
    assert "A calendar fetched it last on" in owner.get(PAGE).content.decode()


def test_a_tenant_has_no_such_page_and_no_way_to_it(client, step):
    client.force_login(OwnershipFactory(home=step.journey.home, role=Role.TENANT).owner.user)
    assert client.get(PAGE).status_code == 404
    assert client.post(reverse("home:feed-make")).status_code == 404
    assert PAGE not in client.get(reverse("home:profile")).content.decode()


def test_the_way_to_the_page_stands_in_the_profile_and_at_the_journey(owner, step):
    assert PAGE in owner.get(reverse("home:profile")).content.decode()
    assert f'href="{PAGE}"' in owner.get(reverse("home:journey", args=[step.journey.home_id])).content.decode()


# --- one date ----------------------------------------------------------------------------------------------


def date_url(step):
    return reverse("home:feed-date", args=["milestone", step.pk])


def test_a_date_of_the_timeline_can_be_put_into_a_calendar_and_taken_out_again(owner, step):
    journey = reverse("home:journey", args=[step.journey.home_id])
    assert "Put “Windows in your home” into your calendar" in owner.get(journey).content.decode()
    put = owner.get(date_url(step))
    assert put["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert put["Content-Disposition"] == 'attachment; filename="date.ics"'
    type(step).objects.filter(pk=step.pk).update(state="reached", actual=TODAY)
    assert "calendar/dates/" not in owner.get(journey).content.decode()
    changing.withdraw_reached([step], reason_en="Wrong floor", by=UserFactory(), today=TODAY, at=timezone.now())
    assert "Take “Windows in your home” out of your calendar" in owner.get(journey).content.decode()
    taken = owner.get(date_url(step))
    assert taken["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"
    (before,), (after,) = (Calendar.from_ical(answer.content).events for answer in (put, taken))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_withdrawn_date_that_no_calendar_holds_needs_no_taking_out(owner, step):
    type(step).objects.filter(pk=step.pk).update(state="withdrawn")
    page = owner.get(reverse("home:journey", args=[step.journey.home_id])).content.decode()
    assert "calendar/dates/" not in page
    assert owner.get(date_url(step)).status_code == 404


def test_a_date_of_another_home_is_not_found(owner):
    assert owner.get(date_url(windows(BuildingFactory()))).status_code == 404
    assert owner.get(reverse("home:feed-date", args=["x", "00000000-0000-4000-8000-000000000000"])).status_code == 404
