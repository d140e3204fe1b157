"""A customer is erased: what they had booked alone goes to others, what a household has booked stays."""

from datetime import UTC, datetime

import pytest

from accounts.privacy import erasure
from accounts.privacy.consequences import told
from progress.models import Role
from tests.factories import NOW, OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import BookingFactory, WaitingEntryFactory
from tests.portal.visits.factories import VisitFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 12, 22, 15, 59, 59, tzinfo=UTC)  # when the thirtieth day after NOW ends in Shanghai


def erase(owner, development):
    request = erasure.ask_erasure(owner=owner, by=owner.user, at=NOW)
    erasure.approve(request, by=StaffFactory(group="Supervisors", development=development), at=NOW)
    assert erasure.carry_out(request, at=DUE)


@pytest.fixture
def held():
    """(booking, place in the line, visit) of one home."""
    booking = BookingFactory()
    entry = WaitingEntryFactory(home=booking.home, owner=booking.owner)
    return booking, entry, VisitFactory(home=booking.home, owner=booking.owner)


def states(held):
    for row in held:
        row.refresh_from_db()
    return [row.state for row in held]


def test_where_nobody_is_left_all_of_it_is_called_off(held):
    erase(held[0].owner, held[0].home.development)
    assert states(held) == ["cancelled", "closed", "cancelled"]
    assert not held[2].cells.exists()


def test_what_a_household_has_stays_theirs(held):
    before = states(held)
    OwnershipFactory(home=held[0].home, role=Role.CO_OWNER)
    erase(held[0].owner, held[0].home.development)
    assert states(held) == before


def test_whoever_decides_reads_what_would_be_called_off(held):
    assert {line for line, _is_warning in told(held[0].owner)} >= {
        "What is booked at open days is cancelled: 1.",
        "Places in the line for an open day are given up: 1.",
        "Visits that are booked, or to be booked, are called off: 1.",
    }
