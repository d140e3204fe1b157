"""Staff with visits: on a phone on the day, on the desk before it."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events.models import Event
from portal.visits.models import Absence, Availability, Visit
from tests.factories import NOW, EnquiryFactory, OwnershipFactory, StaffFactory

from .factories import TEN, TUESDAY, AvailabilityFactory, VisitFactory

HALF_PAST_NINE = TEN - timedelta(minutes=30)


@pytest.fixture
def visit(db):
    return VisitFactory(ownership__owner__user__phone="+8613800138000")


@pytest.fixture
def phone(client, visit, time_machine):
    """The phone of whoever makes the visit, on the day."""
    time_machine.move_to(HALF_PAST_NINE, tick=False)
    client.force_login(visit.person)
    return client


def act(client, visit, what, **given):
    return client.post(reverse("site:visit-act", args=[visit.pk, what]), given)


def page_of(client, visit):
    return client.get(reverse("site:visit", args=[visit.pk])).content.decode()


class TestPhone:
    def test_mine_of_today_and_tomorrow_and_what_is_not_closed(self, phone, visit):
        home = {"ownership__home": visit.home, "person": visit.person}
        tomorrow, late, _later = (VisitFactory(starts=TEN + timedelta(days=days), **home) for days in (1, -1, 2))
        somebody_elses = VisitFactory(ownership__home=visit.home)
        context = phone.get(reverse("site:visits")).context
        found = {when: [row.visit for row in context[when]] for when in ("late", "today", "tomorrow")}
        assert found == {"late": [late], "today": [visit], "tomorrow": [tomorrow]}
        everybody = phone.get(reverse("site:visits"), {"whose": "all"}).context["today"]
        assert {row.visit for row in everybody} == {visit, somebody_elses}

    def test_a_day_costs_no_more_queries_with_three_than_with_one(self, phone, visit):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                assert phone.get(reverse("site:visits")).status_code == 200
            return len(asked)

        one = queries()
        for hours in (3, 6):
            VisitFactory(ownership__home=visit.home, person=visit.person, starts=TEN + timedelta(hours=hours))
        assert queries() == one

    def test_from_confirmed_to_done(self, phone, visit):
        states = []
        for what in ("confirm", "way", "arrived", "done"):
            act(phone, visit, what, outcome="All is well.")
            states.append(Visit.objects.get().state)
        assert states == ["confirmed", "on_way", "arrived", "done"]
        assert Visit.objects.get().outcome == "All is well."

    def test_a_line_too_long_stays_in_the_form(self, phone, visit):
        assert "x" * 301 in act(phone, visit, "done", outcome="x" * 301).content.decode()
        assert Visit.objects.get().state == "booked"

    def test_whoever_comes_has_the_number_and_opening_it_is_noted(self, phone, visit):
        assert 'href="tel:+8613800138000"' in page_of(phone, visit)
        assert Event.objects.filter(verb="looked at", subject_id=str(visit.pk), actor=visit.person).count() == 1

    def test_a_colleague_who_may_not_know_numbers_does_not_see_it(self, client, visit):
        client.force_login(StaffFactory(development=visit.development))
        assert "13800138000" not in page_of(client, visit)


@pytest.fixture
def desk(client, visit, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(StaffFactory(group="Customer service", development=visit.development))
    return client


class TestDesk:
    def test_an_owner_on_the_telephone_gets_a_free_time(self, desk, visit):
        tie = OwnershipFactory(home__building=visit.home.building)
        person = AvailabilityFactory(development=visit.development).person
        given = {"visit_id": uuid4(), "starts": TEN.isoformat(), "note": "Ring twice."}
        desk.post(reverse("desk_visit:book", args=[tie.home.pk]), given)
        booked = tie.home.visits.get()
        assert (booked.person, booked.starts, booked.owner, booked.by_staff) == (person, TEN, tie.owner, True)

    def test_what_was_arranged_needs_a_name_and_what_is_urgent_no_notice(self, desk, visit):
        url = reverse("desk_visit:book", args=[visit.home.pk]) + f"?kind=check&person={visit.person.pk}"
        given = {"visit_id": uuid4(), "arranged": "2026-11-22T15:00"}
        assert "too soon" in desk.post(url, given).content.decode()
        desk.post(url, given | {"urgent": "on"})
        assert visit.home.visits.get(kind="check").starts == NOW + timedelta(hours=5)

    def test_an_enquiry_becomes_a_visit(self, desk, visit):
        enquiry = EnquiryFactory(development=visit.development, kind="repair", survey_on=TUESDAY, survey_part="morning")
        url = reverse("desk_visit:book_enquiry", args=[enquiry.pk])
        assert url in desk.get(reverse("desk_enquiry:inspect", args=[enquiry.pk])).content.decode()
        AvailabilityFactory(development=visit.development)
        assert "costs 200 yuan" in desk.get(url).content.decode()
        desk.post(url, {"visit_id": uuid4(), "starts": TEN.isoformat()})
        assert enquiry.visits.get().state == "booked"

    def test_they_are_asked_to_choose_and_staff_choose_for_them(self, desk, visit):
        wish = {"visit_id": uuid4(), "kind": "handover", "not_after": "2026-12-24"}
        desk.post(reverse("desk_visit:ask", args=[visit.home.pk]), wish)
        asked = visit.home.visits.asked().get()
        AvailabilityFactory(development=visit.development, ends=time(18))
        desk.post(reverse("desk_visit:move", args=[asked.pk]), {"starts": (TEN + timedelta(days=7)).isoformat()})
        asked.refresh_from_db()
        assert (asked.state, asked.not_after) == ("booked", date(2026, 12, 24))

    def test_moved_given_to_somebody_else_and_cancelled(self, desk, visit):
        other = StaffFactory(development=visit.development)
        url = reverse("desk_visit:move", args=[visit.pk]) + f"?person={visit.person.pk}"
        desk.post(url, {"arranged": "2026-11-24T14:00"})
        desk.post(reverse("desk_visit:assign", args=[visit.pk]), {"person": other.pk})
        visit.refresh_from_db()
        assert (visit.starts, visit.person, visit.moved) == (TEN + timedelta(hours=4), other, 2)
        desk.post(reverse("desk_visit:cancel", args=[visit.pk]))
        visit.refresh_from_db()
        assert (visit.state, visit.cancelled_because) == ("cancelled", "staff")

    def test_hours_of_several_weekdays_are_entered_at_once_and_taken_away(self, desk, visit):
        given = {"team": "site_manager", "development": visit.development.pk, "weekdays": ["0", "1"]}
        given |= {"starts": "09:00", "ends": "12:00", "valid_from": "2026-11-22"}
        desk.post(reverse("desk_availability:add"), given)
        rows = Availability.objects.order_by("weekday")
        assert [(row.weekday, row.team) for row in rows] == [(0, "site_manager"), (1, "site_manager")]
        desk.post(reverse("desk_availability:remove", args=[rows[0].pk]))
        assert Availability.objects.count() == 1

    def test_hours_for_all_developments_are_for_who_works_everywhere(self, desk, visit):
        given = {"team": "site_manager", "weekdays": ["0"], "starts": "09:00", "ends": "12:00"}
        answer = desk.post(reverse("desk_availability:add"), given | {"valid_from": "2026-11-22"})
        assert (answer.status_code, Availability.objects.count()) == (200, 0)

    def test_an_absence_of_a_colleague_elsewhere_is_not_theirs_to_enter(self, desk, visit):
        days = {"first_day": "2026-11-24", "last_day": "2026-11-24"}
        desk.post(reverse("desk_absence:add"), days | {"person": StaffFactory(development=None).pk})
        desk.post(reverse("desk_absence:add"), days | {"person": visit.person.pk})
        assert [row.person for row in Absence.objects.all()] == [visit.person]

    def test_the_list_costs_no_more_queries_with_three_than_with_one(self, desk, visit):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                assert desk.get(reverse("desk_visit:index")).status_code == 200
            return len(asked)

        queries()
        one = queries()
        for hours in (3, 6):
            VisitFactory(ownership__home=visit.home, person=visit.person, starts=TEN + timedelta(hours=hours))
        assert queries() == one
