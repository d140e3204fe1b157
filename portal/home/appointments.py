"""When somebody has to be somewhere: each part of these pages registers its appointments, the front shows the next."""

from dataclasses import dataclass
from datetime import datetime

_sources = []


@dataclass(frozen=True)
class Appointment:
    """One that lies ahead. `url` leads to its page."""

    title: str
    starts: datetime
    ends: datetime
    url: str
    place: str = ""
    note: str = ""
    icon: str = "calendar"


def source(function):
    """Register `function(user, home, *, at) -> iterable of Appointment`, each not over at `at`; in one query or two."""
    _sources.append(function)
    return function


def next_appointment(user, home, *, at):
    """The one that comes first, or None. `home` is one of `homes_of`."""
    ahead = (each for ask in _sources for each in ask(user, home, at=at))
    return min(ahead, key=lambda each: each.starts, default=None)
