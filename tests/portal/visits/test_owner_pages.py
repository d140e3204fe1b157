"""Owners' pages of visits: choose a day, then a time; look at it, move it, cancel it, put it into a calendar."""

import re
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from portal.home.appointments import next_appointment
from portal.home.homes import lived_in_by
from portal.home.needs import needs_of
from portal.home.visits.section import visits_at
from portal.visits import cells
from portal.visits.booking import book_visit, cancel_visit
from portal.visits.models import Availability, Visit
from progress.models import Role
from tests.factories import NOW, CardFactory, OwnershipFactory, PrivateFileFactory
from tests.portal.bookings.factories import OpenDayFactory

from .factories import TEN, AvailabilityFactory, VisitFactory

pytestmark = pytest.mark.django_db
NEXT_WEEK = TEN + timedelta(days=7)


@pytest.fixture(autouse=True)
def now():
    """Five days before that Tuesday, so that the survey has its working day ahead."""
    with time_machine.travel(TEN - timedelta(days=5), tick=False):
        yield TEN - timedelta(days=5)


@pytest.fixture
def tie():
    tie = OwnershipFactory()
    AvailabilityFactory(development=tie.home.development)
    return tie


@pytest.fixture
def owner(client, tie):
    client.force_login(tie.owner.user)
    return client


def times_url(home, kind="survey"):
    return reverse("home:visit-times", args=[home.pk, kind])


def send(client, url, starts=TEN, **given):
    return client.post(url, {"time": starts.isoformat(), "visit_id": uuid4(), "note": ""} | given)


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def offered(page):
    return re.findall(r'class="when">(\d\d:\d\d)<', page)


class TestChoosing:
    def test_the_first_day_is_open_and_another_can_be_chosen(self, owner, tie):
        page = html_of(owner.get(times_url(tie.home)))
        assert offered(page) == ["09:00", "09:30", "10:00", "10:30", "11:00"]
        assert 'aria-current="date"' in page
        page = html_of(owner.get(times_url(tie.home), {"day": "2026-12-01"}))
        assert "Tuesday 1 December 2026" in page
        for none in ("2026-13-45", "yesterday", "2026-11-25", "9999-12-31"):
            assert "Tuesday 24 November 2026" in html_of(owner.get(times_url(tie.home), {"day": none}))

    def test_a_form_sent_twice_books_once(self, owner, tie):
        visit_id = uuid4()
        for _each in range(2):
            assert send(owner, times_url(tie.home), visit_id=visit_id, note="Ring twice").status_code == 302
        visit = Visit.objects.get()
        assert (visit.pk, visit.starts, visit.note, visit.owner) == (visit_id, TEN, "Ring twice", tie.owner)

    def test_what_was_taken_meanwhile_is_said_with_fresh_times(self, owner, tie):
        Availability.objects.update(ends=time(13))
        VisitFactory(development=tie.home.development, person=Availability.objects.get().person)
        page = html_of(send(owner, times_url(tie.home)))
        assert "just been taken. Please choose another one" in page
        assert offered(page) == ["11:30", "12:00"]
        assert not Visit.objects.filter(home=tie.home).exists()

    def test_a_time_that_is_not_offered_is_refused(self, owner, tie):
        for chosen in ("", "now", "2026-11-24T02:07:00+00:00", "9999-12-31T23:59:00+00:00"):
            assert owner.post(times_url(tie.home), {"time": chosen, "visit_id": uuid4()}).status_code == 200
        assert not Visit.objects.exists()

    def test_without_a_free_time_or_with_a_visit_one_is_led_on(self, owner, tie, settings):
        Availability.objects.all().delete()
        assert settings.COMPANY_HOTLINE in html_of(owner.get(times_url(tie.home)))
        visit = VisitFactory(ownership=tie)
        assert owner.get(times_url(tie.home)).url == reverse("home:visit", args=[visit.pk])


class TestAskedFor:
    def test_it_waits_among_the_needs_and_takes_the_time_that_is_chosen(self, owner, tie):
        visit = VisitFactory(ownership=tie, asked=True, kind="check", not_before=date(2026, 12, 1))
        [home] = lived_in_by(tie.owner.user)
        [need] = [need for need in needs_of(tie.owner.user, home) if "/visits/check/" in need.url]
        page = html_of(owner.get(need.url))
        assert "Tuesday 1 December 2026" in page
        send(owner, need.url, NEXT_WEEK, visit_id=visit.pk)
        visit.refresh_from_db()
        assert (visit.state, visit.starts) == ("booked", NEXT_WEEK)

    def test_tenants_choose_times_of_checks_alone(self, client, tie):
        client.force_login(OwnershipFactory(home=tie.home, role=Role.TENANT).owner.user)
        survey = VisitFactory(ownership=tie, asked=True)
        assert client.get(times_url(tie.home)).status_code == 404
        assert client.get(reverse("home:visit", args=[survey.pk])).status_code == 404
        VisitFactory(ownership=tie, asked=True, kind="check")
        assert client.get(times_url(tie.home, "check")).status_code == 200


class TestVisit:
    @pytest.fixture
    def visit(self, tie, now):
        given = {"kind": "survey", "starts": TEN, "home": tie.home, "by": tie.owner.user, "at": now}
        return book_visit(visit_id=uuid4(), **given)

    def test_page_says_who_comes_and_what_is_promised(self, owner, visit):
        CardFactory(user=visit.person, name_en="Zhou Ning", photo=PrivateFileFactory())
        page = html_of(owner.get(reverse("home:visit", args=[visit.pk])))
        for words in ("Zhou Ning", "Promised by", "Monday 23 November 2026, 17:30", "/visitor/thumb/"):
            assert words in page
        photo = owner.get(reverse("home:visitor-photo", args=[visit.pk, "thumb"]))
        assert photo.getvalue()[:2] == b"\xff\xd8"

    def test_the_front_page_names_the_next_one(self, owner, visit, now):
        [home] = lived_in_by(visit.owner.user)
        found = next_appointment(visit.owner.user, home, at=now)
        assert (found.title, found.note) == ("Survey of the home", f"10:00–11:00, with {visit.person.name}")
        assert next_appointment(visit.owner.user, home, at=visit.ends) is None
        assert found.url in html_of(owner.get(reverse("home:home", args=[home.pk])))

    def test_it_is_moved_and_refused_it_keeps_the_time_it_has(self, owner, visit, monkeypatch):
        url = reverse("home:visit-move", args=[visit.pk])
        page = html_of(owner.get(url))
        assert "<h1>Survey of the home</h1>" in page
        assert offered(page) == ["09:00", "09:30", "10:30", "11:00"]
        owner.post(url, {"time": NEXT_WEEK.isoformat()})
        visit.refresh_from_db()
        assert (visit.starts, visit.moved) == (NEXT_WEEK, 1)
        monkeypatch.setattr(cells, "take", lambda *args, **kwargs: False)  # somebody else's, a moment ago
        assert "Somebody else was faster" in html_of(owner.post(url, {"time": TEN.isoformat()}))
        visit.refresh_from_db()
        assert visit.starts == NEXT_WEEK

    def test_after_half_past_five_of_the_day_before_it_is_the_telephone(self, owner, visit, settings):
        with time_machine.travel(visit.changes_until() + timedelta(minutes=1), tick=False):
            assert owner.get(reverse("home:visit-move", args=[visit.pk])).status_code == 302
            owner.post(reverse("home:visit-cancel", args=[visit.pk]))
            page = html_of(owner.get(reverse("home:visit", args=[visit.pk])))
        visit.refresh_from_db()
        assert visit.is_live
        assert settings.COMPANY_HOTLINE in page

    def test_it_is_cancelled_by_a_post_alone(self, owner, visit):
        url = reverse("home:visit-cancel", args=[visit.pk])
        assert owner.get(url).status_code == 405
        owner.post(url)
        visit.refresh_from_db()
        assert visit.state == "cancelled"

    def test_its_calendar_file_takes_it_out_again_once_it_is_cancelled(self, owner, visit, tie, now):
        url = reverse("home:visit-ics", args=[visit.pk])
        first = Calendar.from_ical(owner.get(url).content)
        cancel_visit(visit, by=tie.owner.user, at=now)
        second = Calendar.from_ical(owner.get(url).content)
        assert (str(first["METHOD"]), str(second["METHOD"])) == ("PUBLISH", "CANCEL")
        [before], [after] = first.events, second.events
        assert (before["UID"], before["DTSTART"].dt) == (after["UID"], TEN)
        assert after["SEQUENCE"] > before["SEQUENCE"]

    def test_strangers_find_nothing(self, client, stranger, visit):
        client.force_login(stranger)
        for name in ("visit", "visit-move", "visit-ics"):
            assert client.get(reverse(f"home:{name}", args=[visit.pk])).status_code == 404
        assert client.post(reverse("home:visit-cancel", args=[visit.pk])).status_code == 404
        assert client.get(reverse("home:visitor-photo", args=[visit.pk, "thumb"])).status_code == 404


def test_the_section_asks_as_often_for_three_visits_as_for_one(rf, tie):
    request = rf.get("/")
    request.user, home = tie.owner.user, tie.home
    home.is_followed = True
    asked = []
    for number in (1, 3):
        while Visit.objects.count() < 2 * number:
            VisitFactory(ownership=tie, starts=TEN + timedelta(days=Visit.objects.count()))
            VisitFactory(ownership=tie, done=True, settled_at=NOW)
        with CaptureQueriesContext(connection) as queries:
            section = visits_at(request, home)
        assert len(section["visits"]) == len(section["past_visits"]) == number
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_from_the_public_site_one_is_led_to_the_open_day_at_ones_home(client, stranger):
    tie = OwnershipFactory()
    day = OpenDayFactory(development=tie.home.development)
    url = reverse("home:open-day-anywhere", args=[day.pk])
    client.force_login(tie.owner.user)
    assert client.get(url).url == reverse("home:open-day", args=[tie.home.pk, day.pk])
    client.force_login(stranger)
    assert client.get(url).status_code == 404
