"""Places, offers and visits that several reach for at one moment: nobody waits for ever, nothing is given twice."""

from datetime import timedelta
from threading import Event as Flag
from unittest.mock import patch

import pytest
from django.db import transaction

from accounts.leaving import hand_over
from accounts.privacy import erasure
from portal.bookings import answers, booking, gate, line, publishing, reminders, waiting
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking, Slot, WaitingEntry
from portal.bookings.transfers import call_off_at
from portal.visits import cells
from portal.visits.booking import assign_visit, move_visit
from portal.visits.errors import TakenError
from portal.visits.models import Visit, VisitCell
from progress.households.actions import lock_home
from progress.transfers.actions import transfer_home
from tests.concurrency import all_at_once
from tests.factories import NOW, TODAY, OwnerFactory, StaffFactory
from tests.portal.bookings.factories import SATURDAY, BookingFactory, SlotFactory, WaitingEntryFactory
from tests.portal.visits.factories import TEN, VisitFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def later(function, seconds=0.1):
    """A pause, and then `function`."""

    def begun(*args, **kwargs):
        Flag().wait(seconds)
        return function(*args, **kwargs)

    return begun


def slowly(function, seconds=0.3):
    """`function`, and then a pause in which others get their locks."""

    def slow(*args, **kwargs):
        result = function(*args, **kwargs)
        Flag().wait(seconds)
        return result

    return slow


def at_once(*acts):
    return all_at_once(lambda act: act(), acts)


def over(slot):
    """How many more people than places."""
    slot = Slot.objects.with_places().get(pk=slot.pk)
    return max(slot.booked + slot.held - slot.capacity, 0)


@pytest.fixture
def slot():
    return SlotFactory(capacity=2)


@pytest.fixture
def offer(slot):
    return WaitingEntryFactory(slot=slot, offered=True)


class TestOffers:
    def take(self, offer, at=NOW):
        return lambda: answers.take_offer(offer, by=offer.owner.user, at=at)

    def test_taken_while_it_runs_out_it_is_theirs_or_the_next_ones(self, slot, offer):
        following = WaitingEntryFactory(slot=slot, joined_at=NOW + timedelta(minutes=1))
        end = offer.offer_until
        with patch.object(answers, "told_of", slowly(answers.told_of)):
            outcomes = at_once(
                self.take(offer, end - timedelta(seconds=1)), later(lambda: waiting.expire_offers(at=end))
            )
        assert set(outcomes.raised) <= {BookingError}
        states = [WaitingEntry.objects.get(pk=entry.pk).state for entry in (offer, following)]
        assert (over(slot), states in (["taken", "waiting"], ["expired", "offered"])) == (0, True)

    def test_taken_while_the_day_is_called_off_nobody_comes_to_a_closed_gate(self, slot, offer):
        called = later(lambda: publishing.cancel_open_day(slot.open_day, reason_en="Storm.", by=None, at=NOW))
        with patch.object(answers, "told_of", slowly(answers.told_of)):
            outcomes = at_once(self.take(offer), called)
        assert (set(outcomes.raised) <= {BookingError}, Booking.objects.live().exists()) == (True, False)
        assert not WaitingEntry.objects.live().exists()

    def test_taken_while_the_home_is_sold_it_is_not_kept(self, slot, offer):
        sell = lambda: transfer_home(home=offer.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)  # noqa: E731
        outcomes = at_once(self.take(offer), sell)
        assert (set(outcomes.raised) <= {BookingError}, Booking.objects.live().exists()) == (True, False)

    def test_taken_while_places_are_taken_away(self, slot, offer):
        outcomes = at_once(self.take(offer), lambda: publishing.change_slot(slot, capacity=1, by=None, at=NOW))
        assert (outcomes.raised, over(slot), Slot.objects.get().capacity) == ([BookingError], 0, 2)

    def test_run_out_while_the_customer_is_erased_neither_waits_for_ever(self, slot, offer):
        """The sweep has the slot and writes to the customer, whose row the erasure has, which waits for the slot."""

        @transaction.atomic
        def erase():
            lock_home(offer.home_id)
            erasure._lock_records(offer.owner)
            Flag().wait(0.3)
            call_off_at(offer.home, by=None, at=NOW)

        with patch.object(line, "tell_of", slowly(line.tell_of, 0.2)):
            outcomes = at_once(erase, later(lambda: waiting.expire_offers(at=offer.offer_until)))
        assert (outcomes.raised, outcomes.returned) == ([], [None, 1])

    def test_two_of_a_household_take_and_decline_it(self, slot, offer):
        outcomes = at_once(*[self.take(offer), lambda: answers.decline_offer(offer, by=offer.owner.user, at=NOW)] * 2)
        assert set(outcomes.raised) <= {BookingError}
        is_taken = WaitingEntry.objects.get().state == "taken"
        assert Booking.objects.live().count() == is_taken


class TestBookings:
    def test_moved_or_cancelled_while_the_day_is_called_off(self, slot):
        other = SlotFactory(open_day=slot.open_day)
        rows = [BookingFactory(slot=other, adults=1) for _each in range(4)]
        acts = [lambda row=row: booking.move(row, slot=slot, by=None, at=NOW) for row in rows[:2]]
        acts += [lambda row=row: booking.cancel(row, by=None, at=NOW) for row in rows[2:]]
        acts.append(later(lambda: publishing.cancel_open_day(slot.open_day, reason_en="Storm.", by=None, at=NOW)))
        with patch.object(booking, "tell_household", slowly(booking.tell_household)):
            outcomes = at_once(*acts)
        assert (set(outcomes.raised) <= {BookingError}, Booking.objects.live().exists()) == (True, False)

    def test_let_in_while_it_is_cancelled_it_is_one_of_both(self, slot):
        row = BookingFactory(slot=slot)
        given = {"by": None, "at": SATURDAY, "said_at": SATURDAY}
        outcomes = at_once(
            lambda: gate.check_in(op_id=row.owner_id, booking=row, **given),
            lambda: booking.cancel(row, by=None, at=SATURDAY),
        )
        assert outcomes.raised == [BookingError]
        assert Booking.objects.get().state in {"arrived", "cancelled"}

    def test_called_off_while_reminders_go_out(self, slot):
        """What a reminder refers to is locked by whoever calls the day off."""
        Slot.objects.update(capacity=60)
        for _each in range(20):
            BookingFactory(slot=slot)
        with patch.object(reminders, "tell_each", slowly(reminders.tell_each)):
            outcomes = at_once(
                lambda: reminders.remind(at=SATURDAY - timedelta(hours=23)),
                later(lambda: publishing.cancel_open_day(slot.open_day, reason_en="Storm.", by=None, at=NOW)),
            )
        assert (outcomes.raised, Booking.objects.live().exists()) == ([], False)


class TestVisits:
    def test_two_assign_it_to_two_colleagues(self):
        visit = VisitFactory()
        people = [StaffFactory(development=visit.development) for _each in range(2)]
        outcomes = all_at_once(lambda person: assign_visit(visit, person=person, by=person, at=NOW), people)
        visit = Visit.objects.get()
        assert (outcomes.raised, visit.person in people) == ([], True)
        assert set(VisitCell.objects.values_list("person", flat=True)) == {visit.person_id}

    def test_two_visits_of_one_time_are_given_to_one_colleague(self):
        visits = [VisitFactory() for _each in range(2)]
        colleague = StaffFactory(everywhere=True)
        outcomes = all_at_once(lambda each: assign_visit(each, person=colleague, by=None, at=NOW), visits)
        assert (len(outcomes.returned), outcomes.raised) == (1, [TakenError])

    @pytest.mark.parametrize("turned", [False, True])
    def test_work_is_handed_over_while_households_move_their_visits(self, turned):
        people = [StaffFactory(everywhere=True) for _each in range(2)]
        leaves, stays = reversed(people) if turned else people
        visits = [VisitFactory(person=leaves, starts=TEN + timedelta(hours=3 * n)) for n in range(3)]

        def move(visit):
            return move_visit(
                visit, starts=visit.starts + timedelta(days=1), person=stays, by=None, at=NOW, by_staff=True
            )

        with patch.object(cells, "take", slowly(cells.take, 0.15)):
            outcomes = at_once(
                lambda: hand_over(leaves, to=stays, by=None, at=NOW),
                *[later(lambda visit=visit: move(visit), 0.1) for visit in visits],
            )
        assert outcomes.raised == []
