"""What is held on me, a copy of it, and its end: the owner's pages."""

import io
import zipfile
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ

from accounts.events.models import Event
from accounts.privacy import erasure
from accounts.privacy.models import KEPT, Download, ErasureRequest, end_of_day
from accounts.privacy.tasks import make_download
from progress.transfers.actions import transfer_home
from tests.factories import (
    NOW,
    TODAY,
    DownloadFactory,
    ErasureRequestFactory,
    HomeDocumentFactory,
    OwnershipFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
PASSWORD = "lantern under the eaves"
FRONT, HELD, ERASURE = (reverse(f"home:{name}") for name in ("privacy", "privacy-held", "privacy-erasure"))
ASK, TAKE_BACK = reverse("home:privacy-ask-download"), reverse("home:privacy-take-back")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def tie():
    return OwnershipFactory(owner__customer_no="C-77")


@pytest.fixture
def me(client, tie):
    client.force_login(tie.owner.user)
    return client


def text(response):
    return response.content.decode()


def file_of(download):
    return reverse("home:privacy-download", args=[download.pk])


def fetch(client, download):
    """The answer, read to its end."""
    response = client.get(file_of(download))
    response.body = b"".join(response)
    return response


class TestDownload:
    def test_asked_for_it_is_queued_and_the_page_shows_how_far_it_is(self, me, tie):
        page = me.post(ASK, follow=True)
        assert ("<progress" in text(page), "hx-get" in text(page)) == (True, True)
        assert Download.objects.get().user == tie.owner.user

    def test_a_double_click_asks_once(self, me, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            me.post(ASK)
            me.post(ASK)
        assert (Download.objects.count(), OrmQ.objects.count()) == (1, 1)

    def test_htmx_gets_the_state_alone(self, me, tie):
        DownloadFactory(user=tie.owner.user)
        part = text(me.get(FRONT, headers={"HX-Request": "true"}))
        assert ("<progress" in part, "<html" in part) == (True, False)

    def test_made_it_can_be_fetched_and_holds_their_data(self, me, tie):
        me.post(ASK)
        make_download(str(Download.objects.get().pk))
        download = Download.objects.get()
        assert file_of(download) in text(me.get(FRONT))
        response = fetch(me, download)
        assert "data.json" in zipfile.ZipFile(io.BytesIO(response.body)).namelist()
        assert (response["Content-Type"], response["Cache-Control"]) == ("application/zip", "private, no-store")
        assert response["Content-Disposition"] == 'attachment; filename="my-data-2026-11-22.zip"'

    def test_fetching_it_is_noted(self, me, tie):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        fetch(me, download)
        assert Event.objects.get(verb="fetched").actor == tie.owner.user

    def test_asking_and_fetching_ask_again_who_they_are(self, me, tie, long_in):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        long_in(me)
        answers = [me.post(ASK), me.get(file_of(download))]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert all(answer.url.startswith(reverse("accounts:prove")) for answer in answers)
        assert (Download.objects.count(), Event.objects.count()) == (1, 0)

    def test_whoever_proves_it_before_fetching_comes_back_to_the_page_not_to_the_file(self, me, tie, long_in):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        long_in(me)
        asked = me.get(file_of(download)).url
        assert parse_qs(urlsplit(asked).query)["next"] == [FRONT]

    def test_after_seven_days_it_is_gone(self, me, tie, clock):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        clock.move_to(NOW + KEPT - timedelta(seconds=1), tick=False)
        me.logout()
        me.force_login(tie.owner.user)
        assert fetch(me, download).status_code == 200
        clock.move_to(NOW + KEPT, tick=False)
        assert (me.get(file_of(download)).status_code, file_of(download) in text(me.get(FRONT))) == (404, False)

    def test_set_back_the_clock_opens_nothing_that_was_thrown_away(self, me, tie, clock):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        me.post(reverse("home:privacy-discard-download", args=[download.pk]))
        clock.move_to(NOW - timedelta(days=3), tick=False)
        assert me.get(file_of(download)).status_code == 404

    def test_after_logging_out_it_is_not_handed_over(self, me, tie):
        download = DownloadFactory(user=tie.owner.user, ready=True)
        me.logout()
        assert me.get(file_of(download)).status_code == 302

    def test_one_that_failed_says_so_and_can_be_asked_for_again(self, me, tie):
        DownloadFactory(user=tie.owner.user, state="failed")
        page = text(me.get(FRONT))
        assert ("could not be made" in page, ASK in page) == (True, True)

    def test_staff_get_a_copy_and_no_erasure(self, client):
        client.force_login(StaffFactory(everywhere=True))
        page = text(client.get(FRONT))
        assert (ASK in page, ERASURE in page, client.get(ERASURE).status_code) == (True, False, 404)


class TestHeld:
    def test_it_lists_what_there_is_and_why(self, me):
        page = text(me.get(HELD))
        assert "to know whom we build for, and in which language we write" in page
        assert "Your homes" in page

    def test_it_names_no_section_in_which_there_is_nothing(self, me):
        assert "Your questions" not in text(me.get(HELD))


class TestErasure:
    def ask(self, me, number="C-77"):
        return me.post(ERASURE, {"number": number})

    def test_the_page_says_what_must_be_kept_and_why(self, me, tie):
        HomeDocumentFactory(home=tie.home)
        page = text(me.get(ERASURE))
        assert "contracts and invoices are kept as long as law and warranty ask" in page
        assert "belongs to the home&#x27;s history" in page

    def test_with_the_number_typed_it_is_noted(self, me, tie):
        assert self.ask(me, " c-77 ").status_code == 302
        wish = ErasureRequest.objects.get()
        assert (wish.owner, wish.due_at) == (tie.owner, end_of_day(NOW + timedelta(days=30)))
        assert "You want to be erased" in text(me.get(FRONT))

    @pytest.mark.parametrize("number", ["", "C-78", "yes", "C" * 500])
    def test_without_it_nothing_is(self, me, number):
        assert (self.ask(me, number).status_code, ErasureRequest.objects.count()) == (200, 0)

    def test_it_asks_again_who_they_are(self, me, long_in):
        long_in(me)
        assert (self.ask(me).status_code, ErasureRequest.objects.count()) == (302, 0)

    def test_refused_after_that_the_form_still_leads_to_its_own_page(self, me, tie, long_in):
        tie.owner.user.set_password(PASSWORD)
        tie.owner.user.save()
        me.force_login(tie.owner.user)
        long_in(me)
        refused = me.post(self.ask(me, "C-78").url, {"password": PASSWORD, "next": ERASURE})
        assert refused.status_code == 200
        assert f'action="{ERASURE}"' in text(refused)

    def test_twice_is_one(self, me):
        self.ask(me)
        self.ask(me)
        assert ErasureRequest.objects.count() == 1

    def test_taken_back_nothing_is_left_of_it(self, me):
        self.ask(me)
        me.post(TAKE_BACK)
        assert ErasureRequest.objects.get().state == "taken-back"
        assert (ERASURE in text(me.get(FRONT)), me.post(TAKE_BACK).status_code) == (True, 404)

    def test_refused_they_read_why(self, me, tie):
        ErasureRequestFactory(owner=tie.owner, state="refused", reason="The last <b>invoice</b> is open.")
        page = text(me.get(FRONT))
        assert "The last &lt;b&gt;invoice&lt;/b&gt; is open." in page

    def test_agreed_the_page_says_when(self, me, tie):
        ErasureRequestFactory(owner=tie.owner, state="approved")
        assert "We have agreed" in text(me.get(FRONT))

    def test_somebody_to_whom_a_home_goes_reads_why_not(self, me, tie):
        home = OwnershipFactory().home
        transfer_home(home=home, to=[tie.owner], on=TODAY + timedelta(days=5), by=None, at=NOW)
        assert f"{home} is to be yours on" in text(self.ask(me))

    def test_erased_they_are_logged_out(self, me, tie):
        wish = ErasureRequestFactory(owner=tie.owner, state="approved", due_at=NOW)
        erasure.carry_out(wish, at=NOW)
        assert me.get(FRONT).status_code == 302


def test_the_profile_leads_there(me):
    assert FRONT in text(me.get(reverse("home:profile")))


@pytest.mark.parametrize("page", [FRONT, HELD, ERASURE])
def test_the_pages_take_as_many_queries_with_three_homes_as_with_one(me, tie, page, django_assert_max_num_queries):
    me.get(page)
    with CaptureQueriesContext(connection) as one:
        me.get(page)
    for _n in range(2):
        OwnershipFactory(owner=tie.owner)
    with django_assert_max_num_queries(len(one)):
        me.get(page)
