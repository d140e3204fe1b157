"""Questions on the desk: what waits, the conversation, the answer, and closing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.events.models import Event
from accounts.notices.models import Notice
from progress.questions.actions import close, follow_up
from progress.questions.models import Question, Reply
from tests.factories import NOW, HomeDocumentFactory, OwnershipFactory, QuestionFactory, ReplyFactory, StaffFactory

pytestmark = pytest.mark.django_db
GROUPS = ("Site managers", "Customer service", "Supervisors")


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def question(tie):
    return QuestionFactory(tie=tie, text="When do the windows come?")


@pytest.fixture
def service(client, tie):
    client.user = StaffFactory(group="Customer service", development=tie.home.development)
    client.force_login(client.user)
    return client


def url(name, *args):
    return reverse(f"desk_question:{name}", args=args)


def send(client, question, text="In May.", seen=0, reply_id=None):
    return client.post(url("answer", question.pk), {"reply_id": reply_id or uuid4(), "seen": seen, "text": text})


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_what_waits_stands_first_the_oldest_before_the_others(self, service, tie):
        ages = {"closed": 9, "answered": 8, "open": 1}
        for state, days in ages.items():
            QuestionFactory(tie=tie, state=state, text=f"This is {state}", created_at=NOW - timedelta(days=days))
        QuestionFactory(tie=tie, text="This is older", created_at=NOW - timedelta(days=3))
        page = html_of(service.get(url("index")))
        order = [page.index(f"This is {word}") for word in ("older", "open", "answered", "closed")]
        assert order == sorted(order)

    def test_it_is_filtered_by_state_and_searched(self, service, tie):
        QuestionFactory(tie=tie, text="About windows")
        QuestionFactory(tie=tie, text="About doors", state="closed")
        for query, found in (({"state": "open"}, (True, False)), ({"q": "doors"}, (False, True))):
            page = html_of(service.get(url("index"), query))
            assert ("About windows" in page, "About doors" in page) == found

    def test_it_names_what_each_is_about(self, service, tie):
        document = HomeDocumentFactory(home=tie.home, title_en="Roof plan")
        QuestionFactory(tie=tie, subject_kind="document", subject_id=document.pk)
        assert "Roof plan" in html_of(service.get(url("index")))

    def test_the_menu_and_the_first_page_count_what_waits_in_one_s_own_developments(self, service, tie, question):
        QuestionFactory(tie=tie, state="answered")
        QuestionFactory()
        page = html_of(service.get("/desk/"))
        assert ("Questions (1)" in page, "<strong>1</strong> question waits" in page) == (True, True)
        assert f"{url('index')}?state=open" in page
        close(question, by=None)
        page = html_of(service.get("/desk/"))
        assert ("Questions (" in page, "<strong>0</strong> questions wait" in page) == (False, True)

    def test_marketing_has_none_of_it(self, client, tie, question):
        client.force_login(StaffFactory(group="Marketing", development=tie.home.development))
        assert "Questions" not in html_of(client.get("/desk/"))
        assert client.get(url("index")).status_code == 404


class TestAnswering:
    @pytest.mark.parametrize("group", GROUPS)
    def test_each_group_answers_at_its_own_development(self, client, tie, question, group):
        user = StaffFactory(group=group, development=tie.home.development)
        client.force_login(user)
        assert "When do the windows come?" in html_of(client.get(url("inspect", question.pk)))
        assert send(client, question).url == url("inspect", question.pk)
        reply = Reply.objects.get()
        assert (reply.text, reply.author, reply.by_staff) == ("In May.", user, True)
        assert Notice.objects.filter(owner=tie.owner, kind="question-answered").count() == 2

    def test_elsewhere_nothing_is_found_or_changed(self, client, question):
        for group in GROUPS:
            client.force_login(StaffFactory(group=group, development=OwnershipFactory().home.development))
            assert client.get(url("inspect", question.pk)).status_code == 404
            assert send(client, question).status_code == 404
            assert client.post(url("close", question.pk)).status_code == 404
        assert (Reply.objects.count(), Question.objects.get().state) == (0, "open")

    def test_a_double_click_answers_once(self, service, question):
        reply_id = uuid4()
        assert [send(service, question, reply_id=reply_id).status_code for _each in range(2)] == [302, 302]
        assert Reply.objects.count() == 1

    def test_the_second_of_two_sees_the_first_answer_and_keeps_their_own_words(self, service, question):
        ReplyFactory(question=question, text="In May, says Xu.")
        page = html_of(send(service, question, "In June, I think.", seen=0))
        assert all(words in page for words in ("in the meantime", "In May, says Xu.", "In June, I think.</textarea>"))
        assert 'name="seen" value="1"' in page
        assert Reply.objects.count() == 1
        send(service, question, "In June, I think.", seen=1)
        assert Reply.objects.count() == 2

    def test_what_the_owner_added_meanwhile_is_seen_first(self, service, tie, question):
        follow_up(question, reply_id=uuid4(), text="And the doors?", by=tie.owner.user, at=NOW)
        assert "And the doors?" in html_of(send(service, question, seen=0))

    @pytest.mark.parametrize("text", ["", " ", "x" * 100_000, "a\x00b"])
    def test_bad_words_are_refused(self, service, question, text):
        assert send(service, question, text).status_code == 200
        assert Reply.objects.count() == 0

    @pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
    def test_a_strange_form_is_no_error(self, service, question, seen):
        assert send(service, question, seen=seen).status_code == 200
        assert service.post(url("answer", question.pk), {}).status_code == 200
        assert Reply.objects.count() == 0

    def test_a_closed_question_takes_no_answer(self, service, question):
        assert service.post(url("close", question.pk)).url == url("inspect", question.pk)
        assert "<textarea" not in html_of(service.get(url("inspect", question.pk)))
        page = html_of(send(service, question))
        assert ("nothing can be added" in page, Reply.objects.count()) == (True, 0)

    def test_answering_and_closing_are_posts(self, service, question):
        assert [service.get(url(name, question.pk)).status_code for name in ("answer", "close")] == [405, 405]

    def test_owners_words_are_escaped(self, service, tie):
        hostile = QuestionFactory(tie=tie, text="<script>alert(1)</script>\u202e{{ 7|add:7 }}")
        for path in (url("index"), url("inspect", hostile.pk)):
            assert "<script>alert(1)" not in html_of(service.get(path))


class TestConversation:
    def test_links_are_offered_to_those_who_may_follow_them(self, client, tie):
        document = HomeDocumentFactory(home=tie.home)
        question = QuestionFactory(tie=tie, subject_kind="document", subject_id=document.pk)
        links = [
            reverse("desk_homedocument:inspect", args=[document.pk]),
            reverse("desk_home:inspect", args=[tie.home.pk]),
            reverse("desk_owner:inspect", args=[tie.owner.pk]),
        ]
        seen = {}
        for group in GROUPS:
            client.force_login(StaffFactory(group=group, development=tie.home.development))
            page = html_of(client.get(url("inspect", question.pk)))
            seen[group] = [f'href="{link}"' in page for link in links]
        everything = [True, True, True]
        assert seen == {
            "Site managers": [False, True, False],
            "Customer service": everything,
            "Supervisors": everything,
        }

    def test_opening_it_is_logged(self, service, question):
        service.get(url("inspect", question.pk))
        event = Event.objects.get(verb="looked at", subject_id=str(question.pk))
        assert (event.actor, event.home_id) == (service.user, question.home_id)

    def test_three_replies_cost_as_many_queries_as_one(self, service, question, django_assert_max_num_queries):
        def queries():
            ReplyFactory(question=question)
            with django_assert_max_num_queries(40) as captured:
                html_of(service.get(url("inspect", question.pk)))
            return len(captured)

        queries()  # what is kept in memory from the first time on
        assert queries() == queries() == queries()
