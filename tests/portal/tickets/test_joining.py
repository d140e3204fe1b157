"""Two tickets about the same: found before one is raised, merged within a home, and taken apart again."""

import pytest

from portal.tickets.errors import TicketError
from portal.tickets.merging import goes_on_in, merge, unmerge
from portal.tickets.models import Ticket
from portal.tickets.similar import similar_open
from progress.components.models import Component
from progress.models import Role
from tests.factories import NOW, OwnershipFactory

from .factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
State = Ticket.State


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def pair(tie):
    """Two open tickets of one owner and home."""
    return TicketFactory(ownership=tie), TicketFactory(ownership=tie, state=State.OPEN)


def joined(ticket, into):
    merge(ticket, into=into, by=None, at=NOW)
    return again(ticket)


def again(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def steps(ticket):
    return [(step.what, step.data) for step in ticket.steps.all()]


class TestMerging:
    def test_a_merged_ticket_leads_to_the_other_and_keeps_what_was_said(self, pair):
        one, other = pair
        message = MessageFactory(ticket=one)
        ticket = joined(one, other)
        assert (ticket.state, goes_on_in(ticket), ticket.messages.get()) == (State.MERGED, other, message)
        assert steps(ticket) == [("merged", {"into": str(other.pk)})]

    def test_it_leads_on_where_the_other_went_too(self, tie, pair):
        one, other = pair
        last = TicketFactory(ownership=tie)
        joined(one, other)
        joined(other, last)
        assert goes_on_in(again(one)) == last

    def test_whoever_waits_for_an_answer_in_one_waits_in_the_other(self, pair):
        one, other = pair
        Ticket.objects.filter(pk=one.pk).update(unanswered_since=NOW)
        joined(one, other)
        assert again(other).unanswered_since == NOW

    def test_merged_twice_it_is_merged_once(self, pair):
        one, other = pair
        joined(one, other)
        assert len(steps(joined(one, other))) == 1

    @pytest.mark.parametrize(("before", "after"), [("new", "new"), ("open", "open"), ("paused", "open")])
    def test_taken_apart_it_is_what_it_was(self, tie, before, after):
        one, other = TicketFactory(ownership=tie, state=before), TicketFactory(ownership=tie)
        joined(one, other)
        ticket = unmerge(one, by=None, at=NOW)
        assert (ticket.state, ticket.merged_into, steps(ticket)[-1][0]) == (after, None, "unmerged")

    def test_what_stands_by_itself_is_not_taken_apart(self, pair):
        with pytest.raises(TicketError, match="stands by itself"):
            unmerge(pair[0], by=None, at=NOW)


class TestRefusals:
    def test_not_into_itself(self, pair):
        with pytest.raises(TicketError, match="one and the same"):
            merge(pair[0], into=pair[0], by=None, at=NOW)

    def test_not_into_another_home(self, pair):
        with pytest.raises(TicketError, match="one household"):
            merge(pair[0], into=TicketFactory(), by=None, at=NOW)

    def test_not_into_the_ticket_of_the_household_before(self, tie, pair):
        with pytest.raises(TicketError, match="one household"):
            merge(pair[0], into=TicketFactory(ownership=tie, of_former=True), by=None, at=NOW)

    def test_nobody_is_led_to_what_is_personal_to_somebody_else(self, tie, pair):
        partner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        theirs = TicketFactory(ownership=partner, privacy=Ticket.Privacy.PERSONAL)
        for one, other in [(theirs, pair[0]), (pair[0], theirs)]:
            with pytest.raises(TicketError, match="personal"):
                merge(one, into=other, by=None, at=NOW)

    def test_nothing_that_is_over_goes_into_another_nor_another_into_it(self, tie, pair):
        over = TicketFactory(ownership=tie, closed=True)
        for one, other in [(over, pair[0]), (pair[0], over)]:
            with pytest.raises(TicketError, match="closed"):
                merge(one, into=other, by=None, at=NOW)

    def test_two_never_go_into_each_other(self, pair):
        one, other = pair
        joined(one, other)
        with pytest.raises(TicketError, match="part of another"):
            merge(other, into=one, by=None, at=NOW)


class TestSimilar:
    def test_the_same_part_comes_first_then_the_same_words_and_others_not_at_all(self, tie):
        tap, toilet = (Component.objects.get(code=code) for code in ("kitchen-tap", "bathroom-toilet"))
        alike = TicketFactory(ownership=tie, component=tap, title="Again", text="It is loose.")
        said = TicketFactory(ownership=tie, component=toilet, title="厨房龙头滴水", text="滴水一整夜")
        TicketFactory(ownership=tie, component=toilet, title="Cistern", text="It never stops.")
        TicketFactory(ownership=tie, component=tap, closed=True)
        assert similar_open(tie.home, tap, "水龙头滴水", tie.owner.user) == [alike, said]

    def test_nobody_hears_of_what_they_may_not_see(self, tie):
        partner = OwnershipFactory(home=tie.home, role=Role.CO_OWNER)
        TicketFactory(ownership=tie, privacy=Ticket.Privacy.PERSONAL)
        said = "The tap in the kitchen drips"
        assert similar_open(tie.home, None, said, partner.owner.user) == []
        assert len(similar_open(tie.home, None, said, tie.owner.user)) == 1
