"""Questions under ids that are somebody else's, more of them than anybody may have open, and hostile words."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from accounts.privacy import erasure
from portal.tickets.models import Ticket
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import RightState, Role
from progress.questions import actions
from progress.questions.actions import MOST_OPEN, QuestionError, answer, ask, follow_up
from progress.questions.models import Question, Reply
from tests.concurrency import all_at_once, without_locks
from tests.factories import (
    NOW,
    TODAY,
    ErasureRequestFactory,
    HomeDocumentFactory,
    OwnershipFactory,
    QuestionFactory,
    ReplyFactory,
    StaffFactory,
    UpdateFactory,
)
from tests.portal.tickets.factories import TicketFactory


def url(name, *args):
    return reverse(f"home:{name}", args=args)


def put(client, path, text="When is that?", **data):
    return client.post(path, {"question_id": uuid4(), "reply_id": uuid4(), "text": text, "seen": 0} | data)


def answer_url(question):
    return reverse("desk_question:answer", args=[question.pk])


@pytest.mark.django_db
class TestTwoHomesOfOnePerson:
    """An owner here who rents there: what the one role opens, the other doesn't."""

    @pytest.fixture
    def mine(self):
        return OwnershipFactory()

    @pytest.fixture
    def rented(self, mine):
        return OwnershipFactory(owner=mine.owner, role=Role.TENANT)

    def subjects(self, home):
        template = JourneyTemplate.objects.get(kind="new_home", version=1)
        step = start_journey(home=home, template=template, started=TODAY, by=None).milestones.first()
        contract = HomeDocumentFactory(home=home, kind="contract", min_role="owner")
        return {"update": UpdateFactory(homes=[home]), "document": contract, "milestone": step}

    def test_what_tenants_do_not_see_they_ask_nothing_about(self, client, mine, rented):
        client.force_login(mine.owner.user)
        for home in (rented.home, mine.home):
            for kind, subject in self.subjects(rented.home).items() if home == mine.home else ():
                assert client.get(url("ask-about", home.pk, kind, subject.pk)).status_code == 404, kind
        contract = HomeDocumentFactory(home=rented.home, kind="contract", min_role="owner")
        for home in (rented.home, mine.home):
            for method in (client.get, client.post):
                assert method(url("ask-about", home.pk, "document", contract.pk)).status_code == 404

    def test_a_kind_is_not_crossed_with_the_id_of_another(self, client, mine):
        client.force_login(mine.owner.user)
        subjects = self.subjects(mine.home)
        for kind in subjects:
            for other, subject in subjects.items():
                expected = 404 if other != kind else 200
                assert client.get(url("ask-about", mine.home.pk, kind, subject.pk)).status_code in {expected, 404}
        for kind in ("home", "owner", "question", "UPDATE", "update%00", "__class__"):
            path = f"/my/homes/{mine.home.pk}/ask/{kind}/{subjects['update'].pk}/"
            assert client.get(path).status_code == 404, kind


@pytest.mark.django_db
class TestIdsThatAreTaken:
    def test_a_question_of_anothers_is_neither_shown_nor_changed(self, client):
        theirs, tie = TicketFactory(text="Between us"), OwnershipFactory()
        client.force_login(tie.owner.user)
        response = put(client, url("ask", tie.home.pk), question_id=theirs.pk)
        assert "Between us" not in response.content.decode()
        assert list(Ticket.objects.values_list("pk", "text")) == [(theirs.pk, "Between us")]

    def test_a_reply_of_the_staff_is_not_taken_for_ones_own(self, client):
        said = ReplyFactory(text="In week 12.")
        client.force_login(said.question.owner.user)
        response = put(client, url("question-reply", said.question.pk), reply_id=said.pk)
        assert (response.status_code, Reply.objects.get().text) == (200, "In week 12.")

    def test_nor_that_of_another_conversation_by_staff(self, client):
        said = ReplyFactory(text="In week 12.")
        question = QuestionFactory()
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        response = put(client, answer_url(question), reply_id=said.pk)
        assert (response.status_code, question.replies.count(), said.question.replies.count()) == (200, 0, 1)

    @pytest.mark.parametrize("bad", ["", "1", "\x00", "g" * 32, "{}", "[]", "0" * 5000])
    def test_what_is_no_id_is_refused(self, client, bad):
        question = QuestionFactory()
        client.force_login(question.owner.user)
        for path in (url("ask", question.home_id), url("question-reply", question.pk)):
            assert put(client, path, question_id=bad, reply_id=bad).status_code == 200
        assert (Question.objects.count(), Reply.objects.count(), Ticket.objects.count()) == (1, 0, 0)


@pytest.mark.django_db
class TestPeopleWhoShouldBeGone:
    def test_after_the_sale_nothing_is_added_and_the_buyer_opens_nothing(self, client):
        question = QuestionFactory()
        tie = question.owner.ownerships.get()
        buyer = OwnershipFactory(home=question.home)
        tie.state, tie.until = RightState.ENDED, TODAY
        tie.save()
        for user in (question.owner.user, buyer.owner.user):
            client.force_login(user)
            put(client, url("question-reply", question.pk))
            put(client, url("ask", question.home_id), question_id=question.pk)
        assert (Reply.objects.count(), Question.objects.filter(owner=question.owner).count()) == (0, 1)

    @pytest.mark.parametrize("what", ["assignment", "group", "login"])
    def test_staff_with_the_page_still_open_answer_nothing(self, client, what):
        question = QuestionFactory()
        staff = StaffFactory(group="Supervisors", development=question.home.development)
        client.force_login(staff)
        assert client.get(reverse("desk_question:inspect", args=[question.pk])).status_code == 200
        if what == "assignment":
            staff.assignments.update(state=RightState.ENDED, until=TODAY)
        elif what == "group":
            staff.groups.clear()
        else:
            User.objects.filter(pk=staff.pk).update(is_active=False)
        for path in (answer_url(question), reverse("desk_question:close", args=[question.pk])):
            assert put(client, path).status_code in {302, 404}
        question.refresh_from_db()
        assert (question.state, question.replies.count()) == ("open", 0)

    def test_of_another_development_they_answer_nothing_by_any_number(self, client):
        mine, theirs = QuestionFactory(), QuestionFactory()
        client.force_login(StaffFactory(group="Supervisors", development=mine.home.development))
        for path in (answer_url(theirs), reverse("desk_question:close", args=[theirs.pk])):
            assert put(client, path).status_code == 404
        page = client.get(reverse("desk_question:index"), {"home__development": theirs.home.development_id})
        assert theirs.text not in page.content.decode()

    def test_answered_while_its_asker_is_being_erased_it_breaks_nothing(self, client, monkeypatch):
        question = QuestionFactory()
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        wish = ErasureRequestFactory(owner=question.owner, state="approved", due_at=NOW)
        before = actions.answer

        def late(*args, **kwargs):
            erasure.carry_out(wish, at=NOW)
            return before(*args, **kwargs)

        monkeypatch.setattr(actions, "answer", late)
        assert put(client, answer_url(question)).status_code == 404
        assert Reply.objects.count() == 0


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "Hello\r\nBcc: all@example.com\r\n\r\nBody",
    "\u202e\u2066evil\u2069",
    '=HYPERLINK("http://evil.example")',
    "javascript:alert(1) http://evil.example/ [x](http://evil.example)",
    "😀" * 2000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words_on_every_page_and_in_the_mail(client, text, mailoutbox, time_machine):
    time_machine.move_to(NOW)
    tie = OwnershipFactory()
    staff = StaffFactory(group="Supervisors", everywhere=True)
    question = ask(question_id=uuid4(), home=tie.home, subject=None, text=text, by=tie.owner.user, at=NOW)
    answer(question, reply_id=uuid4(), text=text, seen=0, by=staff, at=NOW)
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[tie.owner.user.email]]
    bodies = [mailoutbox[0].alternatives[0][0]]
    assert "\n" not in mailoutbox[0].subject
    pages = {tie.owner.user: url("question", question.pk), staff: reverse("desk_question:inspect", args=[question.pk])}
    for user, path in pages.items():
        browser = Client()
        browser.force_login(user)
        bodies.append(browser.get(path).content.decode())
    for body in bodies:
        assert ("<script>alert" in body, 'href="http://evil' in body, 'href="javascript' in body) == (False,) * 3


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\x00", "a\x00b", " ", "\u200b" * 0, "x" * 4001, "\ud800"])
def test_what_can_not_be_kept_is_refused(client, text):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    if text == "\ud800":
        path, body = url("ask", tie.home.pk), f"question_id={uuid4()}&text=%ED%A0%80"
        response = client.post(path, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in {200, 302}
        return
    assert put(client, url("ask", tie.home.pk), text).status_code == 200
    assert Ticket.objects.count() == 0


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """An owner of two homes has 19 questions open, and asks in both at the same moment."""

    @pytest.fixture
    def ties(self):
        tie = OwnershipFactory()
        QuestionFactory.create_batch(MOST_OPEN - 1, tie=tie)
        return [tie, *OwnershipFactory.create_batch(3, owner=tie.owner)]

    def asked_everywhere(self, ties):
        def one(tie):
            by = tie.owner.user
            return ask(question_id=uuid4(), home=tie.home, subject=None, text="And when?", by=by, at=NOW)

        return all_at_once(one, ties)

    def test_they_have_twenty_open_and_no_more(self, ties):
        outcomes = self.asked_everywhere(ties)
        assert (len(outcomes.returned), outcomes.raised) == (1, [QuestionError] * 3)

    @pytest.mark.postgresql
    def test_without_the_lock_there_would_be_more(self, ties):
        with without_locks():
            assert len(self.asked_everywhere(ties).returned) > 1

    def test_followed_up_while_the_home_is_left_it_is_one_of_both(self):
        question = QuestionFactory()
        wish = ErasureRequestFactory(owner=question.owner, state="approved", due_at=NOW)
        by = question.owner.user
        acts = [
            lambda: follow_up(question, reply_id=uuid4(), text="And?", by=by, at=NOW),
            lambda: erasure.carry_out(wish, at=NOW),
        ]
        all_at_once(lambda act: act(), acts)
        assert (Question.objects.count(), Reply.objects.count()) == (0, 0)
        assert not Notice.objects.filter(owner=question.owner, state="queued").exists()
