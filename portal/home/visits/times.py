"""Free times as owners choose among them: a day first, then a time."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date

from portal.visits.offers import Offer, free_times

AT_ONCE = 10  # days that stand side by side


@dataclass
class Day:
    """A day with free times; the template links to it."""

    day: date
    offers: list[Offer]
    is_chosen: bool = False

    @property
    def query(self):
        return f"?day={self.day.isoformat()}"


@dataclass
class Times:
    """All days with free times, in the zone that is active; one of them is chosen, if there is any."""

    days: list[Day]

    @property
    def chosen(self):
        return next((day for day in self.days if day.is_chosen), None)

    @property
    def _place(self):
        place = next((number for number, day in enumerate(self.days) if day.is_chosen), 0)
        return place - place % AT_ONCE

    @property
    def shown(self):
        return self.days[self._place : self._place + AT_ONCE]

    @property
    def earlier(self):
        return self.days[self._place - 1] if self._place else None

    @property
    def later(self):
        return next(iter(self.days[self._place + AT_ONCE :]), None)


def times_for(home, kind, *, at, asked_day="", visit=None):
    """The Times of a visit of this kind; `visit` is the one that is moved, or that waits for its time.

    `asked_day`: as it stands in the address; the first one where it is none. Raises VisitError.
    """
    by_day = {}
    for offer in free_times(kind=kind, home=home, at=at, moving=visit):
        by_day.setdefault(timezone.localdate(offer.starts), []).append(offer)
    days = [Day(day, offers) for day, offers in by_day.items() if _is_wished(day, visit)]
    chosen = next((day for day in days if day.day == _day(asked_day)), None) or next(iter(days), None)
    if chosen:
        chosen.is_chosen = True
    return Times(days)


def _is_wished(day, visit):
    """Whether it lies within the days for which the visit was asked for."""
    if visit is None or not visit.is_asked:
        return True
    return (visit.not_before or day) <= day <= (visit.not_after or day)


def _day(text):
    try:
        return parse_date(text)
    except ValueError:
        return None
