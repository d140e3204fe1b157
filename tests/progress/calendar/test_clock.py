"""Working time by property, and on days that everybody in China knows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from progress.calendar.clock import CalendarError, WorkDays, WorkingClock, clock_for
from progress.calendar.hours import read_hours
from progress.calendar.models import CalendarOverride

USUAL = read_hours("09:00-12:00 13:30-18:00")
SHANGHAI = ZoneInfo("Asia/Shanghai")

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001  the zone is named
durations = st.timedeltas(timedelta(), timedelta(hours=200))
hours = st.sampled_from(["09:00-12:00 13:30-18:00", "08:00-17:00", "00:00-24:00", "01:30-02:30", "22:00-24:00"])
# London and New York change their clocks; Lord Howe by half an hour; Santiago at midnight.
zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]
)
changes = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2027, 6, 1)), st.sampled_from([(), None, read_hours("10:00-11:00")]), max_size=6
)
countries = st.sampled_from(["CN", "GB-ENG", "US"])
clocks = st.builds(
    lambda country, text, changed, zone: WorkingClock(WorkDays(country, read_hours(text), changed), ZoneInfo(zone)),
    countries,
    hours,
    changes,
    zones,
)


def china(changed=()):
    return WorkingClock(WorkDays("CN", USUAL, changed), SHANGHAI)


def there(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@given(clocks, moments, durations)
@settings(deadline=None)
def test_adding_never_lands_in_closed_time(clock, at, duration):
    assert clock.is_open(clock.add(at, duration))


@given(clocks, moments, durations)
@settings(deadline=None)
def test_what_is_added_is_what_has_passed(clock, at, duration):
    assert clock.between(at, clock.add(at, duration)) == duration


@given(clocks, moments, durations)
@settings(deadline=None)
def test_what_is_subtracted_is_what_will_pass(clock, at, duration):
    earlier = clock.subtract(at, duration)
    assert (clock.is_open(earlier), clock.between(earlier, at)) == (True, duration)


@given(clocks, moments, durations, durations)
@settings(deadline=None)
def test_adding_more_never_ends_earlier(clock, at, duration, other):
    less, more = sorted([duration, other])
    assert clock.add(at, less) <= clock.add(at, more)


@given(clocks, moments, moments, durations)
@settings(deadline=None)
def test_beginning_later_never_ends_earlier(clock, at, other, duration):
    earlier, later = sorted([at, other])
    assert clock.add(earlier, duration) <= clock.add(later, duration)


@given(clocks, moments, durations, durations)
@settings(deadline=None)
def test_adding_twice_is_adding_the_sum(clock, at, duration, other):
    assume(duration and other)
    assert clock.add(clock.add(at, duration), other) == clock.add(at, duration + other)


@given(clocks, moments, moments, moments)
@settings(deadline=None)
def test_what_passes_is_the_sum_of_its_parts(clock, one, two, three):
    assert clock.between(one, two) + clock.between(two, three) == clock.between(one, three)


@given(clocks, st.dates(date(2025, 3, 1), date(2027, 3, 1)), st.integers(1, 40))
@settings(deadline=None)
def test_working_days_added_are_taken_back(clock, day, number):
    assume(clock.is_working_day(day))
    later = clock.add_days(day, number)
    assert (clock.is_working_day(later), clock.add_days(later, -number)) == (True, day)


def test_two_hours_on_friday_evening_are_monday_morning():
    assert china().add(there(2026, 11, 20, 17, 30), timedelta(hours=2)) == there(2026, 11, 23, 10, 30)


def test_lunch_does_not_count():
    assert china().add(there(2026, 11, 23, 11), timedelta(hours=2)) == there(2026, 11, 23, 14, 30)


def test_the_national_holiday_is_passed_over_and_made_up_for():
    clock = china()
    assert [day for day in range(1, 12) if clock.is_working_day(date(2026, 10, day))] == [
        8,
        9,
        10,
    ]  # the 10th: a Saturday
    assert clock.add(there(2026, 9, 30, 17), timedelta(hours=2)) == there(2026, 10, 8, 10)


def test_three_working_days_over_the_spring_festival():
    assert china().add_days(date(2026, 2, 13), 3) == date(2026, 2, 25)  # the 14th makes up; the 15th to 23rd is free


def test_zero_working_days_is_the_day_itself_or_the_next_one():
    clock = china()
    assert clock.add_days(date(2026, 11, 20), 0) == date(2026, 11, 20)
    assert clock.add_days(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_staff_close_a_day_and_open_another():
    clock = china({date(2026, 11, 23): (), date(2026, 11, 22): read_hours("10:00-11:00")})
    assert clock.add(there(2026, 11, 20, 17, 30), timedelta(hours=1)) == there(2026, 11, 22, 10, 30)
    assert clock.add(there(2026, 11, 20, 17, 30), timedelta(hours=2)) == there(2026, 11, 24, 9, 30)


def test_an_hour_that_the_clock_skips_does_not_count_and_one_that_it_repeats_counts_twice():
    days = WorkDays("GB-ENG", read_hours("00:00-04:00"), {date(2026, 3, 29): None, date(2026, 10, 25): None})
    clock = WorkingClock(days, ZoneInfo("Europe/London"))
    spring, autumn = (
        datetime(2026, month, day, tzinfo=ZoneInfo("Europe/London")) for month, day in [(3, 29), (10, 25)]
    )
    assert clock.between(spring, spring + timedelta(days=1)) == timedelta(hours=3)
    assert clock.between(autumn, autumn + timedelta(days=1)) == timedelta(hours=5)


@pytest.mark.parametrize(
    "act",
    [
        lambda c, at: c.add(at, timedelta(hours=1)),
        lambda c, at: c.subtract(at, timedelta(hours=1)),
        lambda c, at: c.add_days(at.date(), 1),
    ],
)
def test_a_calendar_with_no_working_day_says_so(act):
    clock = WorkingClock(WorkDays("CN", ()), SHANGHAI)
    with pytest.raises(CalendarError, match="no working day"):
        act(clock, there(2026, 11, 23, 10))


def test_time_is_not_added_backwards():
    with pytest.raises(ValueError, match="positive"):
        china().add(there(2026, 11, 23, 10), timedelta(hours=-1))


def test_closing_is_the_end_of_the_last_stretch():
    assert china().closing(date(2026, 11, 23)) == there(2026, 11, 23, 18)
    with pytest.raises(CalendarError, match="not a working day"):
        china().closing(date(2026, 11, 22))


@pytest.mark.django_db
def test_clock_knows_what_staff_changed_in_its_own_calendar_only(django_assert_num_queries):
    CalendarOverride.objects.create(calendar="CN", date=date(2026, 11, 23), working=False)
    CalendarOverride.objects.create(calendar="GB-ENG", date=date(2026, 11, 24), working=False)
    with django_assert_num_queries(1):
        clock = clock_for("CN", "Asia/Shanghai")
    assert (clock.is_working_day(date(2026, 11, 23)), clock.is_working_day(date(2026, 11, 24))) == (False, True)
