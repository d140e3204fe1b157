"""What the clocks of a ticket show, worked out from its history alone: reckoned again, the answer is the same.

    reckon(steps, terms, clock) → {"first_response": Reckoned, "next_update": Reckoned, "resolution": Reckoned}

`steps` in order, each with `what`, `at` and `data`; `terms(kind, priority)` gives the Terms of a ticket of that kind
and priority; `clock` measures the working time of its development. Nothing here asks the database or the time of day.

The clocks count while the ticket is in our hands: not once it is resolved or withdrawn, not while it is paused. They
go on where they stopped, so a ticket that is opened again keeps its age. Answering starts the next update anew.
"""

from datetime import UTC, date, datetime
from datetime import time as time_of_day

from .tracks import DONE, NOTHING, RESOLUTION, RESPONSE, UPDATE, VOID, RoundTheClock, Track


def reckon(steps, terms, clock):
    """{kind: Reckoned} of the clocks that these steps have started. Raises CalendarError."""
    history = _History(terms, clock)
    for step in steps:
        history.take(step)
    return {kind: track.reckoned() for kind, track in history.tracks.items()}


def review_moments(review_on, clock):
    """(when we ask whether a pause goes on, when it ends by itself): work begins on that day, and on the next."""
    first = clock.add_days(review_on, 0)
    return tuple(_opening(day, clock) for day in (first, clock.add_days(first, 1)))


def _opening(day, clock):
    midnight = datetime.combine(day, time_of_day(), tzinfo=clock.zone).astimezone(UTC)
    return clock.add(midnight, NOTHING)


class _History:
    """Takes one step after the other."""

    def __init__(self, terms, clock):
        self.find_terms, self.clock = terms, clock
        self.terms, self.tracks, self.at = None, {}, None
        self.answered = False

    def take(self, step):
        self.at = max(step.at, self.at or step.at)  # history runs one way, whatever a machine's clock said
        act = self.ACTS.get(step.what)
        if act and (self.terms or step.what == "reported"):
            act(self, step.data or {})

    def reported(self, data):
        self.terms = self.find_terms(data.get("kind"), data.get("priority"))
        self.answered = bool(data.get("by_staff"))  # whoever rang has talked with us already
        self._begin(RESOLUTION)
        self._begin(UPDATE if self.answered else RESPONSE)

    def routed(self, data):
        now = data.get("now", data)
        self.terms = terms = self.find_terms(now.get("kind"), now.get("priority"))
        for track in self._live():
            track.limit(getattr(terms, track.kind), self._measure(), self.at)

    def replied(self, data):
        self.answered = True
        self._stop(DONE, RESPONSE)
        if self.tracks[RESOLUTION].stopped_at is None:  # of what is closed, nobody waits for news
            self._begin(UPDATE)

    def paused(self, data):
        _asked, ends = review_moments(date.fromisoformat(data["review_on"]), self.clock)
        for track in self._live():
            track.pause(self.at, max(ends, self.at))

    def resumed(self, data):
        for track in self._live():
            track.go_on(self.at)

    def postponed(self, data):
        track = self.tracks[RESOLUTION]
        if track.stopped_at is None:
            track.give_date(self.at, datetime.fromisoformat(data["due_at"]), by_itself=bool(data.get("automatic")))

    def resolved(self, data):
        self.answered = True
        self._stop(DONE)

    def closed(self, data):
        self._stop(DONE)

    def gone(self, data):
        self._stop(VOID)

    def reopened(self, data):
        """The age stays what it was; whoever wrote waits for an answer, if there was none, else for news."""
        self.tracks[RESOLUTION].begin_again(self.at)
        if self.answered:
            self._begin(UPDATE)
        else:
            self.tracks[RESPONSE].begin_again(self.at)

    def parted(self, data):
        """Taken out of the ticket that it was merged into: what the merger stopped goes on."""
        for track in self.tracks.values():
            if track.how == VOID and getattr(self.terms, track.kind) is not None:
                track.begin_again(self.at)

    ACTS = {
        "reported": reported,
        "routed": routed,
        "replied": replied,
        "paused": paused,
        "resumed": resumed,
        "postponed": postponed,
        "resolved": resolved,
        "confirmed": closed,
        "lapsed": closed,
        "closed": closed,
        "withdrawn": gone,
        "merged": gone,
        "reopened": reopened,
        "unmerged": parted,
    }

    def _measure(self):
        return RoundTheClock() if self.terms.round_the_clock else self.clock

    def _begin(self, kind):
        """Start this clock, or start it anew."""
        limit, known = getattr(self.terms, kind), self.tracks.get(kind)
        if limit is None:
            self._stop(VOID, kind)
        else:
            paused_until = next((track.waits_until for track in self._live() if track.waits_until), None)
            number = known.round + 1 if known else 1
            self.tracks[kind] = Track(kind, number, limit, self._measure(), self.at)
            if paused_until:
                self.tracks[kind].pause(self.at, paused_until)

    def _stop(self, how, *kinds):
        for track in self._live():
            if not kinds or track.kind in kinds:
                track.stop(self.at, how)

    def _live(self):
        return [track for track in self.tracks.values() if track.stopped_at is None]


FOLLOWED = frozenset(_History.ACTS)  # the steps that move clocks
