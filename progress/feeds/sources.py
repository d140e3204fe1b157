"""What can stand in somebody's calendar. Each app registers what it knows in `AppConfig.ready`:

@source("visit")
def visits(reader, *, at):
    for visit in Visit.objects.filter(home__in=reader.homes):
        yield FeedDate(str(visit.pk), reader.named(visit.home, _("Survey")), visit.begins, visit.ends, …)

It is asked in the reader's language, for the homes whose progress they follow now, in a fixed number of queries.
People share calendars: no names of people, no free text about a household, no addresses, no links.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from django.utils.translation import override

from accounts.models import Owner
from progress.models import HOSTS, Home, Ownership

HISTORY = timedelta(days=366)  # what is longer past is handed out no more, and not called off either
FUTURE = timedelta(days=30 * 366)  # what is said to be later is no date: "31 December 9999" means that there is none

_sources = {}

# What nobody should be led to from a calendar that others see: addresses of pages, of files, of people.
LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|tel:)[!-~]+|[a-z0-9._%+-]+@[a-z0-9.-]+|(?:[a-z0-9-]+\.)+[a-z]{2,}/[!-~]*",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class FeedDate:
    """One date. `start` a day: the whole of it, or until `end` and with it; a moment: in the time zone `zone`."""

    key: str
    title: str
    start: date | datetime
    end: date | datetime | None = None
    zone: str = ""
    place: str = ""
    description: str = ""

    @property
    def content(self):
        """What a calendar is told, as it is kept; equal as long as nothing has changed."""
        return {
            "title": presentable(self.title),
            "start": _written(self.start),
            "end": _written(self.end),
            "zone": self.zone if isinstance(self.start, datetime) else "",
            "place": presentable(self.place),
            "description": presentable(self.description),
        }


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is, and the homes of which it tells."""

    owner: Owner
    homes: list[Home] = field(default_factory=list)

    @cached_property
    def _homes_at(self):
        return Counter(home.development_id for home in self.homes)

    def named(self, home, title):
        """The title, with the home's name where there are several. With one, nobody reads from it who lives where."""
        if self._homes_at[home.development_id] > 1:
            building = f"{home.building.name} " if home.building else ""
            return f"{self.at(home.development, title)} · {building}{home.number}"
        return self.at(home.development, title)

    def at(self, development, title):
        """The title, with the development's name where the person has homes in several."""
        return f"{title} · {development}" if len(self._homes_at) > 1 else str(title)


def source(code):
    """Decorator: ask this function, too. `code` begins the keys of its dates, so it stays for ever."""

    def decorate(function):
        _sources[code] = function
        return function

    return decorate


def reader_of(owner):
    """`owner` with the homes whose progress they follow; each knows `is_hosted`, as elsewhere. One query."""
    ties = Ownership.objects.live().follows_progress().filter(owner=owner)
    ties = ties.select_related("home__development", "home__building").order_by("home")
    for tie in ties:
        tie.home.is_hosted = tie.role in HOSTS
    return Reader(owner, [tie.home for tie in ties])


def dates_of(reader, *, at):
    """{key: FeedDate} of all apps, in the reader's language; nothing for those who follow no home."""
    if not reader.homes:
        return {}
    with override(reader.owner.reading_language):
        found = (
            replace(each, key=f"{code}:{each.key}") for code, ask in _sources.items() for each in ask(reader, at=at)
        )
        return {each.key: each for each in found}


def presentable(text):
    """In one line, and without anything that can be followed."""
    return CONTROL.sub(" ", LINK.sub("", str(text))).strip()


def _written(moment):
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat() if moment else ""
