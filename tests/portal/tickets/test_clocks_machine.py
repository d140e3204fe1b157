"""Whatever owners, staff and the calendar do to tickets, in whatever order: their clocks say what their history says.

240 steps in the suite, 5,000 in `make bench`. Each history is rolled back before the next.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.tickets.clocks import pausing
from portal.tickets.clocks.keeping import SHOWN, Reckoner
from portal.tickets.clocks.ledger import key_of
from portal.tickets.clocks.models import Clock, Pause
from portal.tickets.clocks.postponing import postpone
from portal.tickets.clocks.reckoning import RESOLUTION
from portal.tickets.clocks.recount import recount
from portal.tickets.clocks.sweep import sweep
from portal.tickets.closing import confirming
from portal.tickets.closing.resolving import resolve
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.steps import take_step
from progress.calendar.clock import clock_of
from progress.calendar.models import CalendarOverride
from progress.promises.models import Promise, PromiseMove
from tests.factories import OwnershipFactory
from tests.portal.tickets.clock_stories import Role, colleague, reported, there

STEPS, A_HISTORY, TICKETS = 5000 if settings.default.max_examples >= 20_000 else 240, 40, 2
WALKS = [timedelta(minutes=20), timedelta(hours=2), timedelta(hours=9), timedelta(hours=30), timedelta(days=4)]
COUNTING = ("new", "open")
ENDINGS = [confirming.not_fixed, confirming.not_fixed, confirming.reopen, confirming.confirm, confirming.withdraw]
which = st.integers(0, TICKETS - 1)


class World:
    """A home with its owner, and whoever works there."""

    def __init__(self):
        self.tie = OwnershipFactory()
        self.user, self.team, self.steps = self.tie.owner.user, Role.CUSTOMER_SERVICE, 0
        self.staff = [colleague(self.tie.home, role) for role in (Role.CUSTOMER_SERVICE, Role.SUPERVISOR)]


class Clocks(RuleBasedStateMachine):
    world = None

    def __init__(self):
        super().__init__()
        self.history = transaction.atomic()
        self.history.__enter__()
        self.now, self.promised = there(23, 8), {}
        self.hands = {}  # when each ticket was in ours
        for kind, priority in [("repair", "normal"), ("complaint", "emergency")]:
            ticket = reported(self.now, kind=kind, priority=priority, ownership=self.world.tie, team=self.world.team)
            self.hands[ticket.pk] = [(self.now, None)]

    def teardown(self):
        transaction.set_rollback(True)
        self.history.__exit__(None, None, None)

    # --- what may happen ---------------------------------------------------------------------------------------
    def ticket(self, number):
        tickets = list(Ticket.objects.select_related("development", "home", "owner").order_by("number"))
        return tickets[number]

    def attempt(self, action, *args, by=None, **kwargs):
        """What is refused has changed nothing."""
        before = self.rows()
        try:
            with transaction.atomic():
                action(*args, by=by, at=self.now, **kwargs)
        except TicketError:
            assert self.rows() == before

    def rows(self):
        return list(Clock.objects.order_by("pk").values())

    @rule(number=which)
    def reply(self, number):
        ticket = self.ticket(number)
        if ticket.state != "closed":
            if ticket.state == "new":
                ticket.state = "open"
                ticket.save()
            take_step(ticket, "replied", by=self.world.staff[0], at=self.now)

    @rule(number=which)
    def write(self, number):
        take_step(self.ticket(number), "wrote", by=self.world.user, at=self.now)

    @rule(number=which, days=st.sampled_from([0, 1, 2, 5, 61]), why=st.sampled_from(["owner", "part", "weather"]))
    def pause(self, number, days, why):
        given = {"why": why, "reason_en": "It rains.", "review_on": self.now.date() + timedelta(days=days)}
        self.attempt(pausing.pause, self.ticket(number), by=self.world.staff[0], **given)

    @rule(number=which, act=st.sampled_from([pausing.agree, pausing.agree, pausing.decline]))
    def pause_is_answered_or_ends(self, number, act):
        if asked := Pause.objects.filter(state="asked").first():
            self.attempt(act, asked, by=self.world.user)
        else:
            self.attempt(pausing.resume, self.ticket(number), by=self.world.staff[0])

    @rule(number=which, hours=st.sampled_from([-1, 5, 70, 400]))
    def postpone(self, number, hours):
        due_at = self.now + timedelta(hours=hours)
        self.attempt(postpone, self.ticket(number), due_at=due_at, reason_zh="等瓷砖。", by=self.world.staff[0])

    @rule(number=which, priority=st.sampled_from(["high", "low", "emergency"]))
    def sort_anew(self, number, priority):
        ticket = self.ticket(number)
        if ticket.is_open:
            ticket.priority = priority
            ticket.save()
            take_step(ticket, "routed", by=None, at=self.now, now={"kind": ticket.kind, "priority": priority})

    @rule(number=which, act=st.sampled_from(ENDINGS))
    def it_ends_or_begins_again(self, number, act):
        """What is open is solved, mostly; of what is solved its owner says whether it is."""
        ticket = self.ticket(number)
        if ticket.is_open and act is not confirming.withdraw:
            self.attempt(resolve, ticket, outcome="answered", text="So it is.", seen=None, by=self.world.staff[0])
        else:
            how = {"text": "It drips again."} if act is confirming.not_fixed else {}
            self.attempt(act, ticket, by=self.world.user, **how)

    @rule(walk=st.sampled_from(WALKS))
    def time_passes(self, walk):
        self.now += walk

    @rule(days=st.integers(-2, 9), working=st.booleans())
    def calendar_changes(self, days, working):
        day = self.now.date() + timedelta(days=days)
        CalendarOverride.objects.update_or_create(calendar="CN", date=day, defaults={"working": working})
        recount(at=self.now)
        again = self.rows()
        assert recount(at=self.now) == 0
        assert self.rows() == again

    @rule()
    def sweep(self):
        """Run twice, it does nothing more; and whoever waits has a date to come."""
        sweep(at=self.now)
        after = self.rows()
        sweep(at=self.now)
        assert self.rows() == after
        assert not Clock.objects.to_advance(at=self.now).exists()
        assert not Clock.objects.filter(kind=RESOLUTION, since__isnull=False, promised_at__lte=self.now).exists()

    # --- what is always true -----------------------------------------------------------------------------------
    @invariant()
    def all_is_well(self):
        self.world.steps += 1
        common, place = Reckoner(), clock_of(self.world.tie.home.development)
        promises = {promise.key: promise for promise in Promise.objects.all()}
        for ticket in Ticket.objects.select_related("development").prefetch_related("steps", "clocks"):
            self.in_our_hands(ticket)
            clocks = {clock.kind: clock for clock in ticket.clocks.all()}
            if clocks[RESOLUTION].stopped_at is None:  # of what is over, the calendar of then counts
                self.history_says_the_same(ticket, clocks, common)
                self.only_time_in_our_hands_counts(ticket, clocks[RESOLUTION], place)
            self.pages_and_ledger_agree(ticket, clocks, promises)
        self.dates_move_with_a_reason(promises)

    def in_our_hands(self, ticket):
        """Note when it came into our hands, and when it left them."""
        spans, counts = self.hands[ticket.pk], ticket.state in COUNTING
        if counts != (spans[-1][1] is None):
            spans[-1:] = [*spans[-1:], (self.now, None)] if counts else [(spans[-1][0], self.now)]

    def history_says_the_same(self, ticket, clocks, common):
        found = common.reckon(ticket, list(ticket.steps.all()))
        for kind, clock in clocks.items():
            assert {name: getattr(clock, name) for name in SHOWN} == {
                name: getattr(found[kind], name) for name in SHOWN
            }

    def only_time_in_our_hands_counts(self, ticket, clock, place):
        """Neither pauses nor what is closed; opened again it is as old as it was. Of one measure throughout."""
        measures = {step.data["now"]["priority"] == "emergency" for step in ticket.steps.all() if step.what == "routed"}
        first = next(step for step in ticket.steps.all() if step.what == "reported").data["priority"] == "emergency"
        if measures <= {first}:
            between = (lambda start, end: end - start) if first else place.between
            spans = [(start, end or self.now) for start, end in self.hands[ticket.pk]]
            counted = clock.counted + (between(clock.since, self.now) if clock.since else timedelta())
            assert counted == sum((between(*span) for span in spans), timedelta())

    def pages_and_ledger_agree(self, ticket, clocks, promises):
        counting = [clock.due_at for clock in clocks.values() if clock.since]
        assert ticket.due_at == min(counting, default=None)
        assert clocks[RESOLUTION].paused == (ticket.state == "paused")
        for clock in clocks.values():
            promise = promises[key_of(clock)]
            assert promise.is_open == (clock.stopped_at is None)
            if promise.is_open:
                late = clock.promised_at < self.now and promise.due_at <= self.now
                assert promise.due_at == clock.promised_at or late

    def dates_move_with_a_reason(self, promises):
        moves = {}
        for move in PromiseMove.objects.order_by("at", "pk"):
            assert move.reason_en or move.reason_zh
            moves.setdefault(move.promise_id, []).append(move)
        for promise in promises.values():
            first = self.promised.setdefault(
                promise.pk, (moves[promise.pk][0].from_due_at if promise.moves else promise.due_at)
            )
            ends = [first, *(move.to_due_at for move in moves.get(promise.pk, ()))]
            starts = [move.from_due_at for move in moves.get(promise.pk, ())]
            assert (ends[:-1], ends[-1]) == (starts, promise.due_at)


@pytest.mark.hypothesis
def test_whatever_happens_to_tickets_their_clocks_say_what_their_history_says(db):
    Clocks.world = World()
    histories = settings(
        max_examples=STEPS // A_HISTORY,
        stateful_step_count=A_HISTORY,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    while Clocks.world.steps < STEPS:
        run_state_machine_as_test(Clocks, settings=histories)
