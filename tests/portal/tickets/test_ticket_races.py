"""What happens to tickets at the same moment, and what would happen without the locks."""

from contextlib import contextmanager
from time import sleep
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError

from portal.tickets.conversation import reply
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.merging import merge
from portal.tickets.models import Counter, Message, Ticket
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, OwnershipFactory, StaffFactory

from .factories import TicketFactory
from .test_raising import raised


@pytest.fixture
def ties(transactional_db):
    return [OwnershipFactory() for _each in range(6)]


@contextmanager
def slowly():
    """Between the last number and the next one there is time for others."""
    save = Counter.save

    def wait(counter, **kwargs):
        sleep(0.1)
        save(counter, **kwargs)

    with patch.object(Counter, "save", wait):
        yield


def test_no_number_is_given_twice(ties):
    with slowly():
        outcomes = all_at_once(raised, ties)
    assert (outcomes.raised, sorted(ticket.number for ticket in outcomes.returned)) == (
        [],
        [f"T-2611-{number:04}" for number in range(1, 7)],
    )


@pytest.mark.postgresql
def test_without_the_lock_one_would_be(ties):
    raised(ties[0])  # the counter is there
    with slowly(), without_locks():
        assert IntegrityError in all_at_once(raised, ties[1:]).raised


def test_sent_from_two_tabs_at_once_it_is_one(ties):
    pk = uuid4()
    outcomes = all_at_once(lambda tie: raised(tie, ticket_id=pk), [ties[0]] * 3)
    assert (outcomes.raised, len(outcomes.returned), Ticket.objects.count()) == ([], 3, 1)


def test_two_never_go_into_each_other_at_once(ties):
    one, other = TicketFactory(ownership=ties[0]), TicketFactory(ownership=ties[0])
    outcomes = all_at_once(lambda pair: merge(pair[0], into=pair[1], by=None, at=NOW), [(one, other), (other, one)])
    assert (len(outcomes.returned), outcomes.raised) == (1, [TicketError])


def test_of_two_answers_at_once_one_is_looked_at_again(ties):
    ticket = TicketFactory(ownership=ties[0])
    staff = [StaffFactory(development=ticket.development) for _each in range(2)]

    def answer(by):
        return reply(message_id=uuid4(), ticket=ticket, text="We come.", seen=1, by=by, at=NOW)

    outcomes = all_at_once(answer, staff)
    assert (outcomes.raised, Message.objects.count()) == ([OvertakenError], 1)
