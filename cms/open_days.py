"""Open days on a development's page: apps above this one say which there are.

    @source
    def open_days(development, *, at):
        return [OpenDay(title, starts, url="/…"), …]

Modules that register are imported in their app's `AppConfig.ready`. What they give is public, and kept for a minute.
"""

from dataclasses import dataclass
from datetime import datetime

_sources = {}


@dataclass(frozen=True)
class OpenDay:
    """A visit that anybody may book. `note` says what the reader should know, such as how many places are left."""

    title: str
    starts: datetime
    ends: datetime | None = None
    url: str = ""
    note: str = ""


def source(function):
    """Register `function(development, *, at)`, which returns the open days that are still to come."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def open_days_of(development, *, at):
    """All that is known, the next first."""
    found = [day for function in _sources.values() for day in function(development, at=at)]
    return sorted(found, key=lambda day: (day.starts, day.title))
