"""Who comes in at the gate, once: replays, two phones, late and disordered entries, walk-ins, no-shows."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from accounts.events.models import Event
from portal.bookings import gate
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking, Passage
from portal.bookings.passages import how_long_ago, standing
from tests.concurrency import all_at_once, without_locks
from tests.factories import HomeFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    PassageFactory,
    SlotFactory,
    VisitorFactory,
    household_at,
)

MINUTE = timedelta(minutes=1)
ACTS = {"in": gate.check_in, "out": gate.check_out, "missed": gate.mark_missed, "undo": gate.undo}


def enter(booking, act="in", *, at=SATURDAY, said_at=None, op_id=None, by=None, **more):
    said_at = at if said_at is None else said_at
    return ACTS[act](op_id=op_id or uuid4(), booking=booking, by=by, at=at, said_at=said_at, **more)


def walk_in(slot, *, home=None, adults=2, children=0, at=SATURDAY, op_id=None, names=(), anyway=""):
    party = {"home": home, "names": names, "adults": adults, "children": children, "anyway": anyway}
    return gate.walk_in(op_id=op_id or uuid4(), slot=slot, by=None, at=at, said_at=at, **party)


def stands(booking):
    booking.refresh_from_db()
    return booking.state, booking.arrived_at, booking.left_at


@pytest.mark.django_db
class TestComingAndGoing:
    def test_a_party_comes_in_and_leaves(self):
        booking, guard = BookingFactory(), StaffFactory()
        assert enter(booking, by=guard).is_new
        assert [each.pk for each in gate.on_site(booking.open_day)] == [booking.pk]
        enter(booking, "out", at=SATURDAY + 60 * MINUTE)
        assert stands(booking) == ("left", SATURDAY, SATURDAY + 60 * MINUTE)
        assert not gate.on_site(booking.open_day).exists()
        assert [(event.verb, event.actor) for event in Event.objects.order_by("pk")] == [
            ("let in", guard),
            ("let out", None),
        ]

    def test_an_entry_sent_twice_counts_once(self):
        booking, op_id = BookingFactory(), uuid4()
        assert [enter(booking, op_id=op_id).is_new for _attempt in "12"] == [True, False]
        enter(booking, "undo", at=SATURDAY + MINUTE)
        enter(booking, op_id=op_id, at=SATURDAY + 2 * MINUTE)  # the answer was lost, and the queue sends it again
        assert (stands(booking)[0], Passage.objects.count()) == ("booked", 2)

    def test_an_entry_never_counts_for_another_party_or_act(self):
        booking, other, op_id = BookingFactory(), BookingFactory(), uuid4()
        enter(booking, op_id=op_id)
        for wrong, act in ((other, "in"), (booking, "out")):
            with pytest.raises(BookingError, match="entered for somebody else"):
                enter(wrong, act, op_id=op_id)
        with pytest.raises(BookingError, match="entered for somebody else"):
            walk_in(booking.slot, op_id=op_id)
        assert (stands(other)[0], stands(booking)[0]) == ("booked", "arrived")

    def test_a_second_phone_changes_nothing_and_hears_who_let_them_in(self):
        booking, first = BookingFactory(), StaffFactory()
        enter(booking, by=first)
        entry = enter(booking, at=SATURDAY + 9 * MINUTE, said_at=SATURDAY - 5 * MINUTE, by=StaffFactory())
        assert (entry.is_new, entry.standing.last.by, entry.standing.last.at) == (False, first, SATURDAY)
        assert stands(booking) == ("arrived", SATURDAY, None)

    def test_what_was_taken_back_counts_no_more(self):
        booking = BookingFactory()
        enter(booking)
        enter(booking, "undo", at=SATURDAY + MINUTE)
        assert stands(booking) == ("booked", None, None)
        with pytest.raises(BookingError, match="nothing to take back"):
            enter(booking, "undo", at=SATURDAY + 2 * MINUTE)

    @pytest.mark.parametrize("order", [("in", "out"), ("out", "in")])
    def test_what_a_phone_sends_late_and_out_of_order_comes_out_the_same(self, order):
        booking = BookingFactory()
        said = {"in": SATURDAY, "out": SATURDAY + 50 * MINUTE}
        for n, act in enumerate(order):
            enter(booking, act, at=SATURDAY + (90 + n) * MINUTE, said_at=said[act])
        assert stands(booking) == ("left", said["in"], said["out"])

    def test_the_order_of_arrival_never_matters(self):
        log = [
            PassageFactory.build(act=act, at=SATURDAY + n * MINUTE, booking=None)
            for n, act in enumerate(["missed", "in", "in", "out", "undo", "out"])
        ]
        outcomes = {(standing(some).state, standing(some).arrived_at) for some in permutations(log)}
        assert outcomes == {("left", SATURDAY + MINUTE)}

    def test_a_clock_that_is_wrong_does_no_harm(self):
        ahead, hour = SATURDAY + timedelta(days=400), timedelta(hours=1)
        assert how_long_ago(made_at=ahead, sent_at=ahead + hour, at=SATURDAY) == SATURDAY - hour
        assert how_long_ago(made_at=ahead, sent_at=ahead - hour, at=SATURDAY) == SATURDAY
        booking, other = BookingFactory.create_batch(2)
        enter(booking, said_at=ahead)  # as from a phone that does not say when it sent
        enter(other, said_at=SATURDAY - timedelta(days=400))
        assert (stands(booking)[1], stands(other)[1]) == (SATURDAY, SATURDAY.replace(hour=16, minute=0, day=4))

    @pytest.mark.parametrize("days", [-1, 1])
    def test_on_another_day_nobody_is_let_in(self, days):
        booking, at = BookingFactory(), SATURDAY + timedelta(days=days)
        with pytest.raises(BookingError, match="another day: 5 December 2026, 10:30"):
            enter(booking, at=at)
        assert stands(booking)[0] == "booked"

    def test_a_cancelled_party_is_not_let_in(self):
        with pytest.raises(BookingError, match="cancelled by the household"):
            enter(BookingFactory(cancelled=True))


@pytest.mark.django_db
class TestRules:
    def test_nobody_goes_in_who_has_not_accepted_the_rules(self):
        booking = BookingFactory()
        VisitorFactory(booking=booking, accepted_at=SATURDAY, rules_version=1)
        shy, child = VisitorFactory(booking=booking, name=""), VisitorFactory(booking=booking)
        with pytest.raises(BookingError, match="2 of them have not accepted"):
            enter(booking)
        with pytest.raises(BookingError, match="1 of them has not accepted"):
            enter(booking, accepted={shy.pk: "Lin An"})
        shy.refresh_from_db()
        assert (shy.name, shy.accepted_at) == ("", None)  # nothing was written of what was refused
        enter(booking, accepted={shy.pk: "Lin An", child.pk: ""})
        assert [(each.name, each.accepted_at) for each in booking.visitors.all()[1:]] == [
            ("Lin An", SATURDAY),
            (child.name, SATURDAY),
        ]

    def test_other_rules_are_accepted_anew(self):
        booking = BookingFactory(slot__open_day__rules_version=2)
        VisitorFactory(booking=booking, accepted_at=SATURDAY, rules_version=1)
        with pytest.raises(BookingError, match="has not accepted"):
            enter(booking)

    def test_those_who_did_not_come_with_the_party_are_not_counted_inside(self):
        booking = BookingFactory(children=1)
        grown, other = VisitorFactory.create_batch(2, booking=booking, accepted_at=SATURDAY, rules_version=1)
        child = VisitorFactory(booking=booking, is_child=True)
        for _twice in "12":
            gate.leave_out(booking=booking, absent=[child.pk, other.pk], by=None, at=SATURDAY)
        enter(booking)
        assert [each.people for each in gate.on_site(booking.open_day)] == [1]
        with pytest.raises(BookingError, match="An adult has to be with them"):
            gate.leave_out(booking=booking, absent=[grown.pk], by=None, at=SATURDAY)


@pytest.mark.django_db
class TestNoShows:
    def test_two_hours_after_their_time_they_have_not_come(self):
        booking = BookingFactory()
        BookingFactory(slot=booking.slot, arrived=True)
        over = booking.slot.ends + gate.LATE
        gate.sweep_no_shows(at=over)
        assert stands(booking)[0] == "booked"
        for _twice in "12":
            gate.sweep_no_shows(at=over + MINUTE)
        assert list(Passage.objects.values_list("booking", "act", "by")) == [(booking.pk, "missed", None)]
        enter(booking, "undo", at=over + 2 * MINUTE)
        gate.sweep_no_shows(at=over + 3 * MINUTE)
        assert stands(booking)[0] == "booked"  # whoever was put back by hand stays

    def test_told_late_that_they_had_come_they_are_inside(self):
        booking = BookingFactory(slot__capacity=2)
        enter(booking, "missed", at=SATURDAY + 20 * MINUTE)
        walk_in(booking.slot, at=SATURDAY + 25 * MINUTE)  # has their places
        enter(booking, at=SATURDAY + 30 * MINUTE, said_at=SATURDAY + 10 * MINUTE)
        assert stands(booking)[0] == "arrived"

    def test_whoever_gave_up_their_places_comes_in_only_as_long_as_there_are_some(self):
        booking = BookingFactory(slot__capacity=2)
        enter(booking, "missed", at=SATURDAY + 20 * MINUTE)
        walk_in(booking.slot, adults=1, at=SATURDAY + 25 * MINUTE)
        for act in ("in", "undo"):
            with pytest.raises(BookingError, match="given to others"):
                enter(booking, act, at=SATURDAY + 30 * MINUTE)

    def test_before_their_time_or_once_inside_nobody_is_missing(self):
        booking = BookingFactory()
        with pytest.raises(BookingError, match="has not come yet"):
            enter(booking, "missed", at=SATURDAY - MINUTE)
        enter(booking)
        with pytest.raises(BookingError, match="have been let in"):
            enter(booking, "missed", at=SATURDAY + MINUTE)


@pytest.mark.django_db
class TestWalkIns:
    def test_they_count_against_the_places_unless_staff_say_why_not(self):
        slot, op_id = SlotFactory(capacity=3), uuid4()
        tie = household_at(slot.open_day.development)
        for _twice in "12":
            entry = walk_in(slot, home=tie.home, op_id=op_id, names=["Lin An"])
        booking = entry.booking
        assert (Booking.objects.count(), booking.state, booking.owner, booking.walk_in) == (
            1,
            "arrived",
            tie.owner,
            True,
        )
        assert [(each.name, each.rules_version) for each in booking.visitors.all()] == [("Lin An", 1), ("", 1)]
        with pytest.raises(BookingError, match="Only 1 place is left"):
            walk_in(slot)
        walk_in(slot, anyway="The director's guests")
        reasons = Event.objects.filter(verb="let in without booking").order_by("pk").values_list("reason", flat=True)
        assert list(reasons) == ["", "The director's guests"]

    @pytest.mark.parametrize("people", [0, -1, 1000])
    def test_a_party_has_a_number_of_people(self, people):
        with pytest.raises(BookingError, match="between 1 and 20"):
            walk_in(SlotFactory(capacity=500), adults=people)

    def test_a_home_that_has_booked_or_stands_elsewhere_is_no_walk_in(self):
        booking = BookingFactory()
        with pytest.raises(BookingError, match="has booked for 5 December 2026, 10:30"):
            walk_in(SlotFactory(open_day=booking.open_day), home=booking.home)
        with pytest.raises(BookingError, match="another development"):
            walk_in(booking.slot, home=HomeFactory())


class TestTwoPhones:
    @pytest.fixture
    def booking(self, transactional_db):
        return BookingFactory()

    def test_one_lets_them_in_and_the_others_hear_of_it(self, booking):
        outcomes = all_at_once(lambda guard: enter(booking, by=guard).is_new, StaffFactory.create_batch(6))
        assert (sorted(outcomes.returned), outcomes.raised) == ([False] * 5 + [True], [])
        assert (Passage.objects.count(), Event.objects.filter(verb="let in").count()) == (1, 1)

    @pytest.mark.postgresql
    def test_without_the_lock_several_would(self, booking):
        with without_locks():
            all_at_once(lambda _n: enter(booking), range(6))
        assert Passage.objects.count() > 1
