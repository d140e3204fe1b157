"""Whom a rule would reach, and when: reckoned without writing anything, for rules that are not saved yet, too."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from progress.calendar.clock import clock_for
from progress.models import Home

from .anchors import Place, anchor_of, places
from .due import due_at, lies_before

LOOKED_AHEAD = timedelta(days=365)  # of what comes again and again
SHOWN = 50


@dataclass(frozen=True)
class Reached:
    """One that would be promised something. `home` None: somebody who enquired."""

    home: Home | None
    due_at: datetime
    anchored_on: date
    key: str


@dataclass
class Reach:
    """`homes`: how many there are, or people where a rule is about enquiries; `promises`: how many they would get.

    `by_month`: [(first day of the month, promises)] in order; `first`: the first 50 Reached.
    """

    homes: int = 0
    promises: int = 0
    today: int = 0
    earlier: int = 0  # occasions that are too long ago
    by_month: list = field(default_factory=list)
    first: list = field(default_factory=list)

    @property
    def all_today(self):
        """Whether all there ever were would fall due today: then it is an announcement, or a mistake."""
        return self.homes > 1 and self.today == self.promises and not self.earlier


def begins(rule, *, today):
    """The day from which it counts: what falls due before is owed to nobody."""
    return max(rule.starts_on or today, today)


def reach(rule, *, today):
    """What `rule` would promise if it were switched on `today`: for occasions known by now, a year ahead."""
    found, months, homes, first = Reach(), Counter(), Counter(), []
    for each in _counted(rule, first=today, last=today + LOOKED_AHEAD + lies_before(rule)):
        wanted = each.between(begins(rule, today=today), date.max)
        found.earlier += each.rows - wanted.rows
        found.promises += wanted.rows
        for day in wanted.days.values():
            found.today += day.rows if day.on == today else 0
            months[day.on.replace(day=1)] += day.rows
        each_time = each.place if anchor_of(rule).repeats else each  # each time they are the same
        homes[each_time] = max(homes[each_time], wanted.homes(rule))
        first += wanted.first(SHOWN) if len(first) < SHOWN or not anchor_of(rule).repeats else []
    found.homes, found.by_month = sum(homes.values()), sorted(months.items())
    found.first = _with_homes(first)[:SHOWN]
    return found


def occasions_due(rule, *, first, last):
    """[Reached] of all that would fall due from the day `first` to `last`, in order: as many as there are."""
    rows = []
    for each in _counted(rule, first=first - LOOKED_AHEAD, last=last + LOOKED_AHEAD):
        rows += each.between(first, last).first(None)
    return _with_homes(rows)


@dataclass(frozen=True)
class _Day:
    rows: int
    due_at: datetime
    on: date  # on the calendar of the place


@dataclass(eq=False)
class _Counted:
    """Occasions of one Place, and {their day: _Day}."""

    place: Place
    occasions: QuerySet
    days: dict

    @property
    def rows(self):
        return sum(day.rows for day in self.days.values())

    def between(self, first, last):
        """Those that fall due from `first` to `last`. A later occasion never falls due earlier than another."""
        days = {day: each for day, each in self.days.items() if first <= each.on <= last}
        if not days:
            return _Counted(self.place, self.occasions.none(), {})
        return _Counted(self.place, self.occasions.filter(care_day__range=(min(days), max(days))), days)

    def homes(self, rule):
        about = "pk" if anchor_of(rule).of_enquiries(rule) else "care_home"
        return self.occasions.aggregate(n=Count(about, distinct=True))["n"] if self.days else 0

    def first(self, limit):
        rows = self.occasions.order_by("care_day", "care_key").values("care_key", "care_day", "care_home")
        return [row | {"due": self.days[row["care_day"]].due_at} for row in rows.distinct()[:limit]]


def _counted(rule, *, first, last):
    """_Counted of each Place and, of what comes again, of each time. Each distinct day is reckoned once."""
    anchor = anchor_of(rule)
    for place in places():
        clock = clock_for(place.calendar, place.time_zone)
        occasions = anchor.occasions(rule, place=place, first=first, last=last)
        if anchor.repeats:
            counts = _each_time(occasions, anchor.days(rule, place=place, first=first, last=last))
        else:
            counts = [(rows, _by_day(rows)) for rows in occasions]
        for rows, numbers in counts:
            yield _Counted(place, rows, _reckoned(rule, numbers, clock))


def _by_day(occasions):
    counts = occasions.order_by().values_list("care_day")
    return list(counts.annotate(rows=Count("care_key", distinct=True)))


def _each_time(occasions, days):
    """What comes again concerns the same rows each time: they are counted once."""
    number = occasions[0].count() if occasions else 0
    return [(rows, [(day, number)]) for rows, day in zip(occasions, days, strict=True)]


def _reckoned(rule, counts, clock):
    days = {}
    for day, rows in counts:
        due = due_at(rule, day, clock) if day and rows else None
        if due is not None:
            days[day] = _Day(rows, due, due.astimezone(clock.zone).date())
    return days


def _with_homes(rows):
    """Reached of these rows, in the order of their time; several rows of one promise are one."""
    rows = {row["care_key"]: row for row in rows}.values()
    homes = Home.objects.select_related("development", "building").in_bulk({row["care_home"] for row in rows} - {None})
    found = [Reached(homes.get(row["care_home"]), row["due"], row["care_day"], row["care_key"]) for row in rows]
    return sorted(found, key=lambda each: (each.due_at, each.key))
