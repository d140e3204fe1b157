"""The end of a ticket: what staff say, what the owner says to it, and what happens when nobody says anything."""

from datetime import timedelta

import pytest

from accounts.notices import kinds
from accounts.notices.models import Notice
from portal.tickets.closing import confirming, silence
from portal.tickets.closing.confirming import confirm, confirm_by_telephone, not_fixed, reopen, withdraw
from portal.tickets.closing.models import Resolution
from portal.tickets.closing.moments import can_be_reopened
from portal.tickets.closing.resolving import resolve, take_up
from portal.tickets.closing.warranty import decide, decision_of, overrule
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.models import Step, Ticket
from portal.tickets.steps import take_step
from progress.components.models import Component
from tests.concurrency import all_at_once
from tests.factories import OwnershipFactory

from .closing_stories import A_DAY, DONE, REPORTED, agent_at, repaired, repairer_at, reported, with_photo


@pytest.fixture
def ticket(db):
    return reported()


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def history(ticket):
    return list(ticket.steps.order_by("seq").values_list("what", flat=True))


def stands(ticket):
    ticket = now(ticket)
    return ticket.state, ticket.outcome, ticket.closed_how, ticket.reopened


class TestResolving:
    def test_fixed_needs_a_photo_by_us_since_it_was_opened(self, ticket):
        mine = repairer_at(ticket.development)
        with_photo(ticket, by=mine, at=REPORTED - A_DAY)  # of an earlier visit
        with pytest.raises(TicketError, match="add a photo"):
            resolve(ticket, outcome="fixed", seen=1, work_done_en="A new washer.", by=mine, at=DONE)
        with_photo(ticket, by=mine)
        resolve(ticket, outcome="fixed", seen=1, work_done_en="A new washer.", by=mine, at=DONE)
        assert stands(ticket) == ("resolved", "fixed", "", 0)

    @pytest.mark.parametrize(
        ("outcome", "why"),
        [("fixed", "what was done"), ("answered", "to the owner why"), ("withdrawn", "what came of it")],
    )
    def test_an_outcome_without_its_words_is_refused(self, ticket, outcome, why):
        with pytest.raises(TicketError, match=why):
            resolve(ticket, outcome=outcome, seen=1, by=agent_at(ticket.development), at=DONE)

    def test_not_covered_needs_a_decision_with_its_clause_which_is_kept(self, ticket):
        agent = agent_at(ticket.development)
        given = {"outcome": "not_covered", "text": "It was drilled through.", "seen": None, "by": agent, "at": DONE}
        with pytest.raises(TicketError, match="decide first"):
            resolve(ticket, **given)
        overrule(ticket, covered="yes", reason_en="It is ours.", by=agent, at=DONE)
        with pytest.raises(TicketError, match="the warranty covers this"):
            resolve(ticket, **given)
        overrule(ticket, covered="no", reason_en="Drilled.", clause_en="Drilling is not covered.", by=agent, at=DONE)
        resolution = resolve(ticket, **given)
        said = kinds.get("ticket-resolved").paragraphs(resolution)
        assert (resolution.clause, said[:2]) == (said[1], ["It was drilled through.", "Drilling is not covered."])
        assert "formal complaint" in said[2]

    def test_of_two_staff_who_close_it_at_once_one_is_told_to_look_again(self, transactional_db):
        ticket = reported()
        agents = [agent_at(ticket.development) for _each in range(2)]
        done = all_at_once(
            lambda agent: resolve(ticket, outcome="answered", text="Yes.", seen=1, by=agent, at=DONE), agents
        )
        assert (len(done.returned), done.raised, Resolution.objects.count()) == (1, [OvertakenError], 1)


class TestTheOwnersWord:
    def test_confirmed_it_is_closed_and_a_second_tap_changes_nothing(self, ticket):
        repaired(ticket)
        for _tap in range(2):
            confirm(ticket, by=ticket.owner.user, at=DONE + A_DAY)
        assert stands(ticket) == ("closed", "fixed", "owner", 0)
        assert (now(ticket).closed_at, history(ticket).count("confirmed")) == (DONE + A_DAY, 1)

    def test_not_done_it_is_open_again_as_old_as_it_is_and_needs_a_new_photo(self, ticket, told):
        _ticket, repairer = repaired(ticket)
        not_fixed(ticket, text="It still drips.", by=ticket.owner.user, at=DONE + A_DAY)
        after = now(ticket)
        assert (stands(ticket), after.reported_at) == (("open", "", "", 1), REPORTED)
        assert list(after.messages.values_list("text", "owner")) == [("It still drips.", ticket.owner_id)]
        with pytest.raises(TicketError, match="add a photo"):
            resolve(ticket, outcome="fixed", seen=None, work_done_en="Again.", by=repairer, at=DONE + 2 * A_DAY)

    def test_it_is_opened_again_by_one_tap_on_day_30_and_not_on_day_31(self, ticket):
        repaired(ticket)
        confirm(ticket, by=ticket.owner.user, at=DONE)
        end_of_day_30 = DONE + 30 * A_DAY + timedelta(hours=8, minutes=59)  # 23:59 at the home
        assert can_be_reopened(now(ticket), at=end_of_day_30)
        with pytest.raises(TicketError, match="more than 30 days ago"):
            reopen(ticket, by=ticket.owner.user, at=end_of_day_30 + timedelta(minutes=1))
        for _tap in range(2):
            reopen(ticket, by=ticket.owner.user, at=end_of_day_30)
        assert stands(ticket) == ("open", "", "", 1)

    def test_only_whoever_raised_it_withdraws_it(self, ticket):
        partner = OwnershipFactory(home=ticket.home, role="co_owner").owner.user
        with pytest.raises(TicketError, match="whoever raised it"):
            withdraw(ticket, by=partner, at=DONE)
        withdraw(ticket, by=ticket.owner.user, at=DONE)
        assert stands(ticket) == ("closed", "withdrawn", "owner", 0)

    @pytest.mark.parametrize("act", [confirm, reopen])
    def test_what_does_not_follow_is_refused(self, ticket, act):
        with pytest.raises(TicketError, match="ticket is new"):
            act(ticket, by=ticket.owner.user, at=DONE)

    @pytest.mark.parametrize("act", [confirm, reopen, withdraw])
    def test_another_home_has_no_say(self, ticket, stranger, act):
        repaired(ticket)
        with pytest.raises(TicketError, match="not yours"):
            act(ticket, by=stranger, at=DONE)
        assert stands(ticket) == ("resolved", "fixed", "", 0)

    def test_by_telephone_a_colleague_notes_it_and_never_the_repairer(self, ticket):
        _ticket, repairer = repaired(ticket)
        with pytest.raises(TicketError, match="did this work yourself"):
            confirm_by_telephone(ticket, by=repairer, at=DONE)
        confirm_by_telephone(ticket, by=agent_at(ticket.development), at=DONE)
        assert (stands(ticket)[2], Resolution.objects.get().on_telephone) == ("owner", True)

    def test_staff_open_it_again_with_a_reason(self, ticket):
        _ticket, repairer = repaired(ticket)
        given = {"seen": now(ticket).version, "by": repairer, "at": DONE + A_DAY}
        with pytest.raises(TicketError, match="say why"):
            take_up(ticket, **given)
        take_up(ticket, reason_en="The seal was the wrong one.", **given)
        assert (stands(ticket), Resolution.objects.get().how) == (("open", "", "", 1), "left")


class TestSilence:
    def sweep(self, ticket, *days):
        """Run it hourly over these days after it was done; returns [(day, what was told)]."""
        first, last = days
        for hour in range(first * 24, last * 24 + 24):
            silence.close_unanswered(at=DONE + timedelta(hours=hour))
        told = Notice.objects.filter(channel="inbox", owner=ticket.owner).order_by("created_at")
        return [((notice.created_at - DONE).days, notice.kind) for notice in told]

    def test_the_owner_is_reminded_twice_and_told_of_the_end_after_seven_days(self, ticket):
        repaired(ticket)
        asked = [(0, "ticket-resolved"), (2, "ticket-resolved"), (5, "ticket-resolved"), (7, "ticket-closed")]
        assert self.sweep(ticket, 0, 9) == asked
        assert stands(ticket) == ("closed", "fixed", "silence", 0)

    def test_after_a_standstill_nobody_is_closed_without_two_reminders_and_two_days(self, ticket):
        repaired(ticket)
        told = self.sweep(ticket, 20, 26)
        assert [day for day, _kind in told] == [0, 20, 21, 23]

    def test_an_owner_who_writes_puts_it_off_until_seven_days_after_our_answer(self, ticket):
        repaired(ticket)
        for what, day in ((Step.What.WROTE, 1), (Step.What.REPLIED, 10)):
            take_step(now(ticket), what, by=None, at=DONE + day * A_DAY)
        assert [day for day, _kind in self.sweep(ticket, 0, 20)] == [0, 12, 15, 17]

    def test_a_word_in_the_second_of_closing_is_heard(self, ticket):
        repaired(ticket)
        self.sweep(ticket, 0, 6)
        Ticket.objects.filter(pk=ticket.pk).update(unanswered_since=DONE + 7 * A_DAY)  # after the sweep has looked
        resolution = Resolution.objects.get()
        silence.advance(resolution.pk, ticket.pk, at=resolution.next_at)
        assert stands(ticket) == ("resolved", "fixed", "", 0)

    def test_one_that_fails_does_not_hold_up_the_others(self, ticket, monkeypatch):
        repaired(ticket)
        _other, _by = repaired(reported())
        follow_up = confirming.follow_up

        def fails(of, **given):
            if of.pk == ticket.pk:
                raise RuntimeError
            follow_up(of, **given)

        monkeypatch.setattr(silence, "follow_up", fails)
        self.sweep(ticket, 0, 7)
        assert sorted(Ticket.objects.values_list("state", flat=True)) == ["closed", "resolved"]


class TestWarranty:
    def test_it_is_judged_when_it_is_reported_and_anew_for_another_component(self, ticket):
        tap, floor = Component.objects.filter(code__in=["kitchen-tap", "kitchen-floor"]).order_by("-code")
        for component, what in ((tap, "reported"), (tap, "routed"), (floor, "routed")):
            ticket.component = component
            ticket.save()
            take_step(ticket, what, by=None, at=REPORTED)
        decisions = ticket.warranty_decisions.order_by("number").values_list("number", "component", "covered")
        assert list(decisions) == [(1, tap.pk, "unclear"), (2, floor.pk, "unclear")]

    def test_what_staff_decided_stands_when_it_is_judged_again(self, ticket):
        agent = agent_at(ticket.development)
        decide(ticket, by=None, at=REPORTED)
        with pytest.raises(TicketError, match="say why"):
            overrule(ticket, covered="yes", seen=1, by=agent, at=DONE)
        overrule(ticket, covered="yes", reason_en="We saw it at the handover.", seen=1, by=agent, at=DONE)
        decide(ticket, by=None, at=DONE)
        assert (decision_of(ticket).number, decision_of(ticket).by) == (2, agent)
        with pytest.raises(OvertakenError):
            overrule(ticket, covered="no", reason_en="Drilled.", clause_en="…", seen=1, by=agent, at=DONE)
