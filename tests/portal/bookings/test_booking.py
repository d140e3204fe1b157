"""Places for a party of one home: what is given, what is refused and in which words, who is told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.events.models import Event
from portal.bookings.booking import book, cancel, change_party, move, name_visitors
from portal.bookings.errors import BookingError
from portal.bookings.locking import slot_now
from portal.bookings.models import Booking, OpenDay, Slot
from progress.models import Role
from tests.factories import NOW, HomeFactory, OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    SlotFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def slot():
    return SlotFactory(capacity=6)


@pytest.fixture
def tie(slot):
    return household_at(slot.open_day.development)


@pytest.fixture
def staff(slot):
    return StaffFactory(group="Customer service", development=slot.open_day.development)


def ask(slot, tie, adults=2, children=0, *, at=NOW, **values):
    given = {"booking_id": uuid4(), "step_free": False, "needs": "", "accepted": True, "by": tie.owner.user, **values}
    return book(slot=slot, home=tie.home, owner=tie.owner, adults=adults, children=children, at=at, **given)


def again(row):
    return type(row).objects.get(pk=row.pk)


def free(slot):
    return Slot.objects.with_places().get(pk=slot.pk).free


class TestBook:
    def test_the_party_has_its_places_and_whoever_booked_is_told(self, slot, tie, told):
        booking = again(ask(slot, tie, 2, 1, step_free=True, needs="a  pram\nplease"))
        assert (booking.people, booking.state, booking.slot, booking.home) == (3, "booked", slot, tie.home)
        assert (booking.step_free, booking.needs, booking.rules_version) == (True, "a pram please", 1)
        assert (free(slot), told()) == (3, [(tie.owner, "booking-confirmed")])
        event = Event.objects.get(verb="booked")
        assert (event.subject_id, event.home_id, event.actor) == (str(booking.pk), tie.home.pk, tie.owner.user)

    def test_each_visitor_has_a_row_and_who_booked_has_accepted_the_rules(self, slot, tie):
        visitors = ask(slot, tie, 2, 1).visitors.values_list("name", "is_child", "rules_version")
        assert list(visitors) == [(tie.owner.name, False, 1), ("", False, 0), ("", True, 0)]

    def test_the_last_places_are_given_and_not_one_more(self, slot, tie):
        BookingFactory(slot=slot, adults=2)
        WaitingEntryFactory(slot=slot, offered=True, adults=1)
        with pytest.raises(BookingError, match="Only 3 places are left"):
            ask(slot, tie, 4)
        assert (ask(slot, tie, 3).people, free(slot)) == (3, 0)
        with pytest.raises(BookingError, match="This time is full"):
            ask(slot, household_at(slot.open_day.development), 1)

    @pytest.mark.parametrize(("adults", "children"), [(0, 0), (-1, 0), (0, 2), (2, -1), (1000, 0), (3, 2), (1, 1000)])
    def test_a_party_of_nobody_or_of_too_many_is_refused(self, slot, tie, adults, children):
        with pytest.raises(BookingError, match="at least one adult|up to 4 people"):
            ask(slot, tie, adults, children)
        assert not Booking.objects.exists()

    def test_an_open_day_elsewhere_or_for_other_homes_is_refused(self, slot, tie, staff):
        elsewhere = SlotFactory()
        other = HomeFactory(building__development=slot.open_day.development).building
        slot.open_day.buildings.set([other])
        for each in (elsewhere, slot):
            with pytest.raises(BookingError, match="This open day is for other homes"):
                ask(each, tie)
        assert ask(slot, tie, by=staff, by_staff=True).by_staff
        with pytest.raises(BookingError, match="This open day is for other homes"):
            ask(elsewhere, tie, by=staff, by_staff=True)

    def test_before_opening_and_after_closing_only_staff_book(self, slot, tie, staff):
        day = slot.open_day
        with pytest.raises(BookingError, match="Booking opens on 15 November 2026, 10:00"):
            ask(slot, tie, at=day.opens_at - SECOND)
        with pytest.raises(BookingError, match="Booking has closed. Please ring us"):
            ask(slot, tie, at=day.closes_at)
        assert ask(slot, tie, at=day.closes_at, by=staff, by_staff=True).is_booked
        other = household_at(day.development)
        assert ask(slot, other, at=day.opens_at - SECOND, by=staff, by_staff=True).is_booked

    def test_a_home_just_sold_is_refused(self, slot, tie):
        """The page was open when the right ended: the form still names the home."""
        tie.state, tie.until = "ended", tie.since
        tie.save()
        with pytest.raises(BookingError, match="no longer in your household"):
            ask(slot, tie)
        assert (Booking.objects.count(), Event.objects.filter(verb="booked").count()) == (0, 0)

    def test_tenants_book_no_open_day(self, slot, tie):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        with pytest.raises(BookingError, match="no longer in your household"):
            ask(slot, tenant)

    def test_a_second_booking_of_the_home_is_for_staff_to_make(self, slot, tie, staff):
        ask(slot, tie)
        with pytest.raises(BookingError, match="has a booking for this open day already"):
            ask(SlotFactory(open_day=slot.open_day), tie)
        assert ask(slot, tie, by=staff, by_staff=True).is_booked

    def test_where_the_open_day_allows_it_a_home_books_twice(self, slot, tie):
        slot.open_day.one_per_home = False
        slot.open_day.save()
        assert ask(slot, tie).pk != ask(slot, tie).pk

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"cancelled": True}, "This time has been called off"),
            ({"starts": NOW - timedelta(minutes=1)}, "This time is past"),
            ({"open_day__cancelled": True}, "This open day has been called off"),
            ({"open_day__draft": True}, "not published yet"),
        ],
    )
    def test_a_time_that_is_not_to_be_is_refused_to_staff_too(self, values, reason):
        slot = SlotFactory(**values)
        tie = household_at(slot.open_day.development)
        for by_staff in (False, True):
            with pytest.raises(BookingError, match=reason):
                ask(slot, tie, by_staff=by_staff)

    def test_without_the_rules_nobody_comes_in(self, slot, tie, staff):
        with pytest.raises(BookingError, match="Please accept the rules"):
            ask(slot, tie, accepted=False)
        booking = ask(slot, tie, accepted=False, by=staff, by_staff=True)
        assert (booking.rules_version, booking.accepts_rules_again) == (0, True)

    def test_the_rules_that_were_read_have_to_be_those_that_stand(self, slot, tie):
        slot.open_day.rules_version = 2
        slot.open_day.save()
        with pytest.raises(BookingError, match="have changed meanwhile"):
            ask(slot, tie, accepted=1)
        assert ask(slot, tie, accepted=2).rules_version == 2

    def test_the_same_form_sent_twice_is_one_booking(self, slot, tie, told):
        """Also when the first took the last places, and booking has closed since."""
        op = uuid4()
        slot.capacity = 2
        slot.save()
        first = ask(slot, tie, booking_id=op)
        assert ask(slot, tie, booking_id=op, at=slot.open_day.closes_at) == first
        assert (Booking.objects.count(), told()) == (1, [(tie.owner, "booking-confirmed")])

    def test_the_form_of_another_home_tells_nothing(self, slot, tie):
        other = ask(slot, household_at(slot.open_day.development))
        with pytest.raises(BookingError, match="This form was sent already. Please open the page anew."):
            ask(slot, tie, booking_id=other.pk)
        assert Booking.objects.count() == 1

    def test_few_queries_are_made_under_the_slots_lock(self, slot, tie):
        with CaptureQueriesContext(connection) as asked:
            ask(slot, tie)
        queries = [each["sql"] for each in asked]
        counted = next(number for number, sql in enumerate(queries) if "INTO" in sql and "notices_notice" in sql)
        tables = [sql for sql in queries[counted:] if "bookings_" in sql]
        assert [sql.split()[0] for sql in tables] == ["SELECT"] * 4 + ["INSERT"]  # the lock; slot, booked, held


class TestChangeParty:
    def change(self, booking, adults, children=0, *, by=None, at=NOW):
        by = by or booking.owner.user
        return change_party(booking, adults=adults, children=children, step_free=True, needs="", by=by, at=at)

    def test_more_people_need_places_fewer_give_them_back(self, slot, tie, told):
        booking = ask(slot, tie, 2)
        BookingFactory(slot=slot, adults=2)
        assert (self.change(booking, 4, at=NOW + SECOND).people, free(slot)) == (4, 0)
        self.change(booking, 1, at=NOW + 2 * SECOND)
        assert (again(booking).people, again(booking).step_free, free(slot)) == (1, True, 3)
        assert [kind for _owner, kind in told()] == ["booking-confirmed", "booking-changed", "booking-changed"]

    def test_without_room_the_party_stays_as_it_was(self, slot, tie, told):
        booking = ask(slot, tie, 2)
        BookingFactory(slot=slot, adults=3)
        with pytest.raises(BookingError, match="Only 1 place is left"):
            self.change(booking, 4)
        assert (again(booking).people, told()) == (2, [(tie.owner, "booking-confirmed")])

    def test_those_who_were_named_stay(self, slot, tie):
        booking = ask(slot, tie, 2, 1)
        name_visitors(booking, visitors=[("Li", True), ("Wu", True), ("Bao", False)], by=tie.owner.user, at=NOW)
        self.change(booking, 1, 2)
        assert list(booking.visitors.values_list("name", "is_child")) == [("Li", False), ("Bao", True), ("", True)]

    def test_a_party_of_nobody_or_of_too_many_is_refused(self, slot, tie):
        booking = ask(slot, tie)
        for adults in (0, -1, 5, 1000):
            with pytest.raises(BookingError, match="at least one adult|up to 4 people"):
                self.change(booking, adults)

    def test_freed_places_are_offered_to_whoever_waits(self, slot, tie):
        booking = ask(slot, tie, 4)
        BookingFactory(slot=slot, adults=2)
        entry = WaitingEntryFactory(slot=slot, adults=3)
        self.change(booking, 1)
        assert (again(entry).state, free(slot)) == ("offered", 0)


class TestMove:
    @pytest.fixture
    def other(self, slot):
        return SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=3), capacity=2)

    def test_the_booking_goes_over_and_the_old_places_are_free(self, slot, other, tie, told):
        booking = ask(slot, tie)
        move(booking, slot=other, by=tie.owner.user, at=NOW + SECOND)
        assert (again(booking).slot, again(booking).moved_at) == (other, NOW + SECOND)
        assert (free(slot), free(other)) == (6, 0)
        assert told() == [(tie.owner, "booking-confirmed"), (tie.owner, "booking-changed")]

    def test_the_old_place_is_kept_when_the_new_one_is_taken(self, slot, other, tie, told):
        booking = ask(slot, tie, 3)
        with pytest.raises(BookingError, match="Only 2 places are left"):
            move(booking, slot=other, by=tie.owner.user, at=NOW)
        assert (again(booking).slot, told()) == (slot, [(tie.owner, "booking-confirmed")])

    def test_to_itself_to_another_event_and_to_what_is_not_to_be_is_refused(self, slot, tie):
        booking, day = ask(slot, tie), slot.open_day
        elsewhere = SlotFactory(open_day__development=day.development)
        off = SlotFactory(open_day=day, cancelled=True)
        past = SlotFactory(open_day=day, starts=NOW - timedelta(hours=2))
        for each, reason in [
            (slot, "booked this time already"),
            (elsewhere, "belongs to another open day"),
            (off, "has been called off"),
            (past, "This time is past"),
        ]:
            with pytest.raises(BookingError, match=reason):
                move(booking, slot=each, by=tie.owner.user, at=NOW)
        assert again(booking).slot == slot


class TestCancel:
    def test_the_places_are_free_and_whoever_booked_is_told(self, slot, tie, told):
        booking = ask(slot, tie)
        cancel(booking, by=tie.owner.user, at=NOW)
        cancel(booking, by=tie.owner.user, at=NOW)
        assert (again(booking).state, again(booking).cancelled_because, free(slot)) == ("cancelled", "household", 6)
        assert sorted(kind for _owner, kind in told()) == ["booking-cancelled", "booking-confirmed"]

    def test_the_home_may_book_again(self, slot, tie):
        cancel(ask(slot, tie), by=tie.owner.user, at=NOW)
        assert ask(slot, tie).is_booked

    @pytest.mark.parametrize("act", ["change", "move", "cancel"])
    def test_after_the_deadline_only_staff_change_anything(self, slot, tie, staff, act):
        booking, at = ask(slot, tie), slot.open_day.change_until
        other = SlotFactory(open_day=slot.open_day)
        party = {"adults": 1, "children": 0, "step_free": False, "needs": ""}

        def do(by, because):
            if act == "change":
                return change_party(booking, by=by, at=at, **party)
            if act == "move":
                return move(booking, slot=other, by=by, at=at)
            return cancel(booking, by=by, at=at, because=because)

        with pytest.raises(BookingError, match="possible until 4 December 2026, 17:30. Please ring us"):
            do(tie.owner.user, "household")
        assert do(staff, "staff").is_live is (act != "cancel")

    def test_whoever_has_left_the_household_changes_nothing(self, slot, tie):
        booking = ask(slot, tie)
        gone = OwnershipFactory(home=tie.home, former=True).owner.user
        with pytest.raises(BookingError, match="no longer in your household"):
            cancel(booking, by=gone, at=NOW)

    @pytest.mark.parametrize("way", ["arrived", "has_left", "missed"])
    def test_a_visit_that_has_begun_is_neither_changed_nor_cancelled(self, staff, way):
        booking = BookingFactory(**{way: True}, slot__open_day__development=staff.assignments.get().development)
        with pytest.raises(BookingError, match="has begun or is over"):
            cancel(booking, by=staff, at=SATURDAY, because="staff")


class TestVisitors:
    def test_names_are_one_line_and_acceptance_stays_with_the_person(self, slot, tie):
        booking, by = ask(slot, tie), tie.owner.user
        name_visitors(booking, visitors=[("Li\r\nNa", True), ("Wu", True)], by=by, at=NOW)
        name_visitors(booking, visitors=[("Li Na", False), ("He", False)], by=by, at=NOW)
        assert list(booking.visitors.values_list("name", "rules_version")) == [("Li Na", 1), ("He", 0)]

    def test_rules_that_have_changed_are_accepted_anew(self, slot, tie):
        booking = ask(slot, tie, 1)
        slot.open_day.rules_version = 2
        slot.open_day.save()
        assert again(booking).accepts_rules_again
        name_visitors(booking, visitors=[(tie.owner.name, True)], by=tie.owner.user, at=NOW + SECOND)
        assert (again(booking).rules_version, again(booking).accepted_at) == (2, NOW + SECOND)

    def test_a_list_of_another_length_is_refused(self, slot, tie):
        with pytest.raises(BookingError, match="The party has changed meanwhile"):
            name_visitors(ask(slot, tie), visitors=[("Li", True)], by=tie.owner.user, at=NOW)


class TestStatements:
    """Put together once, asked with other keys: what they say has to be what an ordinary query says."""

    def test_a_slot_is_read_with_its_open_day_and_places_each_time_afresh(self, slot):
        other = SlotFactory(capacity=9)
        BookingFactory(slot=other, adults=3)
        WaitingEntryFactory(slot=other, offered=True, adults=2)
        for row in (slot, other, slot):
            read, known = slot_now(row.pk), Slot.objects.with_places().get(pk=row.pk)
            assert (read, read.starts, read.open_day.closes_at) == (row, known.starts, row.open_day.closes_at)
            assert (read.booked, read.held, read.free) == (known.booked, known.held, known.free)
            assert (read.open_day, read.open_day.development) == (row.open_day, row.open_day.development)
        OpenDay.objects.filter(pk=slot.open_day_id).update(max_party=7)
        assert slot_now(slot.pk).open_day.max_party == 7
