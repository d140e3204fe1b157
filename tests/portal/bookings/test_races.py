"""What happens to places that many want at the same moment, and what would happen without the locks."""

from contextlib import contextmanager
from datetime import timedelta
from time import sleep
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError

from portal.bookings import booking as actions
from portal.bookings import locking, publishing
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking, Slot
from progress.transfers.actions import transfer_home
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, TODAY, OwnerFactory
from tests.portal.bookings.factories import BookingFactory, SlotFactory, household_at
from tests.portal.bookings.test_booking import ask


@pytest.fixture
def slot(transactional_db):
    return SlotFactory(capacity=6)


@pytest.fixture
def ties(slot):
    return [household_at(slot.open_day.development) for _each in range(8)]


@contextmanager
def slowly():
    """Between the count and what is written because of it there is time for others."""
    slot_now = locking.slot_now

    def wait(pk):
        slot = slot_now(pk)
        sleep(0.2)
        return slot

    with patch.object(locking, "slot_now", wait):
        yield


def meanwhile(slot, tie, act):
    """Book, and let somebody else do `act` between the count and the row. With locks they would wait for each other."""
    refuse_over, asked = actions.refuse_over, []

    def refuse(*args):
        refuse_over(*args)
        asked.append(args)
        if len(asked) == 2:  # the first time is before the lock
            assert all_at_once(lambda do: do(), [act]).raised == []

    with without_locks(), patch.object(actions, "refuse_over", refuse):
        ask(slot, tie)


def live(slot):
    return Slot.objects.with_places().get(pk=slot.pk).booked


class TestLastPlaces:
    """Eight parties of two want six places."""

    def test_as_many_are_given_as_there_are(self, slot, ties):
        outcomes = all_at_once(lambda tie: ask(slot, tie), ties)
        assert (len(outcomes.returned), outcomes.raised, live(slot)) == (3, [BookingError] * 5, 6)

    @pytest.mark.postgresql
    def test_without_the_lock_it_oversells(self, slot, ties):
        with without_locks(), slowly():
            all_at_once(lambda tie: ask(slot, tie), ties)
        assert live(slot) > 6


class TestOneHome:
    def test_a_double_click_makes_one_booking_and_both_see_it(self, slot, ties):
        op = uuid4()
        outcomes = all_at_once(lambda tie: ask(slot, tie, booking_id=op).pk, [ties[0]] * 4)
        assert (outcomes.returned, Booking.objects.count(), live(slot)) == ([op] * 4, 1, 2)

    def test_two_homes_under_one_id_get_one_booking_between_them(self, slot, ties):
        op = uuid4()
        outcomes = all_at_once(lambda tie: ask(slot, tie, booking_id=op), ties[:2])
        assert (len(outcomes.returned), outcomes.raised, live(slot)) == (1, [BookingError], 2)

    def test_two_tabs_at_two_times_are_one_booking_of_the_home(self, slot, ties):
        slots = [slot, SlotFactory(open_day=slot.open_day)]
        outcomes = all_at_once(lambda each: ask(each, ties[0]), slots)
        assert (len(outcomes.returned), outcomes.raised, Booking.objects.count()) == (1, [BookingError], 1)

    @pytest.mark.postgresql
    def test_without_the_lock_the_database_alone_stops_the_second(self, slot, ties):
        slots = [slot, SlotFactory(open_day=slot.open_day)]
        with without_locks(), slowly():
            outcomes = all_at_once(lambda each: ask(each, ties[0]), slots)
        assert (len(outcomes.returned), outcomes.raised) == (1, [IntegrityError])


class TestMoves:
    @pytest.fixture
    def booked(self, slot):
        """Two times with two places each, both full, but for one more place at each."""
        slots = [SlotFactory(open_day=slot.open_day, capacity=4) for _each in range(2)]
        return [(BookingFactory(slot=slots[side]), slots[1 - side]) for side in (0, 1)]

    def test_two_that_change_places_do_not_wait_for_each_other_for_ever(self, booked):
        def go(pair):
            booking, other = pair
            return actions.move(booking, slot=other, by=None, at=NOW).slot_id

        outcomes = all_at_once(go, booked)
        assert (outcomes.returned, outcomes.raised) == ([other.pk for _booking, other in booked], [])

    @pytest.mark.postgresql
    def test_locked_in_another_order_they_would(self, booked):
        """Each takes the slot it leaves first: then each waits for the other, until the database ends one of them."""

        def one_by_one(rows, *pks):
            found = []
            for pk in pks:
                found += rows.select_for_update(no_key=True).filter(pk=pk)
                sleep(0.3)
            return found

        def go(pair):
            return actions.move(pair[0], slot=pair[1], by=None, at=NOW)

        with patch.object(type(Slot.objects.all()), "locked", one_by_one):
            outcomes = all_at_once(go, booked)
        assert (len(outcomes.returned), outcomes.raised) == (1, [OperationalError])

    def test_the_last_place_goes_to_one_of_those_who_move_there(self, slot, ties):
        target = SlotFactory(open_day=slot.open_day, capacity=2)
        bookings = [ask(slot, tie) for tie in ties[:3]]
        outcomes = all_at_once(lambda each: actions.move(each, slot=target, by=None, at=NOW), bookings)
        assert (len(outcomes.returned), outcomes.raised) == (1, [BookingError] * 2)
        assert (live(slot), live(target)) == (4, 2)


class TestAgainstTheDesk:
    def test_fewer_places_against_a_booking(self, slot, ties):
        """Whichever comes first, the other is refused: never more people than places."""
        acts = [
            lambda: publishing.change_slot(slot, capacity=1, by=None, at=NOW),
            lambda: ask(slot, ties[0]),
        ]
        outcomes = all_at_once(lambda act: act(), acts)
        assert (len(outcomes.returned), outcomes.raised) == (1, [BookingError])
        assert live(slot) <= Slot.objects.get(pk=slot.pk).capacity

    @pytest.mark.postgresql
    def test_without_locks_there_would_be_more_people_than_places(self, slot, ties):
        meanwhile(slot, ties[0], lambda: publishing.change_slot(slot, capacity=1, by=None, at=NOW))
        assert (live(slot), Slot.objects.get(pk=slot.pk).capacity) == (2, 1)

    def test_calling_off_against_bookings_leaves_nobody_behind(self, slot, ties):
        """Who was first is cancelled with the day, who was later is refused: nobody comes to a closed gate."""
        acts = [lambda: publishing.cancel_open_day(slot.open_day, reason_en="Storm.", by=None, at=NOW)]
        acts += [lambda tie=tie: ask(slot, tie, 1) for tie in ties[:4]]
        outcomes = all_at_once(lambda act: act(), acts)
        assert set(outcomes.raised) <= {BookingError}
        assert (live(slot), Booking.objects.booked().count()) == (0, 0)

    @pytest.mark.postgresql
    def test_without_locks_somebody_would_stand_before_a_closed_gate(self, slot, ties):
        day = slot.open_day
        meanwhile(slot, ties[0], lambda: publishing.cancel_open_day(day, reason_en="Storm.", by=None, at=NOW))
        assert live(slot) == 2


class TestAgainstATransfer:
    def sell(self, tie):
        return transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW + timedelta(hours=1))

    def test_a_home_that_is_sold_has_no_booking_left(self, slot, ties):
        """Booked first, it is called off with the sale; sold first, it can't be booked for."""
        outcomes = all_at_once(lambda act: act(ties[0]), [self.sell, lambda tie: ask(slot, tie)])
        assert set(outcomes.raised) <= {BookingError}
        assert (live(slot), Booking.objects.live().count()) == (0, 0)

    @pytest.mark.postgresql
    def test_without_locks_the_one_who_sold_could_still_come(self, slot, ties):
        meanwhile(slot, ties[0], lambda: self.sell(ties[0]))
        assert live(slot) == 2
