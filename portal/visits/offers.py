"""When somebody can come: worked out of availabilities, the working calendar, absences and what is taken already.

A fixed number of queries, however many days and colleagues; nothing is decided here: `cells` does that.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from progress.calendar.clock import CalendarError, clock_of
from progress.calendar.hours import MIDNIGHT
from progress.models import Assignment

from .cells import number_of, numbers_from
from .errors import VisitError
from .models import Absence, Availability, Visit, VisitCell, VisitSetting

STEP = 30 * 60  # seconds from one beginning to the next
SHORTEST_NOTICE = timedelta(hours=2)  # where a kind needs no working day ahead
SATURDAY, SUNDAY = 5, 6
LIKE = {SATURDAY: 4, SUNDAY: 0}  # a weekend day that is worked is like the Friday before or the Monday after it


@dataclass(frozen=True)
class Offer:
    """A visit that can be booked, in UTC. Of several who are free, `person` has the fewest visits that week."""

    starts: datetime
    ends: datetime
    person: User


def free_times(*, kind, at, home=None, enquiry=None, person=None, days=None, moving=None, urgent=False):
    """Offers for a visit at the home, or to whoever enquired: one a beginning, in order of time.

    Of `person` alone, or of anybody; on the next `days`, at most as many as the kind shows. `moving`: a visit
    whose own time counts as free. `urgent`: from now on, without the notice that the kind asks for.
    Raises VisitError when the working calendar itself is wrong.
    """
    roster = Roster(kind=kind, place=(home or enquiry).development, at=at, person=person, moving=moving, urgent=urgent)
    found = roster.free(days=days)
    people = User.objects.select_related("card").in_bulk({pk for free in found.values() for pk in free[:1]})
    length = timedelta(minutes=roster.terms.minutes)
    moments = ((datetime.fromtimestamp(begins, UTC), free) for begins, free in sorted(found.items()))
    return [Offer(starts, starts + length, people[free[0]]) for starts, free in moments]


class Roster:
    """Who can come when for one kind of visit at one place (a development, or None: the company's)."""

    def __init__(self, *, kind, place, at, person=None, moving=None, urgent=False):
        self.kind, self.place, self.at, self.person, self.moving = kind, place, at, person, moving
        self.terms = VisitSetting.objects.in_force(kind, place)
        self.clock = clock_of(place)
        self.zone = self.clock.zone
        self.earliest = at if urgent else self._earliest()
        self.first, self.last = self._days()

    def _earliest(self):
        """A working day read on is none of those that lie between: whoever books on Saturday is read on Monday."""
        if not self.terms.notice_days:
            return self.at + SHORTEST_NOTICE
        try:
            read_on = self.clock.add(self.at, timedelta()).astimezone(self.zone).date()
            day = self.clock.add_days(read_on, self.terms.notice_days)
        except CalendarError as error:
            raise VisitError(_("No times can be worked out at the moment. Please ring us.")) from error
        return self._moment(day, time())

    def _days(self):
        """The first and the last day that can be looked at: of a visit asked for, those for which it was."""
        first = self.at.astimezone(self.zone).date()
        last = first + timedelta(days=self.terms.horizon_days)
        if self.moving is None:
            return first, last
        wished = self.moving.not_before or first, self.moving.not_after or last
        return max(first, wished[0]), wished[1] if wished[1] >= first else last

    def free(self, *, days=None):
        """{seconds since 1970: ids of those free, the one with the fewest visits that week first}."""
        last = self.last if days is None else min(self.last, self.first + timedelta(days=days))
        return self._free(self.first, last)

    def free_at(self, starts):
        """The ids of those free at the moment `starts`, in the order in which they are asked. [] for nobody."""
        day = starts.astimezone(self.zone).date()
        return self._free(day, day).get(starts.timestamp(), [])

    def _free(self, first, last):
        windows = self._windows(first, last)
        people = {pk for who, _day, _start, _end in windows for pk in who}
        away, taken = self._away(people, first, last), self._taken(people, first, last)
        found, soonest = {}, self.earliest.timestamp()
        for who, day, start, end in windows:
            present = [(pk, taken[pk]) for pk in who if (pk, day) not in away]
            for begins in range(start, end - self.terms.minutes * 60 + 1, STEP):
                if begins >= soonest:
                    needed = self._needed(begins)
                    free = {pk for pk, theirs in present if theirs.isdisjoint(needed)}
                    found.setdefault(begins, set()).update(free)
        return self._ordered({begins: free for begins, free in found.items() if free})

    def _needed(self, begins):
        return numbers_from(begins, minutes=self.terms.minutes, buffer=self.terms.buffer_minutes)

    def _windows(self, first, last):
        """[(ids of people, day, begin, end)] in seconds since 1970, as availabilities and the calendar say."""
        teams = self._teams()
        rows = Availability.objects.at_place(self.place).of_kind(self.kind).between(first, last)
        by_weekday = {}
        for row in rows.order_by("starts", "pk"):
            if who := self._who(row, teams):
                by_weekday.setdefault(row.weekday, []).append((row, who))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [
            (who, day, *hours)
            for day in days
            for row, who in self._on(day, by_weekday)
            for hours in self._hours(row, day)
        ]

    def _on(self, day, by_weekday):
        weekday, works = day.weekday(), self.clock.is_working_day(day)
        rows = list(by_weekday.get(weekday, ()))
        if works and weekday in LIKE:
            rows += by_weekday.get(LIKE[weekday], ())
        for row, who in rows:
            counts = row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)
            if counts and (works or row.on_days_off):
                yield row, who

    def _hours(self, row, day):
        """Its hours on that day; where the calendar has hours of its own for the day, only what lies within them."""
        start, end = self._moment(day, row.starts).timestamp(), self._moment(day, row.ends).timestamp()
        changed = self.clock.days.changed.get(day)
        if not changed:
            return [(int(start), int(end))]
        limits = [
            (self._minute(day, opens).timestamp(), self._minute(day, closes).timestamp()) for opens, closes in changed
        ]
        return [(int(max(start, opens)), int(min(end, closes))) for opens, closes in limits]

    def _minute(self, day, minute):
        day, minute = (day + timedelta(days=1), 0) if minute == MIDNIGHT else (day, minute)
        return self._moment(day, time(*divmod(minute, 60)))

    def _moment(self, day, clock_time):
        return datetime.combine(day, clock_time, tzinfo=self.zone).astimezone(UTC)

    def _teams(self):
        """{role: ids of those assigned here as it}; None: all of them."""
        posts = Assignment.objects.live().filter(user__is_active=True)
        if self.place is not None:
            posts = posts.filter(Q(development=None) | Q(development=self.place))
        if self.person is not None:
            posts = posts.filter(user=self.person)
        teams = {None: set()}
        for role, user in posts.values_list("role", "user"):
            teams.setdefault(role, set()).add(user)
            teams[None].add(user)
        return teams

    def _who(self, row, teams):
        return {row.person_id} & teams[None] if row.person_id else teams.get(row.team, set())

    def _away(self, people, first, last):
        """{(id, day)} of absences."""
        rows = Absence.objects.filter(person__in=people).between(first, last)
        return {
            (row.person_id, row.first_day + timedelta(days=number))
            for row in rows
            for number in range((row.last_day - row.first_day).days + 1)
        }

    def _taken(self, people, first, last):
        """{id: numbers of the quarter hours that are another visit's}."""
        first, last = (self._moment(day, time()) for day in (first, last + timedelta(days=2)))
        cells = VisitCell.objects.filter(person__in=people, quarter__gte=first, quarter__lt=last)
        if self.moving is not None:
            cells = cells.exclude(visit=self.moving)
        taken = {pk: set() for pk in people}
        for person, quarter in cells.values_list("person", "quarter"):
            taken[person].add(number_of(quarter))
        return taken

    def _ordered(self, found):
        """Each one's people as a list: the fewest visits in the week of the day first, then by id."""
        if not found:
            return {}
        day_of = {begins: datetime.fromtimestamp(begins, self.zone).date() for begins in found}
        monday = min(day_of.values()) - timedelta(days=7)
        since, until = (self._moment(day, time()) for day in (monday, max(day_of.values()) + timedelta(days=8)))
        visits = (
            Visit.objects.live().between(since, until).filter(person__in={pk for free in found.values() for pk in free})
        )
        if self.moving is not None:
            visits = visits.exclude(pk=self.moving.pk)
        many = Counter(
            (person, starts.astimezone(self.zone).isocalendar()[:2])
            for person, starts in visits.values_list("person", "starts")
        )
        weeks = {begins: day.isocalendar()[:2] for begins, day in day_of.items()}
        return {
            begins: sorted(free, key=lambda pk, week=weeks[begins]: (many[pk, week], pk))
            for begins, free in found.items()
        }
