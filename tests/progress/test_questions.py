"""Questions: who may ask about what, who is told, what is said after, and who sees it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import translation

from accounts.events.models import Event
from accounts.merges.actions import merge_owners, undo_merge
from accounts.models import Owner, User
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from accounts.privacy import erasure
from accounts.privacy.models import WAIT, end_of_day
from progress.documents.actions import withdraw_document
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Assignment, Role
from progress.questions.actions import (
    MOST_OPEN,
    MOST_REPLIES,
    OvertakenError,
    QuestionError,
    answer,
    ask,
    close,
    follow_up,
    staff_for,
)
from progress.questions.models import Question, Reply, with_subjects
from progress.transfers import parts
from progress.transfers.actions import transfer_home
from tests.concurrency import all_at_once, without_locks
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def service(tie):
    return staff("Customer service", tie.home.development)


def staff(group, development=None, role=None, **fields):
    """Somebody of the group, with the post that belongs to it at the development, or at all of them."""
    user = StaffFactory(group=group, development=development, everywhere=development is None, **fields)
    posts = {"Customer service": "customer_service", "Supervisors": "supervisor", "Site managers": "site_manager"}
    user.assignments.update(role=role or posts[group])
    return User.objects.get(pk=user.pk)


def asked(tie, subject=None, text="When do the windows come?", question_id=None, at=NOW):
    by = tie.owner.user
    return ask(question_id=question_id or uuid4(), home=tie.home, subject=subject, text=text, by=by, at=at)


def answered(question, by, text="In May.", seen=None, reply_id=None, at=NOW):
    seen = question.replies.count() if seen is None else seen
    return answer(question, reply_id=reply_id or uuid4(), text=text, seen=seen, by=by, at=at)


def added(question, by, text="And the doors?", reply_id=None):
    return follow_up(question, reply_id=reply_id or uuid4(), text=text, by=by, at=NOW)


def milestone_at(home):
    template = JourneyTemplate.objects.get(kind="new_home", version=1)
    return start_journey(home=home, template=template, started=TODAY, by=None).milestones.first()


class TestAsking:
    def test_a_question_keeps_its_subject_and_is_in_the_log_by_number(self, tie):
        update = UpdateFactory(homes=[tie.home])
        question = asked(tie, update)
        assert (question.owner, question.asked_by, question.subject, question.state) == (
            tie.owner, tie.owner.user, update, "open",
        )  # fmt: skip
        event = Event.objects.get(subject_id=str(question.pk))
        assert (event.verb, event.actor, event.home_id, event.reason) == ("asked", tie.owner.user, tie.home.pk, "")

    def test_a_form_sent_twice_makes_one_question_and_tells_once(self, tie, service, told):
        question_id = uuid4()
        assert asked(tie, question_id=question_id) == asked(tie, text="Other words", question_id=question_id)
        assert (Question.objects.get().text, told()) == ("When do the windows come?", [(service, "question-asked")])

    def test_the_number_of_somebody_else_s_question_is_not_taken(self, tie):
        theirs = QuestionFactory()
        with pytest.raises(QuestionError, match="begin anew"):
            asked(tie, question_id=theirs.pk)

    @pytest.mark.parametrize(("text", "words"), [(" \n ", "write something"), ("x" * 4001, "too long")])
    def test_nothing_and_too_much_are_refused(self, tie, text, words):
        with pytest.raises(QuestionError, match=words):
            asked(tie, text=text)
        assert Question.objects.count() == 0

    def test_twenty_open_questions_are_enough(self, tie):
        QuestionFactory.create_batch(MOST_OPEN, tie=tie)
        with pytest.raises(QuestionError, match="answer these first"):
            asked(tie)
        close(tie.owner.questions.first(), by=None)
        asked(tie)

    @pytest.mark.parametrize(
        ("role", "sees"),
        [
            (Role.OWNER, ["update", "announcement", "contract", "plan", "leaflet", "milestone", "home"]),
            (Role.CO_OWNER, ["update", "announcement", "contract", "plan", "leaflet", "milestone", "home"]),
            (Role.FAMILY, ["update", "announcement", "plan", "leaflet", "milestone", "home"]),
            (Role.TENANT, ["announcement", "leaflet", "home"]),
        ],
    )
    def test_each_role_asks_about_what_it_sees(self, role, sees):
        home = OwnershipFactory().home
        person = OwnershipFactory(home=home, role=role)
        contract = HomeDocumentFactory(home=home, kind="contract", min_role="owner")
        contract.private_to.set(Owner.objects.filter(ownerships__home=home))
        announcement = UpdateFactory(kind="announcement", valid_until=NOW + timedelta(days=1), homes=[home])
        about = {
            "update": UpdateFactory(homes=[home]),
            "announcement": announcement,
            "contract": contract,
            "plan": HomeDocumentFactory(home=home),
            "leaflet": HomeDocumentFactory(home=home, min_role="tenant"),
            "milestone": milestone_at(home),
            "home": None,
        }
        assert [word for word, subject in about.items() if may_ask(person, subject)] == sees

    def test_what_is_another_home_s_is_refused_also_to_staff_who_own_a_home(self, tie):
        other = OwnershipFactory(owner=tie.owner)  # their own second home
        tie.owner.user.is_superuser = True
        tie.owner.user.save()
        foreign = OwnershipFactory().home
        for home in (other.home, foreign):
            for subject in (UpdateFactory(homes=[home]), HomeDocumentFactory(home=home), milestone_at(home)):
                assert not may_ask(tie, subject)

    def test_a_draft_and_what_was_withdrawn_are_refused(self, tie):
        withdrawn = HomeDocumentFactory(home=tie.home, withdrawn_at=NOW, withdrawn_reason="Wrong home")
        draft = UpdateFactory(development=tie.home.development)
        draft.homes.set([tie.home])
        assert [may_ask(tie, subject) for subject in (withdrawn, draft)] == [False, False]

    @pytest.mark.parametrize("end", ["left", "erased", "closed", "to begin"])
    def test_who_does_not_belong_to_the_home_is_refused(self, tie, end):
        if end in {"left", "to begin"}:
            tie.state, tie.until = ("ended", TODAY) if end == "left" else ("pending", None)
            tie.save()
        elif end == "erased":
            Owner.objects.filter(pk=tie.owner.pk).update(erased_at=NOW)
        else:
            tie.owner.user.is_active = False
            tie.owner.user.save()
        assert not may_ask(tie, None)


def may_ask(tie, subject):
    try:
        return bool(asked(tie, subject))
    except QuestionError:
        return False


class TestWhoIsTold:
    def test_customer_service_of_the_development(self, tie, service):
        everywhere = staff("Customer service")
        staff("Customer service", OwnershipFactory().home.development)
        staff("Supervisors", tie.home.development)
        staff("Customer service", tie.home.development, is_active=False)
        assert set(staff_for(tie.home)) == {service, everywhere}

    def test_else_the_supervisors(self, tie):
        supervisor = staff("Supervisors", tie.home.development)
        staff("Marketing", tie.home.development, role="customer_service")  # may not see questions
        staff("Site managers", tie.home.development)
        ended = staff("Customer service", tie.home.development)
        ended.assignments.update(state="ended", until=TODAY)
        assert staff_for(tie.home) == [supervisor]

    def test_else_nobody_and_the_question_waits_on_the_desk(self, tie, told):
        asked(tie)
        assert (told(), Question.objects.open().count()) == ([], 1)

    def test_the_staff_s_message_has_no_words_of_the_question(self, tie, service):
        asked(tie, text="My neighbour snores")
        deliver_due()
        notice = Notice.objects.get(user=service)
        assert (notice.channel, notice.state, "snores" in notice.title + notice.text) == ("inbox", "sent", False)

    def test_who_lost_the_development_is_not_told_any_more(self, tie, service):
        asked(tie)
        Assignment.objects.all().delete()
        deliver_due()
        assert Notice.objects.get().state == "suppressed"

    def test_what_is_answered_meanwhile_is_told_no_more(self, tie, service):
        answered(asked(tie), service)
        deliver_due()
        assert Notice.objects.get(kind="question-asked").state == "suppressed"

    def test_what_is_added_is_told_too(self, tie, service):
        question = asked(tie)
        added(question, tie.owner.user)
        assert Notice.objects.filter(user=service, kind="question-asked").count() == 2


class TestAnswering:
    def test_whoever_asked_reads_the_answer_by_message_in_their_language(self, tie, service, mailoutbox, told):
        co_owner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        update = UpdateFactory(homes=[tie.home], title_zh="装窗到九层")
        tie.owner.user.language = "zh-hans"
        tie.owner.user.save()
        question = asked(tie, update)
        answered(question, service, text="In May.\n\nOr in June.")
        question.refresh_from_db()
        assert question.state == "answered"
        assert set(told()) == {(service, "question-asked"), (tie.owner, "question-answered")}
        deliver_due()
        kept = Notice.objects.get(owner=tie.owner, channel="inbox")
        assert ("装窗到九层" in kept.title, "Or in June." in kept.text, kept.url) == (
            True, True, f"/my/questions/{question.pk}/",
        )  # fmt: skip
        assert [message.to for message in mailoutbox] == [[tie.owner.user.email]]
        assert "In May." in mailoutbox[0].body
        assert not Notice.objects.filter(owner=co_owner.owner).exists()

    def test_the_answer_goes_to_nobody_but_the_one_whose_question_it_is(self, tie, service, mailoutbox):
        question = asked(tie)
        answered(question, service)
        Question.objects.update(owner=OwnerFactory())
        deliver_due()
        assert mailoutbox == []

    def test_sent_twice_it_is_answered_and_told_once(self, tie, service):
        question, reply_id = asked(tie), uuid4()
        assert answered(question, service, reply_id=reply_id) == answered(question, service, seen=0, reply_id=reply_id)
        told = Notice.objects.filter(kind="question-answered", channel="inbox")
        assert (Reply.objects.count(), told.count()) == (1, 1)

    def test_the_second_of_two_must_look_first(self, tie, service):
        question, colleague = asked(tie), staff("Supervisors")
        answered(question, service, seen=0)
        with pytest.raises(OvertakenError, match="in the meantime"):
            answered(question, colleague, text="In June.", seen=0)
        assert question.replies.get().text == "In May."
        answered(question, colleague, text="In June.", seen=1)

    def test_what_the_owner_added_meanwhile_must_be_read_too(self, tie, service):
        question = asked(tie)
        added(question, tie.owner.user)
        with pytest.raises(OvertakenError):
            answered(question, service, seen=0)

    def test_to_a_closed_question_nobody_adds_anything(self, tie, service):
        question = close(asked(tie), by=service)
        with pytest.raises(QuestionError, match="closed"):
            answered(question, service)
        with pytest.raises(QuestionError, match="closed"):
            added(question, tie.owner.user)
        assert Reply.objects.count() == 0

    def test_closing_twice_is_closing_once(self, tie, service):
        question = asked(tie)
        assert {close(question, by=service).state, close(question, by=service).state} == {"closed"}
        assert Event.objects.filter(verb="closed").count() == 1

    def test_each_step_is_in_the_log(self, tie, service):
        question = asked(tie)
        answered(question, service)
        added(question, tie.owner.user)
        close(question, by=service)
        log = Event.objects.filter(subject_id=str(question.pk)).order_by("pk").values_list("verb", "actor", "reason")
        owner = tie.owner.user.pk
        assert list(log) == [
            ("asked", owner, ""), ("answered", service.pk, ""), ("followed up", owner, ""), ("closed", service.pk, ""),
        ]  # fmt: skip


class TestFollowingUp:
    def test_it_opens_the_question_again(self, tie, service):
        question = asked(tie)
        answered(question, service)
        reply_id = uuid4()
        assert added(question, tie.owner.user, reply_id=reply_id) == added(question, tie.owner.user, reply_id=reply_id)
        question.refresh_from_db()
        assert (question.state, question.replies.filter(by_staff=False).count()) == ("open", 1)

    def test_nobody_but_whoever_asked(self, tie, service):
        question = asked(tie)
        co_owner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER).owner.user
        for other in (co_owner, service, OwnershipFactory().owner.user):
            with pytest.raises(QuestionError):
                added(question, other)

    def test_the_number_of_somebody_else_s_reply_is_not_taken(self, tie, service):
        theirs = ReplyFactory()
        with pytest.raises(QuestionError, match="begin anew"):
            added(asked(tie), tie.owner.user, reply_id=theirs.pk)

    def test_not_after_leaving_the_home_though_staff_still_answer(self, tie, service, told):
        question = asked(tie)
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        with pytest.raises(QuestionError, match="no longer yours"):
            added(question, tie.owner.user)
        answered(question, service)
        assert (tie.owner, "question-answered") in told()

    def test_a_hundred_replies_are_enough(self, tie):
        question = QuestionFactory(tie=tie)
        ReplyFactory.create_batch(MOST_REPLIES, question=question)
        with pytest.raises(QuestionError, match="new question"):
            added(question, tie.owner.user)


class TestScope:
    def test_own_questions_and_for_staff_those_of_their_developments(self, tie):
        mine = QuestionFactory(tie=tie)
        reply = ReplyFactory(question=mine)
        co_owner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER).owner.user
        here, elsewhere = tie.home.development, OwnershipFactory().home.development
        seeing = {
            "who asked": tie.owner.user,
            "site manager": staff("Site managers", here),
            "service": staff("Customer service", here),
            "supervisor": staff("Supervisors", here),
        }
        blind = [co_owner, staff("Marketing", here, role="supervisor"), staff("Supervisors", elsewhere)]
        assert {who for who, user in seeing.items() if mine in Question.objects.for_user(user)} == set(seeing)
        assert all(list(Reply.objects.for_user(user)) == [reply] for user in seeing.values())
        assert [user for user in blind if Question.objects.for_user(user) or Reply.objects.for_user(user)] == []

    def test_as_somebody_of_a_home_staff_see_their_own_only(self, tie):
        QuestionFactory()
        mine = QuestionFactory(tie=tie)
        tie.owner.user.is_superuser = True
        assert list(Question.objects.asked_by(tie.owner.user, on=TODAY)) == [mine]

    def test_who_left_reads_for_180_days_even_with_another_home(self):
        former = OwnershipFactory(former=True)  # ten days ago
        mine = QuestionFactory(tie=former)
        OwnershipFactory(owner=former.owner)
        assert list(Question.objects.asked_by(former.owner.user, on=TODAY + timedelta(days=169))) == [mine]
        assert list(Question.objects.asked_by(former.owner.user, on=TODAY + timedelta(days=170))) == []

    def test_a_new_owner_and_a_buyer_back_see_none_of_the_conversations_before(self, tie):
        question = QuestionFactory(tie=tie)
        buyer = OwnerFactory()
        transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
        assert list(Question.objects.for_user(buyer.user)) == []
        assert list(Question.objects.asked_by(tie.owner.user, on=TODAY)) == [question]

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"erased": True}])
    def test_a_closed_login_and_an_erased_owner_see_nothing(self, tie, fields):
        QuestionFactory(tie=tie)
        user = tie.owner.user
        user.is_active = fields.get("is_active", True)
        Owner.objects.filter(pk=tie.owner.pk).update(erased_at=NOW if fields.get("erased") else None)
        assert list(Question.objects.for_user(user)) == list(Question.objects.asked_by(user, on=TODAY)) == []

    def test_what_waits_comes_first_the_oldest_before_the_others(self, tie):
        days = {"closed": 9, "answered": 5, "open": 1}
        rows = {state: QuestionFactory(tie=tie, state=state, created_at=NOW - timedelta(days=ago))
                for state, ago in days.items()}  # fmt: skip
        older = QuestionFactory(tie=tie, created_at=NOW - timedelta(days=3))
        ordered = [older, rows["open"], rows["answered"], rows["closed"]]
        assert list(Question.objects.waiting_first()) == ordered


class TestSubjects:
    def test_what_was_withdrawn_or_corrected_keeps_its_title_in_both_languages(self, tie):
        document = HomeDocumentFactory(home=tie.home, title_en="Roof", title_zh="屋顶")
        update = UpdateFactory(homes=[tie.home], title_en="Floor nine", title_zh="九层")
        about = [asked(tie, subject) for subject in (document, update, milestone_at(tie.home), None)]
        withdraw_document(document, reason="Wrong", by=None, at=NOW)
        UpdateFactory(kind="correction", corrects=update, homes=[tie.home])
        said = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said[language] = [str(each.title) for each in with_subjects(Question.objects.in_bulk().values())]
        assert {"Roof", "Floor nine", str(tie.home)} < set(said["en"])
        assert {"屋顶", "九层"} < set(said["zh-hans"])
        assert len(about) == len(said["en"]) == 4

    def test_a_document_without_a_title_is_called_by_its_kind(self, tie):
        document = HomeDocumentFactory(home=tie.home, title_en="", title_zh="")
        assert asked(tie, document).title == "Plan"

    def test_many_questions_name_their_subjects_in_one_query_a_kind(self, tie, django_assert_num_queries):
        step = milestone_at(tie.home)
        for _each in range(3):
            for subject in (UpdateFactory(homes=[tie.home]), HomeDocumentFactory(home=tie.home), step, None):
                asked(tie, subject)
        questions = Question.objects.select_related("home__development")
        with django_assert_num_queries(4):
            assert len([str(each.title) for each in with_subjects(questions)]) == 12


class TestOtherParts:
    def test_the_preview_of_a_transfer_says_that_questions_stay_with_who_asked(self, tie):
        QuestionFactory(tie=tie)
        QuestionFactory(tie=tie, state="closed")
        QuestionFactory(tie=OwnershipFactory(home=tie.home, former=True))
        ends = [(str(line.label), line.count) for line in parts.preview(tie.home)["ends"]]
        assert ("questions, which only those who asked can still read", 1) in ends

    def test_a_merge_takes_questions_along_and_undoing_it_brings_them_back(self, tie):
        kept, question = OwnerFactory(), QuestionFactory(tie=tie)
        merge = merge_owners(kept=kept, gone=tie.owner, by=None, at=NOW)
        assert list(Question.objects.asked_by(kept.user, on=TODAY)) == [question]
        added(question, kept.user)
        undo_merge(merge, by=None, at=NOW)
        question.refresh_from_db()
        assert question.owner == tie.owner

    def test_erasing_a_customer_takes_their_conversations_and_nobody_else_s(self, tie, service):
        ReplyFactory(question=QuestionFactory(tie=tie))
        co_owner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        other = ReplyFactory(question=QuestionFactory(tie=co_owner))
        request = erasure.ask_erasure(owner=tie.owner, by=tie.owner.user, at=NOW)
        erasure.approve(request, by=service, at=NOW)
        assert erasure.carry_out(request, at=end_of_day(NOW + WAIT))
        assert (list(Question.objects.all()), list(Reply.objects.all())) == ([other.question], [other])

    @pytest.mark.parametrize(
        "fields",
        [{"subject_kind": "update"}, {"subject_id": uuid4()}, {"state": "x"}, {"text": ""}, {"subject_kind": "x"}],
    )
    def test_half_a_row_is_impossible(self, tie, fields):
        with pytest.raises(IntegrityError):
            QuestionFactory(tie=tie, **fields)

    def test_a_reply_without_words_is_impossible(self):
        with pytest.raises(IntegrityError):
            ReplyFactory(text="")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Six of the staff answer the same question at the same moment."""

    @pytest.fixture
    def everybody(self):
        question = QuestionFactory()
        return [(question, StaffFactory(group="Supervisors", everywhere=True)) for _each in range(6)]

    def test_one_answers_and_the_others_must_look(self, everybody):
        outcomes = all_at_once(lambda pair: answered(*pair, seen=0), everybody)
        assert (len(outcomes.returned), outcomes.raised) == (1, [OvertakenError] * 5)

    @pytest.mark.postgresql
    def test_without_the_lock_there_would_be_more(self, everybody):
        with without_locks():
            assert len(all_at_once(lambda pair: answered(*pair, seen=0), everybody).returned) > 1

    def test_a_question_sent_six_times_at_once_is_one(self):
        tie, question_id = OwnershipFactory(), uuid4()
        outcomes = all_at_once(lambda _each: asked(tie, question_id=question_id), range(6))
        assert (len(outcomes.returned), Question.objects.count()) == (6, 1)
