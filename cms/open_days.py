"""Open days on public pages: apps above this one say which there are, and what is to be known of each.

    @source
    def open_days(development, *, at):
        return [OpenDay(title, starts, url="/…"), …]

    @facts_source
    def facts(page, *, at):
        return Facts(title, …) or None

Modules that register are imported in their app's `AppConfig.ready`. What they give is public: no names of people. It is
kept for a minute at most (places left), and until somebody says `changed()` (whatever staff publish, change or cancel).
"""

from dataclasses import dataclass
from datetime import datetime

from .found.generations import renew_on_commit

_sources = {}
_facts_sources = {}


@dataclass(frozen=True)
class OpenDay:
    """A visit that owners may book. `note` says what the reader should know, such as how many places are left."""

    title: str
    starts: datetime
    ends: datetime | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Slot:
    """One time of it, for `capacity` people, of whose places `left` are free. `note`: why it does not take place."""

    starts: datetime
    ends: datetime
    capacity: int
    left: int
    is_cancelled: bool = False
    note: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule of safety; `icon` is a name of ours."""

    icon: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What the page of an open day shows of it. Texts are LocalizedText or words; times are shown in `time_zone`."""

    title: str
    time_zone: str
    slots: tuple[Slot, ...] = ()
    meeting_point: str = ""
    route: str = ""
    bring: str = ""
    rules: tuple[Rule, ...] = ()
    min_age: int = 0
    max_party: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_cancelled: bool = False
    reason: str = ""  # why it is cancelled
    is_over: bool = False
    url: str = ""  # where owners book

    @property
    def taking_place(self):
        return [slot for slot in self.slots if not slot.is_cancelled]

    @property
    def starts(self):
        return min((slot.starts for slot in self.taking_place or self.slots), default=None)

    @property
    def ends(self):
        return max((slot.ends for slot in self.taking_place or self.slots), default=None)

    @property
    def capacity(self):
        return sum(slot.capacity for slot in self.taking_place)

    @property
    def left(self):
        return sum(slot.left for slot in self.taking_place)

    def takes_bookings(self, at):
        opened = self.opens_at is None or self.opens_at <= at
        return opened and not (self.is_cancelled or self.is_over or (self.closes_at and at >= self.closes_at))


def source(function):
    """Register `function(development, *, at)`, which returns the open days that are still to come."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def facts_source(function):
    """Register `function(page, *, at)`, which returns the Facts of the open day that `page` describes, or None."""
    _facts_sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def open_days_of(development, *, at):
    """All that is known, the next first."""
    found = [day for function in _sources.values() for day in function(development, at=at)]
    return sorted(found, key=lambda day: (day.starts, day.title))


def facts_of(page, *, at):
    """What is known of the open day that `page` describes; None as long as none is published with it."""
    return next((facts for function in _facts_sources.values() if (facts := function(page, at=at))), None)


def changed():
    """Public pages show an open day differently from the end of this transaction on."""
    renew_on_commit()
