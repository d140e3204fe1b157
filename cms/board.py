"""The complaints board on public pages: apps above this one say what is on it.

    @source
    def entries(*, at):
        return [Entry(title, …), …]

What they give is public: nobody can be known by it. Pages with it are kept until somebody says `changed()`.
"""

from dataclasses import dataclass
from datetime import datetime

from .found.generations import renew_on_commit

_sources = {}


@dataclass(frozen=True)
class Entry:
    """One complaint and its answer; texts are LocalizedText. `reported` is shown as a month, `days` to the solution."""

    key: str
    title: str
    complaint: str
    answer: str
    kind: str
    outcome: str
    reported: datetime
    answered_in: str
    solved_in: str


def source(function):
    """Register `function(*, at)`, which returns the entries that stand on the board, the newest first."""
    _sources[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def entries(*, at):
    """All that stands on the board, the newest first."""
    found = [entry for function in _sources.values() for entry in function(at=at)]
    return sorted(found, key=lambda entry: (entry.reported, entry.key), reverse=True)


def changed():
    """Public pages show the board differently from the end of this transaction on."""
    renew_on_commit()
