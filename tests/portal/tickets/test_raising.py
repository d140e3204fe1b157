"""Raising a ticket: its number, its way, who hears of it, and what is refused."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import Channel
from accounts.notices import kinds
from accounts.notices.models import Notice
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.raising import MOST_AN_HOUR, MOST_OPEN, raise_ticket, title_of
from portal.tickets.routing import means_danger, route
from progress.components.models import Component
from progress.models import Assignment, Role
from tests.factories import NOW, AssignmentFactory, OwnershipFactory, StaffFactory
from tests.portal.visits.factories import AbsenceFactory

from .factories import DutyFactory, TicketFactory

pytestmark = pytest.mark.django_db
Team = Assignment.Role
DRIPS = "The tap in the kitchen drips, day and night, and nobody can sleep any more."


@pytest.fixture
def tie():
    return OwnershipFactory()


def component(code):
    return Component.objects.get(code=code)


def raised(tie, **given):
    given = {"ticket_id": uuid4(), "kind": "repair", "text": DRIPS, "by": tie.owner.user, "at": NOW} | given
    return raise_ticket(**{"home": tie.home, "owner": tie.owner} | given)


def colleague(tie, role, group="Customer service", **values):
    user = StaffFactory(group=group, **values)
    AssignmentFactory(user=user, role=role, development=tie.home.development)
    return user


class TestRaised:
    def test_it_has_a_number_a_title_and_a_history(self, tie):
        ticket = raised(tie, component=component("kitchen-tap"), text=f"  {DRIPS}\r\n")
        step = ticket.steps.get()
        assert (ticket.number, ticket.title, ticket.text) == (
            "T-2611-0001",
            "The tap in the kitchen drips, day and night, and nobody can…",
            DRIPS,
        )
        assert (ticket.team, ticket.priority, ticket.sensitivity, ticket.state) == ("repairs", "normal", "A", "new")
        assert (step.what, step.data) == ("reported", {"kind": "repair", "priority": "normal", "by_staff": False})
        assert ticket.unanswered_since == NOW

    def test_numbers_begin_anew_with_the_month_of_the_development(self, tie):
        last = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)  # a minute to midnight in Shanghai
        numbers = [raised(tie, at=at).number for at in (last, last, last + timedelta(minutes=1))]
        assert numbers == ["T-2611-0001", "T-2611-0002", "T-2612-0001"]

    def test_sent_twice_it_is_one_and_somebody_elses_form_is_not_taken(self, tie):
        pk, other = uuid4(), OwnershipFactory()
        assert raised(tie, ticket_id=pk) == raised(tie, ticket_id=pk, text="Changed")
        with pytest.raises(TicketError, match="sent already"):
            raised(other, ticket_id=pk)
        assert (Ticket.objects.count(), Ticket.objects.get().text) == (1, DRIPS)

    def test_a_title_is_the_first_words_never_half_a_word(self):
        assert title_of("短") == "短"
        assert len(title_of("水" * 200)) == 60
        assert title_of("a\nb  c") == "a b c"

    @pytest.mark.parametrize("said", ["<script>alert(1)</script>", "\u202egnp.exe\u2066", "a\x00b"])
    def test_hostile_words_are_kept_as_words(self, tie, said):
        ticket = raised(tie, text=said, title=said, when_possible=said)
        assert (ticket.text, ticket.title, ticket.when_possible) == (said.replace("\x00", ""),) * 3


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "words"),
        [({"text": " "}, "few words"), ({"text": "x" * 4001}, "too long"), ({"kind": "revenge"}, "choose what")],
    )
    def test_without_words_or_with_too_many(self, tie, given, words):
        with pytest.raises(TicketError, match=words):
            raised(tie, **given)

    def test_about_a_home_that_is_not_theirs(self, tie):
        stranger, gone = OwnershipFactory(), OwnershipFactory(home=tie.home, state="ended", until=NOW.date())
        elsewhere = StaffFactory(group="Customer service", development=stranger.home.development)
        for given in (
            {"owner": stranger.owner, "by": stranger.owner.user},
            {"owner": gone.owner, "by": gone.owner.user},
            {"by": stranger.owner.user},
            {"by": elsewhere, "by_staff": True},
        ):
            with pytest.raises(TicketError):
                raised(tie, **given)
        assert not Ticket.objects.exists()

    def test_twenty_of_one_person_wait_but_never_an_emergency(self, tie):
        TicketFactory.create_batch(MOST_OPEN, ownership=tie, reported_at=NOW - timedelta(days=1))
        with pytest.raises(TicketError, match="Twenty.*400 000 0826"):
            raised(tie)
        assert raised(tie, text="I smell gas!").is_emergency

    def test_a_hundred_an_hour_from_one_home_but_never_an_emergency(self, tie):
        partner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        TicketFactory.create_batch(MOST_AN_HOUR, ownership=partner)
        with pytest.raises(TicketError, match="within an hour.*400 000 0826"):
            raised(tie)
        assert raised(tie, text="楼下漏水了").is_emergency
        assert raised(tie, at=NOW + timedelta(hours=1)).priority == "normal"


class TestItsWay:
    def test_the_most_specific_route_decides_and_sensitivity_the_priority(self):
        found = [
            (each.team, each.priority, each.touchpoint.code)
            for each in (
                route("repair", component("kitchen-tap")),
                route("repair", component("whole-home-gas-supply")),
                route("repair", component("outside-garden")),
                route("complaint", component("kitchen-tap")),
                route("praise", None),
            )
        ]
        assert found == [
            ("repairs", "normal", "repair-order"),
            ("repairs", "high", "repair-order"),
            ("site_manager", "normal", "repair-order"),
            ("customer_service", "high", "complaints"),
            ("customer_service", "low", "thanks"),
        ]

    @pytest.mark.parametrize(
        "said", ["There's a FIRE.", "It leaks", "got an electric shock", "厨房有煤气味", "插座冒烟", "老人触电了"]
    )
    def test_words_of_danger_make_an_emergency(self, tie, said):
        assert raised(tie, text=said, kind="question").is_emergency

    @pytest.mark.parametrize("said", ["The fireplace tiles", "Las Vegas", "gasket worn", "主卫吊顶有水渍"])
    def test_other_words_do_not(self, said):
        assert not means_danger(said)

    def test_it_goes_to_the_colleague_of_the_team_who_is_here_and_has_least(self, tie):
        busy, away, free = (colleague(tie, Team.REPAIRS, "Repairs") for _each in range(3))
        colleague(tie, Team.CUSTOMER_SERVICE)
        colleague(OwnershipFactory(), Team.REPAIRS, "Repairs")
        AbsenceFactory(person=away, first_day=NOW.date(), last_day=NOW.date())
        TicketFactory(ownership=tie, assignee=busy)
        assert raised(tie).assignee == free


class TestTold:
    def test_its_owner_and_whoever_has_it_hear_of_it(self, tie, told):
        helper = colleague(tie, Team.REPAIRS, "Repairs")
        raised(tie)
        assert sorted(told(), key=str) == sorted([(tie.owner, "ticket-received"), (helper, "ticket-assigned")], key=str)

    def test_while_nobody_has_it_the_place_hears_of_it(self, tie, told):
        boss = colleague(tie, Team.SUPERVISOR, "Supervisors")
        raised(tie)
        assert (boss, "ticket-unassigned") in told()

    def test_of_an_emergency_those_on_duty_hear_on_every_channel_at_night(self, tie):
        night = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # two in the morning in Shanghai
        guard = colleague(tie, Team.CUSTOMER_SERVICE, phone="+8613800000001", phone_verified=True)
        colleague(tie, Team.SUPERVISOR, "Supervisors")
        DutyFactory(user=guard, starts=night - timedelta(hours=1), ends=night + timedelta(hours=8))
        ticket = raised(tie, text="It smells of gas", at=night)
        alerts = Notice.objects.filter(kind="ticket-emergency")
        assert {(each.user, each.channel, each.next_try_at) for each in alerts} == {
            (guard, channel, night) for channel in (Channel.INBOX, Channel.EMAIL, Channel.SMS)
        }
        assert kinds.get("ticket-emergency").cannot_wait(ticket, at=night)

    def test_with_nobody_on_duty_the_team_and_the_supervisors_hear(self, tie):
        people = {colleague(tie, Team.REPAIRS, "Repairs"), colleague(tie, Team.SUPERVISOR, "Supervisors")}
        raised(tie, text="着火了")
        assert {each.user for each in Notice.objects.filter(kind="ticket-emergency")} == people
