"""Whatever households, staff and the clock do to an open day, in whatever order: it is never oversold, and fair.

200 steps in the suite, 5,000 in `make bench`. Each history is rolled back before the next.
"""

from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.events.models import Event
from accounts.notices.models import Notice
from accounts.notices.quiet import night_ends
from portal.bookings import booking as bookings
from portal.bookings import waiting
from portal.bookings.errors import BookingError
from portal.bookings.locking import lock_slot
from portal.bookings.models import Booking, Slot, WaitingEntry, WaitingStep
from portal.bookings.offers import LEAST, end_for, last_end
from portal.bookings.publishing import change_slot
from portal.bookings.refusals import refuse_closed
from tests.factories import BuildingFactory, OwnershipFactory
from tests.portal.bookings.factories import SATURDAY, BookingFactory, OpenDayFactory, SlotFactory, WaitingEntryFactory

HOMES, SLOTS, SMALL = 10, 2, 4
STEPS, A_HISTORY = 5000 if settings.default.max_examples >= 20_000 else 200, 40
START, MINUTE = SATURDAY - timedelta(days=4), timedelta(minutes=1)
WALKS = [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=5), timedelta(hours=11), timedelta(hours=30)]
LIVE, HELD = ("booked", "arrived", "left"), "offered"
EXPLAINED = {"waiting": "joined"}  # the other states are called in the history as they are

slots, homes, any_row = st.integers(0, SLOTS - 1), st.integers(0, HOMES - 1), st.integers(0, 99)
parties = st.tuples(st.sampled_from([1, 1, 1, 2, 2, 3, 0]), st.sampled_from([0, 0, 1, 2]))


class World:
    """Ten homes, and an open day with two times: four homes have filled them, five wait."""

    def __init__(self):
        building = BuildingFactory()
        self.ties = [OwnershipFactory(home__building=building) for _each in range(HOMES)]
        self.users = {tie.home_id: tie.owner.user for tie in self.ties}
        self.day = OpenDayFactory(development=building.development, change_until=SATURDAY - timedelta(hours=3))
        starts = [SATURDAY + timedelta(hours=2 * number) for number in range(SLOTS)]
        self.slots = [SlotFactory(open_day=self.day, starts=each, capacity=SMALL) for each in starts]
        for number, tie in enumerate(self.ties[:SMALL]):
            BookingFactory(slot=self.slots[number % SLOTS], home=tie.home)
        for number, tie in enumerate(self.ties[SMALL:-1]):
            entry = WaitingEntryFactory(
                slot=self.slots[number % SLOTS], home=tie.home, adults=1 + number % 3, joined_at=START + number * MINUTE
            )
            WaitingStep.objects.create(entry=entry, at=entry.joined_at, what="joined", free=0)
        self.steps = 0


class OpenDays(RuleBasedStateMachine):
    world = None

    def __init__(self):
        super().__init__()
        self.history = transaction.atomic()
        self.history.__enter__()
        self.now = START + timedelta(hours=1)
        self.seen = self.snapshot()

    def teardown(self):
        transaction.set_rollback(True)
        self.history.__exit__(None, None, None)

    # --- what may happen ---------------------------------------------------------------------------------------
    def attempt(self, action, *args, by=None, **kwargs):
        """Whether it was done. What is refused has changed nothing."""
        before = self.snapshot()
        try:
            action(*args, by=by, at=self.now, **kwargs)
        except BookingError:
            assert self.snapshot() == before
            return False
        self.nothing_is_left_to_offer()
        return True

    def nothing_is_left_to_offer(self):
        """Looked at again at once, no line has anybody else who comes to their turn."""
        if not WaitingEntry.objects.expired_by(self.now).exists():
            before = set(WaitingEntry.objects.offered().values_list("pk", flat=True))
            for slot in self.world.slots:
                waiting.make_offers(lock_slot(slot.pk), at=self.now)
            assert set(WaitingEntry.objects.offered().values_list("pk", flat=True)) <= before

    def ask(self, home, slot, party):
        tie, (adults, children) = self.world.ties[home], party
        who = {"home": tie.home, "owner": tie.owner, "by": tie.owner.user, "slot": self.world.slots[slot]}
        return who | {"adults": adults, "children": children, "step_free": False, "needs": "", "accepted": True}

    @rule(home=homes, slot=slots, party=parties)
    def book(self, home, slot, party):
        row, has_one = self.slot(slot), Booking.objects.live().filter(home=self.world.ties[home].home).exists()
        expected = party[0] >= 1 and sum(party) <= min(4, row.free) and not has_one and self.takes_bookings(row)
        assert self.attempt(bookings.book, booking_id=uuid4(), **self.ask(home, slot, party)) == expected

    @rule(which=any_row, slot=slots)
    def move(self, which, slot):
        if booking := self.booking(which):
            row = self.slot(slot)
            fits = row.pk != booking.slot_id and row.free >= booking.people and row.starts > self.now
            expected = fits and self.now < self.world.day.change_until
            assert self.attempt(bookings.move, booking, slot=row, by=self.user(booking)) == expected

    @rule(which=any_row, party=parties)
    def resize(self, which, party):
        if booking := self.booking(which):
            values = {"adults": party[0], "children": party[1], "step_free": False, "needs": ""}
            fits = sum(party) - booking.people <= self.free_at(booking.slot_id) or sum(party) <= booking.people
            expected = party[0] >= 1 and sum(party) <= 4 and fits and self.now < self.world.day.change_until
            assert self.attempt(bookings.change_party, booking, by=self.user(booking), **values) == expected

    @rule(which=any_row)
    def cancel(self, which):
        if booking := self.booking(which):
            expected = self.now < self.world.day.change_until
            assert self.attempt(bookings.cancel, booking, by=self.user(booking)) == expected

    @rule(slot=slots, more=st.sampled_from([-2, -1, 0, 1, 2]))
    def change_capacity(self, slot, more):
        row = self.slot(slot)
        capacity = min(max(row.capacity + more, 0), 2 * SMALL)
        expected = capacity >= row.booked + row.held or capacity == row.capacity
        assert self.attempt(change_slot, row, capacity=capacity) == expected

    @rule(which=any_row, slot=slots, party=parties)
    def join(self, which, slot, party):
        """Mostly of a party for which there is no room; where there is, it is told to book."""
        row = self.slot(slot)
        strangers = [number for number, tie in enumerate(self.world.ties) if not self.is_at(row, tie.home)]
        home = strangers[which % len(strangers)] if strangers else which % HOMES
        if party[0] and sum(party) <= row.free < 4:
            party = (row.free + 1, 0)
        done = self.attempt(waiting.join, entry_id=uuid4(), **self.ask(home, slot, party))
        assert not (done and row.free >= sum(party))

    @rule(which=any_row, act=st.sampled_from([waiting.leave, waiting.decline_offer]))
    def give_up(self, which, act):
        if entry := self.entry(which):
            expected = act is waiting.leave or (entry.is_offered and self.now < entry.offer_until)
            assert self.attempt(act, entry, by=self.user(entry)) == expected

    @rule(which=any_row)
    def take(self, which):
        if entry := self.entry(which):
            expected = entry.is_offered and self.now < entry.offer_until
            assert self.attempt(waiting.take_offer, entry, by=self.user(entry)) == expected

    @precondition(lambda self: self.now < SATURDAY)
    @rule(walk=st.sampled_from(WALKS))
    def time_passes(self, walk):
        self.now += walk

    @rule()
    def messages_arrive(self):
        told = Notice.objects.filter(kind="place-offered", state="queued")
        told.update(state="sent", sent_at=self.now)

    @rule()
    def sweep(self):
        """Run twice, it does nothing more."""
        waiting.expire_offers(at=self.now)
        after = self.snapshot()
        waiting.expire_offers(at=self.now)
        assert self.snapshot() == after
        assert not WaitingEntry.objects.expired_by(self.now).exists()
        for entry in WaitingEntry.objects.waiting().select_related("slot__open_day__development"):
            assert end_for(entry.slot, at=self.now) is not None

    # --- how it stands -----------------------------------------------------------------------------------------
    def slot(self, number):
        rows = Slot.objects.with_places().select_related("open_day__development")
        return rows.get(pk=self.world.slots[number].pk)

    def free_at(self, pk):
        return Slot.objects.with_places().get(pk=pk).free

    def booking(self, which):
        rows = Booking.objects.live().with_slot().order_by("created_at", "pk")
        return rows[which % len(rows)] if rows else None

    def entry(self, which):
        """Somebody with an offer, if there are any."""
        rows = list(WaitingEntry.objects.offered()) or list(WaitingEntry.objects.waiting())
        return rows[which % len(rows)] if rows else None

    def is_at(self, slot, home):
        rows = (Booking.objects.live(), WaitingEntry.objects.live())
        return any(each.filter(slot=slot, home=home).exists() for each in rows)

    def user(self, row):
        return self.world.users[row.home_id]

    def takes_bookings(self, slot):
        try:
            refuse_closed(slot, at=self.now)
        except BookingError:
            return False
        return True

    def snapshot(self):
        fields = {
            Slot: ("pk", "capacity"),
            Booking: ("pk", "slot", "home", "state", "people"),
            WaitingEntry: ("pk", "slot", "home", "state", "people", "offered_at", "offer_until"),
            WaitingStep: ("pk", "entry", "what"),
        }
        return {model: list(model.objects.order_by("pk").values_list(*names)) for model, names in fields.items()}

    # --- what is always true -----------------------------------------------------------------------------------
    @invariant()
    def all_is_well(self):
        before, self.seen = self.seen, self.snapshot()
        self.world.steps += 1
        free = self.never_oversold(self.seen)
        self.nobody_waits_for_what_there_is(self.seen, free)
        self.offers_end_by_day(self.seen)
        self.changes_are_explained(before, self.seen)

    def never_oversold(self, now):
        taken, of_home = defaultdict(int), defaultdict(int)
        for _pk, slot, home, state, people in now[Booking]:
            taken[slot] += people * (state in LIVE)
            of_home[home] += state in LIVE
        for _pk, slot, _home, state, people, *_times in now[WaitingEntry]:
            taken[slot] += people * (state == HELD)
        free = {pk: capacity - taken[pk] for pk, capacity in now[Slot]}
        assert min(free.values()) >= 0, "More people than places."
        assert max(of_home.values(), default=0) <= 1, "A home has two bookings."
        return free

    def nobody_waits_for_what_there_is(self, now, free):
        for _pk, slot, _home, state, people, *_times in now[WaitingEntry]:
            assert state != "waiting" or people > free[slot], "A place is free, and somebody waits for it."

    def offers_end_by_day(self, now):
        ends = {slot.pk: last_end(slot) for slot in self.world.slots}
        for _pk, slot, _home, state, _people, since, until in now[WaitingEntry]:
            if state == HELD:
                assert night_ends(at=until, zone=self.world.day.development.time_zone) is None
                assert since + LEAST <= until <= ends[slot]

    def changes_are_explained(self, before, now):
        """A new state of a place in the line is the last line of its history; a change of a booking is in the log."""
        new = [step for step in now[WaitingStep] if step not in before[WaitingStep]]
        last = {entry: what for _pk, entry, what in now[WaitingStep] if what != "passed_over"}
        changed = [entry for entry in now[WaitingEntry] if entry not in before[WaitingEntry]]
        told = {(entry, what) for _pk, entry, what in new}
        for pk, _slot, _home, state, *_rest in now[WaitingEntry]:
            assert last[pk] == EXPLAINED.get(state, state)
        for pk, slot, _home, state, *_rest in changed:
            assert (pk, EXPLAINED.get(state, state)) in told
            if state == HELD:
                self.those_before_read_why(pk, slot, now, told)
        for booking in now[Booking]:
            assert booking in before[Booking] or Event.objects.filter(subject_id=str(booking[0])).exists()

    def those_before_read_why(self, offered, slot, now, told):
        """Whoever came earlier and still waits was too many for what was free: so it stands in their history."""
        order = list(WaitingEntry.objects.filter(slot=slot).order_by("joined_at", "pk").values_list("pk", flat=True))
        states = {pk: state for pk, _slot, _home, state, *_rest in now[WaitingEntry]}
        for pk in order[: order.index(offered)]:
            if states[pk] == "waiting" and not self.was_renewed(offered, told):
                assert (pk, "passed_over") in told
                step = WaitingStep.objects.filter(entry=pk, what="passed_over").select_related("entry").last()
                assert step.entry.people > step.free

    def was_renewed(self, entry, told):
        return (entry, "offered") in told and WaitingStep.objects.filter(entry=entry, what="offered").count() > 1


@pytest.mark.hypothesis
def test_whatever_happens_to_an_open_day_it_is_never_oversold_and_fair(db):
    OpenDays.world = World()
    histories = settings(
        max_examples=STEPS // A_HISTORY,
        stateful_step_count=A_HISTORY,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    while OpenDays.world.steps < STEPS:
        run_state_machine_as_test(OpenDays, settings=histories)
