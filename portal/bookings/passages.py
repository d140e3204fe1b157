"""How a party stands at the gate, worked out of its entries in the order in which they happened.

Phones without a line send theirs late, and in any order; whatever the order of arrival, the outcome is the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate, make_aware

from .models import Booking, Passage

State, Act = Booking.State, Passage.Act
LONGEST = timedelta(days=31)  # that an entry waits on a phone: so long lasts a log-in
STATE_AFTER = {Act.IN: State.ARRIVED, Act.OUT: State.LEFT, Act.MISSED: State.MISSED}
COUNTS_IN = {  # what may follow; anything else says what is known already, or came too late to matter
    State.BOOKED: {Act.IN, Act.MISSED},
    State.ARRIVED: {Act.OUT},
    State.LEFT: {Act.IN},
    State.MISSED: {Act.IN},
}


@dataclass(frozen=True)
class Standing:
    """The entries that count, oldest first. What was taken back counts no more."""

    passages: tuple = ()

    @property
    def state(self):
        return STATE_AFTER[self.last.act] if self.passages else State.BOOKED

    @property
    def last(self):
        """The entry by which the party stands as it does, or None."""
        return self.passages[-1] if self.passages else None

    @property
    def entrance(self):
        """The last entry that let them in, or None."""
        return next((each for each in reversed(self.passages) if each.act == Act.IN), None)

    @property
    def arrived_at(self):
        return next((each.at for each in self.passages if each.act == Act.IN), None)

    @property
    def left_at(self):
        return self.last.at if self.state == State.LEFT else None


def standing(passages):
    """The Standing that follows from all entries of one party."""
    counted = []
    for passage in sorted(passages, key=lambda each: (each.at, each.received_at)):
        state = Standing(tuple(counted)).state
        if passage.act == Act.UNDO:
            del counted[-1:]
        elif passage.act in COUNTS_IN[state]:
            counted.append(passage)
    return Standing(tuple(counted))


def zone_of(slot):
    return ZoneInfo(slot.open_day.development.time_zone)


def day_of(slot):
    """The date of the slot at its place."""
    return localdate(slot.starts, zone_of(slot))


def within_bounds(said_at, *, slot, at):
    """When it happened: as the phone says, but not before the slot's day and not in the future."""
    begins = make_aware(datetime.combine(day_of(slot), datetime.min.time()), zone_of(slot))
    return min(max(said_at, begins), at)


def how_long_ago(*, made_at, sent_at, at):
    """The moment of what a phone wrote at `made_at` and sent at `sent_at`, both by its own clock, heard of `at`.

    What counts is how long ago it was, so that a clock that is wrong does no harm.
    """
    if made_at is None:
        return at
    return at - min(max((sent_at or at) - made_at, timedelta()), LONGEST)
