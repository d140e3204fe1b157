"""Questions on the desk: what waits, the conversation, the answer, and closing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.enquiries.actions import close, follow_up
from progress.enquiries.models import Enquiry, Reply
from tests.factories import NOW, EnquiryFactory, HomeDocumentFactory, OwnershipFactory, ReplyFactory, StaffFactory

pytestmark = pytest.mark.django_db
GROUPS = ("Site managers", "Customer service", "Supervisors")


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def enquiry(tie):
    return EnquiryFactory(tie=tie, text="When do the windows come?")


@pytest.fixture
def service(client, tie):
    client.user = StaffFactory(group="Customer service", development=tie.home.development)
    client.force_login(client.user)
    return client


def url(name, *args):
    return reverse(f"desk_enquiry:{name}", args=args)


def send(client, enquiry, text="In May.", seen=0, reply_id=None):
    return client.post(url("answer", enquiry.pk), {"reply_id": reply_id or uuid4(), "seen": seen, "text": text})


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_what_waits_stands_first_the_oldest_before_the_others(self, service, tie):
        ages = {"closed": 9, "answered": 8, "open": 1}
        for state, days in ages.items():
            EnquiryFactory(tie=tie, state=state, text=f"This is {state}", created_at=NOW - timedelta(days=days))
        EnquiryFactory(tie=tie, text="This is older", created_at=NOW - timedelta(days=3))
        page = html_of(service.get(url("index")))
        order = [page.index(f"This is {word}") for word in ("older", "open", "answered", "closed")]
        assert order == sorted(order)

    def test_it_is_filtered_by_state_and_searched(self, service, tie):
        EnquiryFactory(tie=tie, text="About windows")
        EnquiryFactory(tie=tie, text="About doors", state="closed")
        for query, found in (({"state": "open"}, (True, False)), ({"q": "doors"}, (False, True))):
            page = html_of(service.get(url("index"), query))
            assert ("About windows" in page, "About doors" in page) == found

    def test_it_names_what_each_is_about(self, service, tie):
        document = HomeDocumentFactory(home=tie.home, title_en="Roof plan")
        EnquiryFactory(tie=tie, subject_kind="document", subject_id=document.pk)
        assert "Roof plan" in html_of(service.get(url("index")))

    def test_the_menu_and_the_first_page_count_what_waits_in_one_s_own_developments(self, service, tie, enquiry):
        EnquiryFactory(tie=tie, state="answered")
        EnquiryFactory()
        page = html_of(service.get("/desk/"))
        assert ("Questions (1)" in page, "<strong>1</strong> question waits" in page) == (True, True)
        assert f"{url('index')}?state=open" in page
        close(enquiry, by=None)
        page = html_of(service.get("/desk/"))
        assert ("Questions (" in page, "<strong>0</strong> questions wait" in page) == (False, True)

    def test_marketing_has_none_of_it(self, client, tie, enquiry):
        client.force_login(StaffFactory(group="Marketing", development=tie.home.development))
        assert "Questions" not in html_of(client.get("/desk/"))
        assert client.get(url("index")).status_code == 404


class TestAnswering:
    @pytest.mark.parametrize("group", GROUPS)
    def test_each_group_answers_at_its_own_development(self, client, tie, enquiry, group):
        user = StaffFactory(group=group, development=tie.home.development)
        client.force_login(user)
        assert "When do the windows come?" in html_of(client.get(url("inspect", enquiry.pk)))
        assert send(client, enquiry).url == url("inspect", enquiry.pk)
        reply = Reply.objects.get()
        assert (reply.text, reply.author, reply.by_staff) == ("In May.", user, True)
        assert Notice.objects.filter(owner=tie.owner, kind="enquiry-answered").count() == 2

    def test_elsewhere_nothing_is_found_or_changed(self, client, enquiry):
        for group in GROUPS:
            client.force_login(StaffFactory(group=group, development=OwnershipFactory().home.development))
            assert client.get(url("inspect", enquiry.pk)).status_code == 404
            assert send(client, enquiry).status_code == 404
            assert client.post(url("close", enquiry.pk)).status_code == 404
        assert (Reply.objects.count(), Enquiry.objects.get().state) == (0, "open")

    def test_a_double_click_answers_once(self, service, enquiry):
        reply_id = uuid4()
        assert [send(service, enquiry, reply_id=reply_id).status_code for _each in range(2)] == [302, 302]
        assert Reply.objects.count() == 1

    def test_the_second_of_two_sees_the_first_answer_and_keeps_their_own_words(self, service, enquiry):
        ReplyFactory(enquiry=enquiry, text="In May, says Xu.")
        page = html_of(send(service, enquiry, "In June, I think.", seen=0))
        assert all(words in page for words in ("in the meantime", "In May, says Xu.", "In June, I think.</textarea>"))
        assert 'name="seen" value="1"' in page
        assert Reply.objects.count() == 1
        send(service, enquiry, "In June, I think.", seen=1)
        assert Reply.objects.count() == 2

    def test_what_the_owner_added_meanwhile_is_seen_first(self, service, tie, enquiry):
        follow_up(enquiry, reply_id=uuid4(), text="And the doors?", by=tie.owner.user, at=NOW)
        assert "And the doors?" in html_of(send(service, enquiry, seen=0))

    @pytest.mark.parametrize("text", ["", " ", "x" * 100_000, "a\x00b"])
    def test_bad_words_are_refused(self, service, enquiry, text):
        assert send(service, enquiry, text).status_code == 200
        assert Reply.objects.count() == 0

    @pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
    def test_a_strange_form_is_no_error(self, service, enquiry, seen):
        assert send(service, enquiry, seen=seen).status_code == 200
        assert service.post(url("answer", enquiry.pk), {}).status_code == 200
        assert Reply.objects.count() == 0

    def test_a_closed_question_takes_no_answer(self, service, enquiry):
        assert service.post(url("close", enquiry.pk)).url == url("inspect", enquiry.pk)
        assert "<textarea" not in html_of(service.get(url("inspect", enquiry.pk)))
        page = html_of(send(service, enquiry))
        assert ("nothing can be added" in page, Reply.objects.count()) == (True, 0)

    def test_answering_and_closing_are_posts(self, service, enquiry):
        assert [service.get(url(name, enquiry.pk)).status_code for name in ("answer", "close")] == [405, 405]

    def test_owners_words_are_escaped(self, service, tie):
        hostile = EnquiryFactory(tie=tie, text="<script>alert(1)</script>\u202e{{ 7|add:7 }}")
        for path in (url("index"), url("inspect", hostile.pk)):
            assert "<script>alert(1)" not in html_of(service.get(path))


class TestConversation:
    def test_links_are_offered_to_those_who_may_follow_them(self, client, tie):
        document = HomeDocumentFactory(home=tie.home)
        enquiry = EnquiryFactory(tie=tie, subject_kind="document", subject_id=document.pk)
        links = [
            reverse("desk_homedocument:inspect", args=[document.pk]),
            reverse("desk_home:inspect", args=[tie.home.pk]),
            reverse("desk_owner:inspect", args=[tie.owner.pk]),
        ]
        seen = {}
        for group in GROUPS:
            client.force_login(StaffFactory(group=group, development=tie.home.development))
            page = html_of(client.get(url("inspect", enquiry.pk)))
            seen[group] = [f'href="{link}"' in page for link in links]
        everything = [True, True, True]
        assert seen == {
            "Site managers": [False, True, False],
            "Customer service": everything,
            "Supervisors": everything,
        }

    def test_opening_it_is_logged(self, service, enquiry):
        service.get(url("inspect", enquiry.pk))
        event = Event.objects.get(verb="looked at", subject_id=str(enquiry.pk))
        assert (event.actor, event.home_id) == (service.user, enquiry.home_id)

    def test_three_replies_cost_as_many_queries_as_one(self, service, enquiry, django_assert_max_num_queries):
        def queries():
            ReplyFactory(enquiry=enquiry)
            with django_assert_max_num_queries(40) as captured:
                html_of(service.get(url("inspect", enquiry.pk)))
            return len(captured)

        queries()  # what is kept in memory from the first time on
        assert queries() == queries() == queries()
