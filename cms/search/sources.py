"""In what one box searches. Each app registers its own in `AppConfig.ready`:

@source("guides", label=_("Guides"), icon="book")
def guides(question, *, reader, limit): ...  # a list of Hits, those with the words in their titles first

A source is asked as somebody: it begins at the rows that this reader may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from . import words

_sources = {}


@dataclass(frozen=True)
class Reader:
    """Who asks: nobody in particular (`user` None), or an owner with their homes, in their language, today."""

    language: str
    user: object = None
    homes: list = field(default_factory=list)
    today: date | None = None


@dataclass(frozen=True)
class Hit:
    """One thing found. `text` is that in which the words may be marked; `lang`: of another language."""

    title: str
    url: str
    text: str = ""
    day: date | None = None
    place: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Source:
    code: str
    label: str | Promise
    icon: str
    find: Callable


def source(code, *, label, icon):
    """Decorator: search here, too, for those who are logged in."""

    def decorate(function):
        _sources[code] = Source(code, label, icon, function)
        return function

    return decorate


def found_by(reader, question, *, limit, only=""):
    """[(source, its hits)] of the sources in which there is something, or of the one called `only`."""
    if not words.asked(question):
        return []
    asked = [each for each in _sources.values() if only in ("", each.code)]
    found = [(each, each.find(question, reader=reader, limit=limit)) for each in asked]
    return [(each, hits) for each, hits in found if hits]


def titles_first(hits, question):
    """In the order they came, but those that have all of it in their title before the others."""
    pieces = words.asked(question)
    return sorted(hits, key=lambda hit: not all(piece in words.plain(hit.title) for piece in pieces))
