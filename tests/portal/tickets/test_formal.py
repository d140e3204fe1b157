"""Formal complaints: by which days, in which order, by whom."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.tickets.errors import TicketError
from portal.tickets.formal import actions, letters
from portal.tickets.formal.handlers import handlers, reviewers_for
from portal.tickets.formal.models import Deadlines, FormalComplaint, Letter
from progress.models import Assignment
from progress.promises.models import Promise
from tests.factories import NOW, AssignmentFactory, StaffFactory
from tests.portal.visits.factories import VisitFactory

from .factories import MessageFactory, StepFactory, TicketFactory
from .formal_factories import FormalComplaintFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def ticket():
    return TicketFactory(kind="complaint")


def colleague(place, role=Assignment.Role.SUPERVISOR):
    user = StaffFactory(group="Supervisors")
    AssignmentFactory(user=user, role=role, development=place)
    return user


def made(ticket, at=NOW):
    return actions.complain(ticket, wish="An apology", by=ticket.raised_by, at=at)


def days_of(complaint):
    zone = timedelta(hours=8)
    return [(complaint.due(step) + zone).strftime("%m-%d %H:%M") for step in actions.ORDER]


class TestDays:
    def test_calendar_days_are_counted_from_the_working_day_after_receipt(self, ticket):
        """Received on a Sunday: Monday is the first day, 23 November."""
        complaint = made(ticket)
        assert complaint.counted_from.isoformat() == "2026-11-23"
        assert days_of(complaint) == ["11-28 23:59", "12-03 23:59", "12-23 23:59", "01-18 23:59"]

    def test_a_friday_s_complaint_counts_from_monday(self, ticket):
        assert made(ticket, at=NOW + 5 * DAY).counted_from.isoformat() == "2026-11-30"

    def test_a_development_s_own_deadlines_count_before_the_company_s(self, ticket):
        Deadlines.objects.create(acknowledgement=3, path=8, answer=20, final=40)
        Deadlines.objects.create(development=ticket.development, acknowledgement=2, path=4, answer=6, final=8)
        assert days_of(made(ticket)) == ["11-25 23:59", "11-27 23:59", "11-29 23:59", "12-01 23:59"]

    def test_deadlines_out_of_order_are_refused(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deadlines.objects.create(path=40)

    def test_changed_settings_move_nothing_that_was_promised(self, ticket):
        complaint = made(ticket)
        Deadlines.objects.create(development=ticket.development, acknowledgement=1, path=1, answer=1, final=1)
        assert made(ticket).due_at == complaint.due_at


class TestMaking:
    def test_four_letters_are_promised_and_the_supervisors_hear_of_it(self, ticket, told):
        supervisor = colleague(ticket.development)
        complaint = made(ticket)
        promised = Promise.objects.filter(subject_id=str(complaint.pk)).values_list("kind", flat=True)
        assert sorted(promised) == [f"complaint-{step}" for step in ("acknowledgement", "answer", "final", "path")]
        assert told() == [(supervisor, "complaint-made")]

    def test_made_twice_it_is_one(self, ticket):
        assert made(ticket) == made(ticket)
        assert FormalComplaint.objects.count() == 1

    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "praise"},
            {"closed": True, "outcome": "withdrawn"},
            {"owner": None, "raised_by": None},
        ],
    )
    def test_what_is_no_complaint_is_refused(self, fields):
        ticket = TicketFactory(**fields)
        with pytest.raises(TicketError):
            actions.complain(ticket, wish="Money", by=ticket.raised_by or colleague(ticket.development), at=NOW)

    def test_nobody_else_of_the_household_makes_it(self, ticket):
        with pytest.raises(TicketError):
            actions.complain(ticket, wish="Money", by=TicketFactory().raised_by, at=NOW)


class TestReviewer:
    def test_everybody_who_had_a_part_in_the_case_is_out(self, ticket):
        place = ticket.development
        wrote, assigned, came, acted, free = (colleague(place) for _number in range(5))
        MessageFactory(ticket=ticket, owner=None, by_staff=True, author=wrote, internal=True)
        StepFactory(ticket=ticket, seq=1, what="assigned", by=None, data={"to": str(assigned.pk)})
        StepFactory(ticket=ticket, seq=2, what="paused", by=acted)
        VisitFactory(home=ticket.home, person=came, subject_kind="tickets.ticket", subject_id=str(ticket.pk))
        complaint = made(ticket)
        assert handlers(ticket) == {wrote.pk, assigned.pk, came.pk, acted.pk}
        assert reviewers_for(complaint) == [free]
        with pytest.raises(TicketError):
            actions.name_reviewer(complaint, reviewer=wrote, by=free, at=NOW)

    def test_a_part_in_what_was_merged_into_it_counts(self, ticket):
        other = TicketFactory(ownership__home=ticket.home)
        helper = colleague(ticket.development)
        MessageFactory(ticket=other, owner=None, by_staff=True, author=helper)
        type(other).objects.filter(pk=other.pk).update(state="merged", merged_into=ticket)
        assert handlers(ticket) == {helper.pk}

    def test_whoever_takes_part_after_being_named_writes_no_answer(self, ticket):
        complaint, reviewer = made(ticket), colleague(ticket.development)
        actions.name_reviewer(complaint, reviewer=reviewer, by=reviewer, at=NOW)
        for step in ("acknowledgement", "path"):
            actions.send_letter(complaint, step=step, text="We look into it.", by=reviewer, at=NOW)
        MessageFactory(ticket=ticket, owner=None, by_staff=True, author=reviewer)
        with pytest.raises(TicketError):
            actions.send_letter(complaint, step="answer", text="You are right.", by=reviewer, at=NOW)

    def test_it_is_somebody_of_the_place(self, ticket):
        complaint = made(ticket)
        with pytest.raises(TicketError):
            actions.name_reviewer(complaint, reviewer=StaffFactory(group="Supervisors"), by=None, at=NOW)


class TestLetters:
    @pytest.fixture
    def complaint(self, ticket):
        complaint = made(ticket)
        actions.name_reviewer(complaint, reviewer=colleague(ticket.development), by=None, at=NOW)
        complaint.refresh_from_db()
        return complaint

    def write(self, complaint, step, *, at=NOW, by=None, text="Dear Ms Shen", **fields):
        return actions.send_letter(complaint, step=step, text=text, by=by or complaint.reviewer, at=at, **fields)

    def test_they_come_in_order_keep_their_promises_and_end_with_a_decision(self, complaint):
        for step in ("acknowledgement", "path", "answer"):
            self.write(complaint, step)
        self.write(complaint, "final", verdict="partly")
        complaint.refresh_from_db()
        assert (complaint.state, complaint.verdict, complaint.due_at) == ("decided", "partly", None)
        assert set(Promise.objects.values_list("state", flat=True)) == {"kept"}

    def test_none_is_left_out_and_none_comes_twice(self, complaint):
        with pytest.raises(TicketError):
            self.write(complaint, "answer")
        first = self.write(complaint, "acknowledgement")
        assert self.write(complaint, "acknowledgement") == first
        with pytest.raises(TicketError):
            self.write(complaint, "acknowledgement", text="Other words")
        assert Letter.objects.count() == 1

    def test_answer_and_decision_come_from_the_reviewer_alone(self, complaint):
        other = colleague(complaint.ticket.development)
        self.write(complaint, "acknowledgement", by=other)
        self.write(complaint, "path", by=other)
        with pytest.raises(TicketError):
            self.write(complaint, "answer", by=other)

    def test_a_decision_stands_in_the_last_one_only(self, complaint):
        with pytest.raises(TicketError):
            self.write(complaint, "acknowledgement", verdict="upheld")
        for step in ("acknowledgement", "path", "answer"):
            self.write(complaint, step)
        with pytest.raises(TicketError):
            self.write(complaint, "final")

    def test_one_after_its_day_is_late_and_says_so(self, complaint):
        letter = self.write(complaint, "acknowledgement", at=NOW + 7 * DAY)
        assert not letter.in_time
        assert Promise.objects.get(kind="complaint-acknowledgement").state == "late"

    def test_withdrawn_it_promises_nothing_more(self, complaint):
        actions.withdraw(complaint, by=complaint.ticket.raised_by, at=NOW)
        assert not Promise.objects.open().exists()
        with pytest.raises(TicketError):
            self.write(complaint, "acknowledgement")

    def test_its_pdf_is_made_once(self, complaint):
        letter = self.write(complaint, "acknowledgement", text="We have your complaint.")
        letters.make(letter, at=NOW)
        letter.refresh_from_db()
        file = letter.file
        letters.make(letter, at=NOW)
        letter.refresh_from_db()
        assert (letter.state, letter.file) == ("ready", file)


class TestPages:
    def test_an_owner_complains_and_reads_what_is_due(self, client, ticket):
        client.force_login(ticket.raised_by)
        page = reverse("home:complaint", args=[ticket.pk])
        assert client.get(page).status_code == 200
        html = client.post(page, {"wish": "<b>Money</b>"}, follow=True).content.decode()
        assert "28 November 2026" in html
        assert "&lt;b&gt;Money&lt;/b&gt;" in html

    def test_the_reviewer_writes_on_the_desk(self, client, ticket):
        complaint, reviewer = made(ticket), colleague(ticket.development)
        client.force_login(reviewer)
        client.post(reverse("desk_complaint:reviewer", args=[complaint.pk]), {"reviewer": reviewer.pk})
        given = {"step": "acknowledgement", "text": "We have your complaint."}
        page = client.post(reverse("desk_complaint:write", args=[complaint.pk]), given, follow=True)
        assert "We have your complaint." in page.content.decode()
        assert [(letter.step, letter.by) for letter in Letter.objects.all()] == [("acknowledgement", reviewer)]

    def test_an_impossible_step_is_refused_in_words(self, client):
        complaint = FormalComplaintFactory()
        reviewer = colleague(complaint.ticket.development)
        client.force_login(reviewer)
        page = client.post(reverse("desk_complaint:write", args=[complaint.pk]), {"step": "x' --", "text": "Words"})
        assert page.status_code == 200
        assert not Letter.objects.exists()
