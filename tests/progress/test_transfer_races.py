"""Two transfers at once, and somebody joining the household that is just leaving."""

from time import sleep
from unittest.mock import patch

import pytest

from accounts.actions import AccountError, accept_invitation
from progress.households import actions as households
from progress.households.actions import invite_to_household
from progress.models import Role
from progress.transfers import actions
from progress.transfers.actions import TransferError, transfer_home
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, TODAY, OwnerFactory, OwnershipFactory


@pytest.fixture
def ownership(transactional_db):
    return OwnershipFactory()


def sell(home, owner):
    return transfer_home(home=home, to=[owner], on=TODAY, by=None, at=NOW)


@pytest.fixture
def slowly():
    """Between what the transfer checks and what it writes there is time for others."""
    carry_out = actions._carry_out

    def wait(*args, **kwargs):
        sleep(0.3)
        return carry_out(*args, **kwargs)

    with patch.object(actions, "_carry_out", wait):
        yield


def invited(ownership):
    return invite_to_household(
        home=ownership.home,
        name="Lin",
        role=Role.FAMILY,
        channel="email",
        address="lin@example.com",
        language="en",
        by=ownership.owner.user,
        at=NOW,
    )


def sell_while_joining(ownership):
    """The transfer and the acceptance at the same moment. Returns the outcomes and who belongs to the home then."""
    tie, buyer = invited(ownership), OwnerFactory()
    acts = [
        lambda: sell(ownership.home, buyer),
        lambda: accept_invitation(tie.invitation, password=None, language="en", at=NOW),
    ]
    outcomes = all_at_once(lambda act: act(), acts)
    return outcomes, [tie.owner for tie in ownership.home.ownerships.live().select_related("owner")], buyer


def test_two_transfers_at_once_follow_each_other(ownership, slowly):
    """The home goes to the first and from there to the second: one owner at the end, one ended for each."""
    buyers = OwnerFactory.create_batch(2)
    outcomes = all_at_once(lambda buyer: sell(ownership.home, buyer), buyers)
    assert (len(outcomes.returned), outcomes.raised) == (2, [])
    assert ownership.home.ownerships.live().count() == 1


def test_the_same_transfer_sent_twice_is_carried_out_once(ownership, slowly):
    buyer = OwnerFactory()
    outcomes = all_at_once(lambda _each: sell(ownership.home, buyer), range(4))
    assert (len(outcomes.returned), outcomes.raised) == (1, [TransferError] * 3)


def test_who_joins_while_the_home_is_sold_does_not_stay(ownership, slowly):
    outcomes, living_there, buyer = sell_while_joining(ownership)
    assert living_there == [buyer]
    assert set(outcomes.raised) <= {AccountError}


@pytest.fixture
def joining_slowly():
    """Between what the acceptance checks and what it writes there is time for the transfer."""
    new_record = households._new_record

    def wait(*args):
        sleep(0.5)
        return new_record(*args)

    with patch.object(households, "_new_record", wait):
        yield


def test_who_was_joining_when_the_home_was_sold_does_not_stay(ownership, joining_slowly):
    outcomes, living_there, buyer = sell_while_joining(ownership)
    assert living_there == [buyer]
    assert set(outcomes.raised) <= {AccountError}


@pytest.mark.postgresql
def test_without_the_lock_the_home_would_not_be_the_buyers_alone(ownership, slowly, joining_slowly):
    with without_locks():
        _outcomes, living_there, buyer = sell_while_joining(ownership)
    assert living_there != [buyer]


@pytest.mark.postgresql
def test_without_the_lock_the_same_transfer_would_be_carried_out_again(ownership, slowly):
    buyer = OwnerFactory()
    with without_locks():
        outcomes = all_at_once(lambda _each: sell(ownership.home, buyer), range(4))
    assert len(outcomes.returned) > 1
