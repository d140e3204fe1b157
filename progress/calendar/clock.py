"""Working time: which moments count when something is promised in hours or in days.

    clock = clock_of(development)
    clock.add(at, timedelta(hours=2))

All moments are aware; what comes back is in UTC. Hours are those of the wall clock of the place, so a day on which
clocks change is an hour longer or shorter only if that hour is a working one.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from .holidays import is_working_day
from .hours import MIDNIGHT, read_hours
from .models import CalendarOverride

ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = 400  # days without work after which the calendar itself must be wrong


class CalendarError(Exception):
    """Nothing can be reckoned with this calendar. The message is worded for staff."""


def clock_of(development):
    """The clock of a development: its calendar, as staff have changed it, in its time zone. One query.

    None: the company's own.
    """
    if development is None:
        return clock_for(settings.WORK_CALENDAR, settings.TIME_ZONE)
    return clock_for(development.calendar, development.time_zone)


def clock_for(calendar, time_zone):
    """The clock of a calendar in a time zone, as of now. One query."""
    changed = {day.date: day.stretches for day in CalendarOverride.objects.filter(calendar=calendar)}
    return WorkingClock(WorkDays(calendar, read_hours(settings.WORKING_HOURS), changed), ZoneInfo(time_zone))


class WorkDays:
    """When each day is open. `changed` maps days to their stretches, or to None for the usual ones."""

    def __init__(self, calendar, usual, changed=()):
        self.calendar, self.usual, self.changed = calendar, usual, dict(changed)

    def stretches(self, day):
        if day in self.changed:
            stretches = self.changed[day]
            return self.usual if stretches is None else stretches
        return self.usual if is_working_day(self.calendar, day) else ()


class WorkingClock:
    """Adds, takes away and measures working time."""

    def __init__(self, days, zone):
        self.days, self.zone = days, zone

    def is_open(self, at):
        """Whether `at` is working time; the closing minute still is."""
        day = self._day(at)  # the day before may close at midnight
        return any(start <= at <= end for each in (day - ONE_DAY, day) for start, end in self._open_on(each))

    def add(self, at, duration):
        """The moment by which `duration` (not negative) of working time has passed since `at`. Never a closed one."""
        _check_not_negative(duration)
        stretches, left = self._forward(at), duration
        start, end = next(stretches)
        while start + left > end:
            left -= end - start
            start, end = next(stretches)
        return start + left

    def subtract(self, at, duration):
        """The moment from which `duration` (not negative) of working time passes until `at`. Never a closed one."""
        _check_not_negative(duration)
        stretches, left = self._backward(at), duration
        start, end = next(stretches)
        while end - left < start:
            left -= end - start
            start, end = next(stretches)
        return end - left

    def between(self, start, end):
        """How much working time passes from `start` to `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        day, last, passed = self._day(start), self._day(end), timedelta()
        while day <= last:
            for opens, closes in self._open_on(day):
                passed += max(timedelta(), min(closes, end) - max(opens, start))
            day += ONE_DAY
        return passed

    def is_working_day(self, day):
        return bool(self.days.stretches(day))

    def add_days(self, day: date, number: int):
        """The working day `number` working days after `day`, or before when negative. 0: `day`, or the next one."""
        step = -ONE_DAY if number < 0 else ONE_DAY
        day = self._working(day, ONE_DAY) if number == 0 else day
        for _each in range(abs(number)):
            day = self._working(day + step, step)
        return day

    def closing(self, day):
        """The moment at which work ends on the working day `day`. Raises CalendarError on a day off."""
        stretches = self._open_on(day)
        if not stretches:
            raise CalendarError(_("%(day)s is not a working day.") % {"day": day})
        return stretches[-1][1]

    def _working(self, day, step):
        for _each in range(LONGEST_PAUSE):
            if self.is_working_day(day):
                return day
            day += step
        raise _no_work(day)

    def _forward(self, at):
        """Stretches from `at` on, the first one cut to begin there."""
        day, idle = self._day(at), 0
        while idle < LONGEST_PAUSE:
            idle += 1
            for start, end in self._open_on(day):
                if end >= at:
                    idle = 0
                    yield max(start, at), end
            day += ONE_DAY
        raise _no_work(day)

    def _backward(self, at):
        """Stretches before `at`, the latest first and cut to end there."""
        day, idle = self._day(at), 0
        while idle < LONGEST_PAUSE:
            idle += 1
            for start, end in reversed(self._open_on(day)):
                if start <= at:
                    idle = 0
                    yield start, min(end, at)
            day -= ONE_DAY
        raise _no_work(day)

    def _open_on(self, day):
        """The stretches of `day` as moments, in order and apart even where clocks change in the midst of one."""
        moments, latest = [], None
        for opens, closes in self.days.stretches(day):
            start, end = self._moment(day, opens), self._moment(day, closes)
            start = max(start, latest) if latest else start
            if start < end:
                moments.append((start, end))
                latest = end
        return moments

    def _moment(self, day, minute):
        if minute == MIDNIGHT:
            day, minute = day + ONE_DAY, 0
        return datetime.combine(day, time(*divmod(minute, 60)), tzinfo=self.zone).astimezone(UTC)

    def _day(self, at):
        return at.astimezone(self.zone).date()


def _check_not_negative(duration):
    if duration < timedelta():
        raise ValueError("Working time is added or subtracted in positive amounts.")


def _no_work(day):
    return CalendarError(
        _("There is no working day for more than a year around %(day)s: please look at the calendar.") % {"day": day}
    )
