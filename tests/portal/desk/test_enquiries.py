"""Enquiries on the desk: what waits stands first, one page for all that is done, and who sees any of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.events.models import Event
from accounts.leaving import hand_over, work_of
from progress.enquiries.actions import receive
from progress.enquiries.models import Enquiry, Note
from progress.promises.models import Promise
from tests.factories import NOW, DevelopmentFactory, EnquiryFactory, StaffFactory
from tests.progress.test_enquiries import given, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def service(client):
    client.user = staff("Customer service")
    client.force_login(client.user)
    return client


@pytest.fixture
def enquiry():
    asked = given(name="<b>Lin</b>", focus="Two desks\n<script>alert(1)</script>", email="lin@example.com")
    return receive(enquiry_id=uuid4(), consent_version=1, language="en", given=asked, at=NOW)


def url(name, *args):
    return reverse(f"desk_enquiry:{name}", args=args)


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_it_is_filtered_and_searched(self, service):
        place = DevelopmentFactory()
        EnquiryFactory(name="Wang Fang", kind="repair", development=place)
        EnquiryFactory(name="Zhao Min", state="confirmed", emergency=True, phone="+8613900139000")
        asked = {
            (True, True): {},
            (True, False): {"state": "new"},
            (False, True): {"emergency": "true"},
        }
        for found, query in asked.items():
            page = html_of(service.get(url("index"), query))
            assert ("Wang Fang" in page, "Zhao Min" in page) == found
        for query in ({"kind": "repair"}, {"development": place.pk}, {"q": "Wang"}):
            assert "Zhao Min" not in html_of(service.get(url("index"), query))
        assert "Zhao Min" in html_of(service.get(url("index"), {"q": "13900139000"}))

    def test_three_rows_take_no_more_queries_than_one(self, service):
        html_of(service.get(url("index")))
        counts = []
        for more in (1, 2):
            for _each in range(more):
                EnquiryFactory(development=DevelopmentFactory(), handled_by=service.user)
            with CaptureQueriesContext(connection) as queries:
                html_of(service.get(url("index")))
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_menu_and_the_first_page_count_what_is_new(self, service, enquiry):
        EnquiryFactory(state="confirmed")
        page = html_of(service.get("/desk/"))
        assert ("Enquiries (1)" in page, "<strong>1</strong> new enquiry" in page) == (True, True)

    def test_the_ledger_lists_a_promise_without_a_development(self, service, enquiry):
        assert "Call back about an enquiry" in html_of(service.get(reverse("desk_promise:index")))
        promise = Promise.objects.get()
        page = html_of(service.get(reverse("site:promise", args=[promise.pk])))
        assert url("inspect", enquiry.pk) in page
        assert "Call back about an enquiry" in html_of(service.get(reverse("site:my-day")))


class TestPage:
    def test_it_shows_what_was_asked_as_it_was_typed_and_runs_none_of_it(self, service, enquiry):
        page = html_of(service.get(url("inspect", enquiry.pk)))
        shown = ("&lt;b&gt;Lin&lt;/b&gt;", "Two desks<br>&lt;script&gt;", "tel:+86-138-0013-8000", "Version 1")
        assert [words for words in shown if words not in page] == []

    def test_opening_it_is_noted_and_shown_to_supervisors(self, service, client, enquiry):
        service.get(url("inspect", enquiry.pk))
        look = Event.objects.get(verb="looked at", subject_kind="enquiries.enquiry")
        assert (look.actor, look.subject_id) == (service.user, str(enquiry.pk))
        supervisor = staff("Supervisors", role="supervisor")
        client.force_login(supervisor)
        page = html_of(client.get(url("inspect", enquiry.pk)))
        assert ("Who opened this" in page, str(service.user) in page) == (True, True)

    def test_its_history_says_who_did_what(self, service, enquiry):
        service.post(url("confirm", enquiry.pk, "telephone"))
        page = html_of(service.get(url("history", enquiry.pk)))
        assert [words for words in ("received", "confirmed", "by telephone") if words not in page] == []

    def test_whoever_may_only_look_finds_no_buttons(self, client, enquiry):
        reader = staff("Customer service")
        group = reader.groups.get()
        group.permissions.remove(Permission.objects.get(codename="change_enquiry"))
        client.force_login(reader)
        page = html_of(client.get(url("inspect", enquiry.pk)))
        assert "Confirmed by telephone" not in page
        assert client.post(url("confirm", enquiry.pk, "telephone")).status_code == 404


class TestActs:
    def test_from_the_call_to_the_end(self, service, enquiry):
        service.post(url("confirm", enquiry.pk, "telephone"))
        service.post(url("contact", enquiry.pk))
        note = {"note_id": uuid4(), "text": "Has a dog"}
        service.post(url("note", enquiry.pk), note)
        service.post(url("note", enquiry.pk), note)
        response = service.post(url("close", enquiry.pk), {"outcome": "Survey on Monday"}, follow=True)
        enquiry.refresh_from_db()
        assert (enquiry.state, enquiry.handled_by, enquiry.outcome) == ("closed", service.user, "Survey on Monday")
        assert (Note.objects.get().text, Promise.objects.get().state) == ("Has a dog", "kept")
        assert "Survey on Monday" in html_of(response)

    def test_what_is_refused_is_said_and_stays_in_the_form(self, service, enquiry):
        page = html_of(service.post(url("close", enquiry.pk), {"outcome": "Bought elsewhere"}))
        assert ("Please call first" in page, enquiry.state) == (True, "new")
        service.post(url("confirm", enquiry.pk, "telephone"))
        assert "Bought elsewhere" in html_of(service.post(url("close", enquiry.pk), {"outcome": "Bought elsewhere\nx"}))

    @pytest.mark.parametrize("how", ["fax", "spam"])
    def test_there_are_two_ways_to_confirm(self, service, enquiry, how):
        assert service.post(url("confirm", enquiry.pk, how)).status_code == 404

    def test_nothing_happens_on_a_look(self, service, enquiry):
        for name, *more in (("confirm", "telephone"), ("contact",), ("spam",), ("close",), ("hand_over",), ("note",)):
            assert service.get(url(name, enquiry.pk, *more)).status_code == 405
        assert Enquiry.objects.get().state == "new"

    def test_spam_is_set_aside_and_can_still_be_confirmed(self, service, enquiry):
        assert "deleted in 30 days" in html_of(service.post(url("spam", enquiry.pk), follow=True))
        service.post(url("confirm", enquiry.pk, "email"))
        assert Enquiry.objects.get().state == "confirmed"

    def test_a_colleague_who_sees_it_takes_over(self, service, enquiry):
        colleague, stranger = staff("Supervisors", role="supervisor"), StaffFactory(group="Marketing", everywhere=True)
        html_of(service.post(url("hand_over", enquiry.pk), {"to": stranger.pk}))
        assert Enquiry.objects.get().handled_by is None
        service.post(url("hand_over", enquiry.pk), {"to": colleague.pk})
        assert Enquiry.objects.get().handled_by == colleague


class TestOthers:
    @pytest.mark.parametrize("group", ["Marketing", "Site managers"])
    def test_they_see_nothing_of_it(self, client, enquiry, group):
        client.force_login(StaffFactory(group=group, everywhere=True))
        assert [client.get(path).status_code for path in (url("index"), url("inspect", enquiry.pk))] == [404, 404]
        assert "nquiries" not in html_of(client.get("/desk/"))

    def test_of_a_foreign_development_or_of_none_it_is_not_found(self, client, enquiry):
        client.force_login(staff("Customer service", DevelopmentFactory()))
        for row in (enquiry, EnquiryFactory(development=DevelopmentFactory())):
            assert client.get(url("inspect", row.pk)).status_code == 404
            assert client.post(url("spam", row.pk)).status_code == 404
        assert enquiry.name not in html_of(client.get(url("index"), {"q": "Lin"}))

    def test_what_somebody_who_leaves_looks_after_goes_to_a_colleague_who_sees_it(self, service):
        mine = EnquiryFactory(handled_by=service.user, state="confirmed")
        EnquiryFactory(handled_by=service.user, state="closed", ended_at=NOW - timedelta(days=1), outcome="Done")
        supervisor = staff("Supervisors", role="supervisor")
        work = {str(label): (pieces, more) for label, pieces, more in work_of(service.user, viewer=supervisor)}
        pieces, more = work["Enquiries that they look after"]
        assert ([address for _words, address in pieces], more) == ([url("inspect", mine.pk)], 0)
        assert hand_over(service.user, to=supervisor, by=supervisor, at=NOW) == 1
        mine.refresh_from_db()
        assert mine.handled_by == supervisor
