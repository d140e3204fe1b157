"""A home changes hands: what the household had arranged is called off, the places go to others."""

import pytest

from portal.bookings.models import Booking
from progress.transfers.actions import transfer_home
from progress.transfers.parts import preview
from tests.factories import NOW, TODAY, HomeFactory, OwnerFactory
from tests.portal.bookings.factories import BookingFactory, SlotFactory, WaitingEntryFactory

pytestmark = pytest.mark.django_db


def again(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def booking():
    return BookingFactory(slot__capacity=2)


def sell(home, to=None):
    return transfer_home(home=home, to=[to or OwnerFactory()], on=TODAY, by=None, at=NOW)


def test_what_is_booked_and_waited_for_ends_and_nobody_is_told_twice(booking, told):
    home, former, new = booking.home, booking.owner, OwnerFactory()
    entry = WaitingEntryFactory(slot=SlotFactory(open_day=booking.open_day), home=home)
    over = BookingFactory(home=home, has_left=True, slot__open_day__development=home.development)
    sell(home, new)
    assert (again(booking).cancelled_because, again(entry).state, again(over).state) == ("transfer", "closed", "left")
    assert sorted((owner.pk, kind) for owner, kind in told()) == sorted(
        [(former.pk, "home-transferred"), (new.pk, "welcome")]
    )


def test_the_places_are_offered_to_whoever_waits(booking):
    entry = WaitingEntryFactory(slot=booking.slot)
    sell(booking.home)
    assert again(entry).state == "offered"


def test_the_preview_counts_what_would_end(booking):
    WaitingEntryFactory(slot=SlotFactory(open_day=booking.open_day), home=booking.home)
    lines = [(line.label, line.count) for line in preview(booking.home)["cancels"]]
    assert lines[-2:] == [("visits to open days that are booked", 1), ("places in the line for an open day", 1)]
    assert not any(line.label == lines[-1][0] for line in preview(HomeFactory())["cancels"])


def test_the_household_that_sold_sees_its_booking_no_more_and_the_new_one_never_did(booking):
    new = OwnerFactory()
    former = booking.owner.user
    sell(booking.home, new)
    assert [Booking.objects.for_user(user).count() for user in (former, new.user)] == [0, 0]
