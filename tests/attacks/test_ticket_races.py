"""Tickets that several reach for at one moment: nobody waits for ever, and one thing comes of it, not two."""

from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest

from accounts.leaving import hand_over
from portal.tickets.clocks import sweep as clock_sweep
from portal.tickets.closing import confirming, resolving, silence
from portal.tickets.conversation import write
from portal.tickets.errors import TicketError
from portal.tickets.merging import merge
from portal.tickets.models import Message, Ticket
from progress.transfers.actions import transfer_home
from tests.factories import OwnerFactory, OwnershipFactory, StaffFactory
from tests.portal.tickets.closing_stories import A_DAY, DONE, agent_at, repaired
from tests.portal.tickets.factories import TicketFactory
from tests.portal.tickets.test_raising import raised

from .test_appointment_races import at_once, later, slowly

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
AFTER = DONE + timedelta(hours=1)


def sell(home, at):
    return lambda: transfer_home(home=home, to=[OwnerFactory()], on=at.date(), by=None, at=at)


@pytest.fixture
def done():
    """A repair, with its clocks and promises, that waits for its owner's word."""
    ticket, _repairer = repaired(raised(OwnershipFactory()))
    return ticket


@pytest.mark.parametrize("act", ["confirm", "not_fixed", "withdraw", "write", "raise"])
def test_the_home_is_sold_while_its_owner_says_something(done, act):
    by = done.raised_by
    acts = {
        "confirm": lambda: confirming.confirm(done, by=by, at=AFTER),
        "not_fixed": lambda: confirming.not_fixed(done, text="It drips.", by=by, at=AFTER),
        "withdraw": lambda: confirming.withdraw(done, by=by, at=AFTER),
        "write": lambda: write(message_id=uuid4(), ticket=done, text="And now?", by=by, at=AFTER),
        "raise": lambda: raised(done.home.ownerships.get()),
    }
    slow = [(confirming, "take_step"), (resolving, "take_step"), (confirming, "close")]
    with ExitStack() as stack:
        for module, name in slow:
            stack.enter_context(patch.object(module, name, slowly(getattr(module, name), 0.25)))
        outcomes = at_once(acts[act], later(sell(done.home, AFTER), 0.1))
    assert (set(outcomes.raised) <= {TicketError}, done.home.ownerships.live().count()) == (True, 1), outcomes.raised


def test_the_clocks_are_swept_while_homes_are_sold_and_owners_confirm(done):
    late = [raised_at(done) for _each in range(3)]
    at = DONE + 30 * A_DAY
    with patch.object(clock_sweep, "_warn", slowly(clock_sweep._warn, 0.3)):
        outcomes = at_once(
            lambda: clock_sweep.sweep(at=at),
            later(lambda: confirming.confirm(done, by=done.raised_by, at=at), 0.05),
            later(sell(done.home, at), 0.1),
            later(lambda: merge(late[0], into=late[1], by=None, at=at), 0.1),
        )
    assert set(outcomes.raised) <= {TicketError}


def raised_at(ticket):
    tie = ticket.home.ownerships.get()
    return Ticket.objects.get(pk=raised(tie).pk)


def test_silence_closes_it_while_a_mail_confirms_refuses_and_the_home_is_sold(done):
    at = DONE + 20 * A_DAY
    done.resolutions.update(reminders=2, next_at=at)
    with patch.object(silence, "close", slowly(silence.close, 0.3)):
        outcomes = at_once(
            lambda: silence.close_unanswered(at=at),
            later(lambda: write(message_id=uuid4(), ticket=done, text="No!", by=done.raised_by, at=at), 0.1),
            later(sell(done.home, at), 0.15),
        )
    ticket = Ticket.objects.get(pk=done.pk)
    assert (set(outcomes.raised) <= {TicketError}, ticket.state) == (True, "closed")
    assert Message.objects.filter(text="No!").exists() == (TicketError not in outcomes.raised)


def test_it_is_confirmed_and_refused_in_two_tabs(done):
    by = done.raised_by
    outcomes = at_once(
        lambda: confirming.confirm(done, by=by, at=AFTER),
        lambda: confirming.not_fixed(done, text="It drips.", by=by, at=AFTER),
    )
    assert (len(outcomes.returned), outcomes.raised) == (1, [TicketError])


def test_a_colleague_leaves_while_their_tickets_are_confirmed_swept_and_given(done):
    place = done.development
    leaves, stays = agent_at(place), agent_at(place)
    Ticket.objects.update(assignee=leaves)
    late = [TicketFactory(ownership=done.home.ownerships.get(), assignee=leaves) for _each in range(3)]
    boss = StaffFactory(everywhere=True, group="Supervisors")
    outcomes = at_once(
        lambda: hand_over(leaves, to=stays, by=boss, at=AFTER),
        lambda: confirming.confirm(done, by=done.raised_by, at=AFTER),
        lambda: clock_sweep.sweep(at=AFTER),
        *[lambda each=each: merge(each, into=late[0], by=leaves, at=AFTER) for each in late[1:]],
    )
    assert outcomes.raised == []
