"""Questions on the owner's pages: asked beside what they are about, and read and followed up by whoever asked."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from portal.tickets.models import Ticket
from progress.documents.actions import withdraw_document
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from progress.questions.actions import answer, close
from progress.questions.models import Reply
from progress.transfers.actions import transfer_home
from tests.factories import (
    NOW,
    TODAY,
    HomeDocumentFactory,
    OwnerFactory,
    OwnershipFactory,
    QuestionFactory,
    ReplyFactory,
    StaffFactory,
    UpdateFactory,
)
from tests.portal.tickets.factories import TicketFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}\u202e" + "'\"><img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def owner(client, tie):
    client.force_login(tie.owner.user)
    return client


def url(name, *args):
    return reverse(f"home:{name}", args=args)


def about(home, kind, subject):
    return url("ask-about", home.pk, kind, subject.pk)


def html_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def milestone_at(home):
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    return start_journey(home=home, template=template, started=TODAY, by=None).milestones.first()


def send(client, path, text="When is that?", question_id=None, **query):
    return client.post(path, {"question_id": question_id or uuid4(), "text": text}, **query)


class TestAsking:
    def test_each_page_has_the_way_to_a_question_about_what_it_shows(self, owner, tie):
        update, document, step = UpdateFactory(homes=[tie.home]), HomeDocumentFactory(home=tie.home), None
        step = milestone_at(tie.home)
        ways = {
            url("update", update.pk): about(tie.home, "update", update),
            url("documents", tie.home.pk): about(tie.home, "document", document),
            url("journey", tie.home.pk): about(tie.home, "milestone", step),
            url("home", tie.home.pk): url("ask", tie.home.pk),
            url("inbox"): url("questions"),
        }
        assert [page for page, way in ways.items() if f'href="{way}"' not in html_of(owner, page)] == []

    def test_the_form_shows_what_it_is_about_and_who_reads_it(self, owner, tie):
        page = html_of(owner, about(tie.home, "document", HomeDocumentFactory(home=tie.home, title_en="Roof plan")))
        assert ("Roof plan" in page, "Only you and our staff" in page) == (True, True)

    def test_a_question_leads_to_its_conversation(self, owner, tie):
        update = UpdateFactory(homes=[tie.home], title_en="Floor nine")
        response = send(owner, about(tie.home, "update", update), "Which\r\nwindows?")
        ticket = Ticket.objects.get()
        assert (response.url, ticket.kind, ticket.subject_kind, ticket.subject_id, ticket.text) == (
            url("ticket", ticket.pk),
            "question",
            "update",
            update.pk,
            "Which\nwindows?",
        )
        page = html_of(owner, response.url)
        assert all(words in page for words in ("We have your question", "About: Floor nine", "Which<br>windows?"))

    def test_nobody_else_of_the_household_reads_it(self, owner, tie, client):
        send(owner, url("ask", tie.home.pk))
        client.force_login(OwnershipFactory(home=tie.home, role=Role.FAMILY).owner.user)
        assert client.get(url("ticket", Ticket.objects.get().pk)).status_code == 404

    def test_a_double_click_asks_once(self, owner, tie):
        question_id, path = uuid4(), url("ask", tie.home.pk)
        first, second = (send(owner, path, question_id=question_id) for _each in range(2))
        assert (first.url, Ticket.objects.count()) == (second.url, 1)

    def test_the_number_of_another_s_question_opens_nothing(self, owner, tie):
        theirs = TicketFactory(text="Secret")
        response = send(owner, url("ask", tie.home.pk), question_id=theirs.pk)
        assert (response.status_code, "Secret" in response.content.decode()) == (200, False)

    @pytest.mark.parametrize("text", ["", "   ", "x" * 100_000, "a\x00b"])
    def test_bad_words_stay_in_the_form(self, owner, tie, text):
        response = send(owner, url("ask", tie.home.pk), text)
        assert (response.status_code, Ticket.objects.count()) == (200, 0)
        assert 'class="error"' in response.content.decode() or 'role="alert"' in response.content.decode()

    def test_lines_end_as_one_character_each(self, owner, tie):
        send(owner, url("ask", tie.home.pk), "x\r\n" * 1999 + "y")
        assert len(Ticket.objects.get().text) == 3999

    def test_hostile_words_are_shown_as_words(self, owner, tie):
        send(owner, url("ask", tie.home.pk), HOSTILE)
        for path in (url("tickets", tie.home.pk), url("ticket", Ticket.objects.get().pk)):
            page = html_of(owner, path)
            assert ("<script>alert" in page, "<img src=x" in page, "{{ 7|add:7 }}" in page) == (False, False, True)

    def test_what_is_not_mine_to_see_is_not_found(self, owner, tie):
        other = OwnershipFactory(owner=tie.owner).home
        foreign = OwnershipFactory().home
        document = HomeDocumentFactory(home=tie.home)
        paths = [
            url("ask", foreign.pk),
            about(tie.home, "update", UpdateFactory(homes=[foreign])),
            about(tie.home, "update", UpdateFactory(homes=[other])),
            about(tie.home, "document", HomeDocumentFactory(home=foreign)),
            about(foreign, "document", document),
            about(tie.home, "milestone", milestone_at(foreign)),
            about(tie.home, "update", document),
            about(tie.home, "owner", tie.owner),
            about(tie.home, "document", HomeDocumentFactory(home=tie.home, withdrawn_at=NOW, withdrawn_reason="x")),
        ]
        assert {(owner.get(path).status_code, send(owner, path).status_code) for path in paths} == {(404, 404)}
        assert Ticket.objects.count() == 0

    def test_a_tenant_asks_about_the_home_and_what_is_for_tenants(self, client):
        tenant = OwnershipFactory(role=Role.TENANT)
        home = tenant.home
        client.force_login(tenant.owner.user)
        contract = HomeDocumentFactory(home=home, kind="contract", min_role="owner")
        contract.private_to.set([OwnershipFactory(home=home).owner])
        leaflet = HomeDocumentFactory(home=home, min_role="tenant")
        news, step = UpdateFactory(homes=[home]), milestone_at(home)
        paths = [
            about(home, "document", contract),
            about(home, "update", news),
            about(home, "milestone", step),
            about(home, "document", leaflet),
            url("ask", home.pk),
        ]
        assert [send(client, path).status_code for path in paths] == [404, 404, 404, 302, 302]

    def test_a_closed_login_asks_nothing(self, owner, tie):
        tie.owner.user.is_active = False
        tie.owner.user.save()
        assert send(owner, url("ask", tie.home.pk)).url.startswith("/account/login/")
        assert Ticket.objects.count() == 0


class TestReading:
    def test_the_answer_stands_in_the_conversation_under_the_name_of_who_gave_it(self, owner, tie):
        question = QuestionFactory(tie=tie, state="answered")
        ReplyFactory(question=question, author__name="Xu Man", text="In May.")
        ReplyFactory(question=question, author__name="", author__email="secret@example.com", text="Or June.")
        page = html_of(owner, url("question", question.pk))
        assert all(words in page for words in ("Xu Man", "In May.", "Or June.", "Yanxia Homes"))
        assert "secret@example.com" not in page

    def test_who_has_read_the_conversation_need_not_open_the_messages(self, owner, tie):
        question, staff = QuestionFactory(tie=tie), StaffFactory(group="Supervisors", everywhere=True)
        for seen in range(2):
            answer(question, reply_id=uuid4(), text="Soon.", seen=seen, by=staff, at=NOW)
        deliver_due()
        owner.head(url("question", question.pk))
        assert Notice.objects.filter(read_at__isnull=False).count() == 0
        owner.get(url("question", question.pk))
        assert Notice.objects.filter(channel="inbox", read_at__isnull=True).count() == 0

    def test_nobody_else_of_the_household_finds_it(self, client, tie):
        question = QuestionFactory(tie=tie, text="Only mine")
        for role in (Role.CO_OWNER, Role.FAMILY, Role.TENANT):
            client.force_login(OwnershipFactory(home=tie.home, role=role).owner.user)
            assert client.get(url("question", question.pk)).status_code == 404
            assert client.post(url("question-reply", question.pk), {"text": "x"}).status_code == 404
            assert "Only mine" not in html_of(client, url("questions"))

    def test_staff_see_no_owners_questions_on_these_pages(self, client, tie):
        question = QuestionFactory(tie=tie, text="Only mine")
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        assert client.get(url("question", question.pk)).status_code == 404
        assert "Only mine" not in html_of(client, url("questions"))

    def test_the_link_goes_with_the_right_to_see_it_and_the_title_stays(self, owner, tie):
        document = HomeDocumentFactory(home=tie.home, title_en="Roof plan")
        question = QuestionFactory(tie=tie, subject_kind="document", subject_id=document.pk, state="closed")
        path, link = url("question", question.pk), f'href="{about(tie.home, "document", document)}"'
        assert link in html_of(owner, path)
        withdraw_document(document, reason="Wrong home", by=None, at=NOW)
        page = html_of(owner, path)
        assert ("Roof plan" in page, link in page, url("ask", tie.home.pk) in page) == (True, False, True)

    def test_a_message_leads_there(self, owner, tie):
        question = QuestionFactory(tie=tie)
        staff = StaffFactory(group="Supervisors", everywhere=True)
        answer(question, reply_id=uuid4(), text="Soon.", seen=0, by=staff, at=NOW)
        deliver_due()
        notice = Notice.objects.get(owner=tie.owner, channel="inbox")
        page = html_of(owner, url("message", notice.pk))
        assert ("Soon." in page, f'href="{url("question", question.pk)}"' in page) == (True, True)

    def test_the_list_says_how_each_stands(self, owner, tie):
        for state in ("open", "answered", "closed"):
            QuestionFactory(tie=tie, state=state)
        page = html_of(owner, url("questions"))
        assert all(f">{state}</span>" in page for state in ("Open", "Answered", "Closed"))

    def test_without_questions_the_list_says_how_to_begin(self, owner, tie):
        page = html_of(owner, url("questions"))
        assert ("No questions yet" in page, url("ask", tie.home.pk) in page) == (True, True)


class TestFollowingUp:
    def test_something_is_added_once(self, owner, tie):
        question, reply_id = QuestionFactory(tie=tie, state="answered"), uuid4()
        for _each in range(2):
            response = owner.post(url("question-reply", question.pk), {"reply_id": reply_id, "text": "And the doors?"})
            assert response.url == url("question", question.pk)
        question.refresh_from_db()
        assert (question.state, Reply.objects.count()) == ("open", 1)

    def test_to_a_closed_question_nothing_is_added_and_the_words_are_not_lost(self, owner, tie):
        question = close(QuestionFactory(tie=tie), by=None)
        assert "<textarea" not in html_of(owner, url("question", question.pk))
        response = owner.post(url("question-reply", question.pk), {"reply_id": uuid4(), "text": "And the doors?"})
        page = response.content.decode()
        assert ("This question is closed" in page, "And the doors?" in page, Reply.objects.count()) == (True, True, 0)

    @pytest.mark.parametrize("text", ["", "x" * 100_000, "\x00"])
    def test_bad_words_are_refused(self, owner, tie, text):
        question = QuestionFactory(tie=tie)
        response = owner.post(url("question-reply", question.pk), {"reply_id": uuid4(), "text": text})
        assert (response.status_code, Reply.objects.count()) == (200, 0)

    def test_it_is_sent_by_post_only(self, owner, tie):
        assert owner.get(url("question-reply", QuestionFactory(tie=tie).pk)).status_code == 405


class TestFormerOwners:
    @pytest.fixture
    def question(self, tie):
        update = UpdateFactory(homes=[tie.home], title_en="Floor nine")
        question = QuestionFactory(tie=tie, subject_kind="update", subject_id=update.pk)
        ReplyFactory(question=question, text="In May.")
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        return question

    def test_they_read_for_180_days_and_add_nothing(self, owner, tie, question):
        page = html_of(owner, url("question", question.pk))
        assert all(words in page for words in ("Floor nine", "In May.", "The home is no longer yours"))
        assert [word for word in ("<textarea", url("update", question.subject_id), url("ask", tie.home.pk))
                if word in page] == []  # fmt: skip
        response = owner.post(url("question-reply", question.pk), {"reply_id": uuid4(), "text": "And now?"})
        assert (response.status_code, question.replies.count()) == (200, 1)
        for days, status in ((179, 200), (180, 404)):
            with time_machine.travel(NOW + timedelta(days=days)):
                owner.force_login(tie.owner.user)
                assert owner.get(url("question", question.pk)).status_code == status

    def test_they_ask_nothing_more(self, owner, tie, question):
        paths = [url("ask", tie.home.pk), url("ask-about", tie.home.pk, "update", question.subject_id)]
        assert {send(owner, path).status_code for path in paths} == {404}

    def test_the_new_owner_finds_none_of_it(self, client, tie, question):
        new = tie.home.ownerships.live().get().owner
        client.force_login(new.user)
        assert client.get(url("question", question.pk)).status_code == 404
        assert "Floor nine" not in html_of(client, url("questions"))


def test_three_questions_cost_as_many_queries_as_one(owner, tie, django_assert_max_num_queries):
    step = milestone_at(tie.home)

    def queries():
        for kind, subject in (
            ("update", UpdateFactory(homes=[tie.home])),
            ("document", HomeDocumentFactory(home=tie.home)),
            ("milestone", step),
        ):
            question = QuestionFactory(tie=tie, subject_kind=kind, subject_id=subject.pk)
        counts = []
        for path in (url("questions"), url("question", question.pk)):
            ReplyFactory(question=question)
            with django_assert_max_num_queries(16) as captured:
                html_of(owner, path)
            counts.append(len(captured))
        return counts

    assert queries() == queries() == queries()
