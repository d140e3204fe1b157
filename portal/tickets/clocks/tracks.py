"""One clock while it is worked out: what it has counted, and when its time is used up. See `reckoning`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

RESPONSE, UPDATE, RESOLUTION = KINDS = ("first_response", "next_update", "resolution")
DONE, VOID = "done", "void"
HALF, MOST, NEAR = 0.5, 0.8, 0.1  # of the time: two warnings to us, and what is left when the owner hears of it
NOTHING = timedelta()


class Terms(NamedTuple):
    """How long we take at most, by kind of clock (None: no such clock), and whether nights count."""

    first_response: timedelta | None
    next_update: timedelta | None
    resolution: timedelta | None
    round_the_clock: bool = False


class RoundTheClock:
    """The time of every day and night, with the verbs of a WorkingClock."""

    def add(self, at, duration):
        return at + duration

    def between(self, start, end):
        return end - start


@dataclass(frozen=True)
class Reckoned:
    """One clock as its history left it, the last round of it.

    It has `counted` so much up to `since`, and counts from there on; `since` None: it is stopped or paused. `due_at`
    is when `allowed` is used up; `promised_at` when the owner expects it, later only where the portal gave a date by
    itself. Of a paused one both say when it would be, were the pause to end by itself. `half_at`, `most_at`: 50 and
    80 % of the time; `near_at`: 90 %, when the owner hears of it. These three are None unless it counts.
    """

    kind: str
    round: int
    started_at: datetime
    allowed: timedelta
    counted: timedelta
    since: datetime | None
    due_at: datetime
    promised_at: datetime
    stopped_at: datetime | None
    how: str  # done, void, or "" while it is not stopped
    round_the_clock: bool
    half_at: datetime | None
    most_at: datetime | None
    near_at: datetime | None

    @property
    def paused(self):
        return self.since is None and self.stopped_at is None


class Budget:
    """So much time, and when it is used up."""

    def __init__(self, allowed):
        self.allowed, self.due_at = allowed, None

    def plan(self, clock, since, counted):
        """What is used up already was due when it was."""
        if self.due_at is None or self.allowed > counted:
            self.due_at = clock.add(since, max(self.allowed - counted, NOTHING))

    def until(self, due_at, *, counted, left):
        self.allowed, self.due_at = counted + left, due_at


class Track:
    """One clock while it is being worked out. Two budgets: ours, and what the owner was told."""

    def __init__(self, kind, number, limit, clock, at):
        self.kind, self.round, self.clock = kind, number, clock
        self.started_at = self.since = at
        self.counted, self.stopped_at, self.how, self.waits_until = NOTHING, None, "", None
        self.ours, self.told = Budget(limit), Budget(limit)
        self.terms, self.near = limit, limit * NEAR
        self._plan(at)

    def limit(self, limit, clock, at):
        """Other terms: stricter ones leave no more than they give from now on, milder ones no less than they give."""
        if limit is None:
            self.stop(at, VOID)
        if limit is None or (limit, type(clock)) == (self.terms, type(self.clock)):
            return
        self._count(at)
        for budget in (self.ours, self.told):
            left = max(clock.between(self.waits_until or at, budget.due_at), NOTHING)
            budget.allowed = max(limit, self.counted + (left if limit > self.terms else min(left, limit)))
        self.terms, self.near, self.clock = limit, limit * NEAR, clock
        self._plan(self.waits_until or at)

    def give_date(self, at, due_at, *, by_itself):
        self._count(at)
        left = max(self.clock.between(self.waits_until or at, due_at), NOTHING)
        for budget in (self.told,) if by_itself else (self.ours, self.told):
            budget.until(due_at, counted=self.counted, left=left)
        self.near = left * NEAR

    def pause(self, at, until):
        self._count(at)
        self.since, self.waits_until = None, until
        self._plan(until)

    def go_on(self, at):
        if self.since is None:
            self.since, self.waits_until = at, None
            self._plan(at)

    def stop(self, at, how):
        self._count(at)
        self.since, self.waits_until, self.stopped_at, self.how = None, None, at, how

    def begin_again(self, at):
        """Goes on after it was stopped, as another round: what was promised then has been kept, or not."""
        if self.stopped_at is not None:
            self.stopped_at, self.how, self.round = None, "", self.round + 1
            self.go_on(at)

    def _count(self, at):
        if self.since is not None:
            self.counted += self.clock.between(self.since, at)
            self.since = at

    def _plan(self, since):
        for budget in (self.ours, self.told):
            budget.plan(self.clock, since, self.counted)

    def reckoned(self):
        found = Reckoned(
            kind=self.kind,
            round=self.round,
            started_at=self.started_at,
            allowed=self.ours.allowed,
            counted=self.counted,
            since=self.since,
            due_at=self.ours.due_at,
            promised_at=self.told.due_at,
            stopped_at=self.stopped_at,
            how=self.how,
            round_the_clock=isinstance(self.clock, RoundTheClock),
            half_at=None,
            most_at=None,
            near_at=None,
        )
        if self.since is None:
            return found
        near = self._near() if self.kind == RESOLUTION else None
        half, most = (self._when(self.ours.allowed * share) for share in (HALF, MOST))
        return replace(found, half_at=half, most_at=most, near_at=near)

    def _near(self):
        """Whoever opens again what is late already is owed a date at once, on a Sunday too."""
        return self.since if self.told.due_at <= self.since else self._when(self.told.allowed - self.near)

    def _when(self, counted):
        """When it has counted so much; of what is past already, when it last began to count."""
        return self.clock.add(self.since, max(counted - self.counted, NOTHING))
