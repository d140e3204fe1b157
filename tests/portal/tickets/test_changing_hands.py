"""What becomes of tickets when a home is sold, when a customer is erased, and when a colleague leaves."""

from datetime import timedelta

import pytest

from accounts.leaving import leave
from accounts.privacy.consequences import all_consequences
from portal.tickets.erasing import Tickets as Erasing
from portal.tickets.models import Message, Ticket
from portal.tickets.work import take_from_those_gone
from progress.models import Assignment, Role
from progress.transfers.actions import transfer_home
from progress.transfers.parts import preview
from tests.factories import NOW, TODAY, AssignmentFactory, OwnerFactory, OwnershipFactory, StaffFactory

from .factories import DutyFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory()


def again(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def sell(home):
    new = OwnerFactory()
    transfer_home(home=home, to=[new], on=TODAY, by=None, at=NOW)
    return new


class TestSold:
    def test_what_was_said_stays_with_whoever_said_it(self, tie):
        ticket = TicketFactory(ownership=tie)
        message = MessageFactory(ticket=ticket)
        new = sell(tie.home)
        seen = [
            (list(Ticket.objects.for_user(user, on=TODAY)), list(Message.objects.for_user(user)))
            for user in (tie.owner.user, new.user)
        ]
        assert seen == [([ticket], [message]), ([], [])]
        assert (again(ticket).state, again(ticket).version) == ("new", ticket.version + 1)

    def test_after_180_days_the_former_household_sees_it_no_more(self, tie):
        TicketFactory(ownership=tie)
        sell(tie.home)
        last = TODAY + timedelta(days=179)
        seen = [Ticket.objects.for_user(tie.owner.user, on=day).count() for day in (last, last + timedelta(days=1))]
        assert seen == [1, 0]

    def test_the_new_household_finds_the_repairs_that_were_done(self, tie):
        done = TicketFactory(ownership=tie, closed=True, work_done_en="New washer.", work_done_zh="换垫圈。")
        TicketFactory(ownership=tie, closed=True, kind=Ticket.Kind.QUESTION, outcome=Ticket.Outcome.ANSWERED)
        sell(tie.home)
        assert list(Ticket.objects.repairs_of(tie.home)) == [done]

    def test_the_preview_counts(self, tie):
        TicketFactory(ownership=tie)
        TicketFactory(ownership=tie, closed=True)
        TicketFactory(ownership=tie, kind=Ticket.Kind.COMPLAINT)
        lines = {line.label: line.count for part in preview(tie.home).values() for line in part}
        assert {label: count for label, count in lines.items() if "repairs" in label or "tickets" in label} == {
            "repairs that are being done": 1,
            "repairs that were done": 1,
            "tickets that wait for us, which only those who raised them can still read": 2,
        }


class TestErased:
    def outcome(self, ticket):
        ticket = again(ticket)
        return ticket.state, ticket.outcome

    def erase(self, owner):
        assert any(isinstance(each, Erasing) for each in all_consequences())
        Erasing().carry_out(owner, by=None, at=NOW)

    def test_what_nobody_is_left_to_hear_of_ends(self, tie):
        ticket = TicketFactory(ownership=tie)
        self.erase(tie.owner)
        assert self.outcome(ticket) == ("closed", "withdrawn")

    def test_the_repair_of_a_home_in_which_others_live_goes_on_and_a_question_does_not(self, tie):
        OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        repair, question = (TicketFactory(ownership=tie, kind=kind) for kind in ("repair", "question"))
        said = [line for line, _warning in Erasing().told(tie.owner)]
        self.erase(tie.owner)
        assert [self.outcome(repair), self.outcome(question)] == [("new", ""), ("closed", "withdrawn")]
        assert said == [
            "Tickets that are open end, as if withdrawn: 1.",
            "Repairs of a home in which others live go on, without their words: 1.",
        ]


class TestLeft:
    @pytest.fixture
    def here(self, tie):
        return tie.home.development

    @pytest.fixture
    def boss(self, here):
        return StaffFactory(group="Supervisors", development=here)

    @pytest.fixture
    def colleague(self, here):
        return StaffFactory(group="Customer service", development=here)

    def test_whoever_takes_over_has_their_tickets(self, tie, here, boss, colleague):
        ticket = TicketFactory(ownership=tie, assignee=colleague)
        done = TicketFactory(ownership=tie, assignee=colleague, closed=True)
        heir = StaffFactory(group="Customer service", development=here)
        assert leave(colleague, to=heir, by=boss, at=NOW) == 1
        assert (again(ticket).assignee, again(done).assignee) == (heir, colleague)

    def test_nobody_gets_tickets_of_places_where_they_do_not_work(self, colleague, boss, tie):
        ticket = TicketFactory(ownership=tie, assignee=colleague)
        elsewhere = StaffFactory(group="Customer service", development=OwnershipFactory().home.development)
        assert leave(colleague, to=elsewhere, by=boss, at=NOW) == 0
        assert again(ticket).assignee == colleague

    def test_they_are_on_duty_no_more(self, colleague, boss):
        running = DutyFactory(user=colleague)
        DutyFactory(user=colleague, starts=NOW + timedelta(days=1), ends=NOW + timedelta(days=2))
        leave(colleague, by=boss, at=NOW)
        assert list(colleague.duties.values_list("pk", "ends")) == [(running.pk, NOW)]

    def test_what_nobody_took_over_goes_to_the_team_by_itself(self, tie, here, boss, colleague, told):
        helper = StaffFactory(group="Customer service")
        AssignmentFactory(user=helper, role=Assignment.Role.CUSTOMER_SERVICE, development=here)
        ticket = TicketFactory(ownership=tie, assignee=colleague)
        assert take_from_those_gone(at=NOW) == 0
        leave(colleague, by=boss, at=NOW)
        assert [take_from_those_gone(at=NOW) for _time in range(2)] == [1, 0]
        assert (again(ticket).assignee, told()) == (helper, [(helper, "ticket-assigned")])

    def test_it_goes_on_from_whoever_works_elsewhere_now_and_waits_where_there_is_no_team(self, tie, colleague):
        ticket = TicketFactory(ownership=tie, assignee=colleague)
        colleague.assignments.update(state="ended", until=TODAY)
        assert take_from_those_gone(at=NOW) == 1
        assert again(ticket).assignee is None
