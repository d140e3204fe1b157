"""Until when a freed place is held, whatever the hour, and over a change of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.notices.quiet import night_ends
from portal.bookings.offers import LEAST, had_time, offer_ends

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"
MINUTE = timedelta(minutes=1)
EXAMPLES = max(100, settings.default.max_examples // 10)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def ends(freed, last, *, hours=24, zone=SHANGHAI):
    """By the clock of the place, or None."""
    end = offer_ends(at=at(freed, zone), last=at(last, zone), hours=hours, zone=zone)
    return end and end.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("freed", "last", "end"),
    [
        ("2026-11-20 14:00", "2026-12-05 09:30", "11-21 14:00"),  # a day
        ("2026-11-20 14:00:01", "2026-12-05 09:30", "11-21 14:01"),  # full minutes, never less than was promised
        ("2026-12-04 09:30", "2026-12-04 17:30", "12-04 13:30"),  # near the date: half of what is left
        ("2026-12-04 16:00", "2026-12-04 17:30", "12-04 17:00"),  # an hour at least
        ("2026-12-04 16:30", "2026-12-04 17:30", "12-04 17:30"),
        ("2026-12-04 16:31", "2026-12-04 17:30", None),
        ("2026-12-05 09:30", "2026-12-04 17:30", None),
        ("2026-11-20 23:15", "2026-12-05 09:30", "11-22 10:00"),  # would end at 23:15
        ("2026-11-21 03:00", "2026-12-05 09:30", "11-22 10:00"),
        ("2026-12-04 20:00", "2026-12-05 09:30", "12-05 09:30"),  # ten in the morning would be too late
        ("2026-12-04 21:30", "2026-12-05 08:30", "12-05 08:30"),  # half an hour on either side of the night
        ("2026-12-04 21:30", "2026-12-05 08:29", None),
        (
            "2026-12-04 18:00",
            "2026-12-05 07:00",
            "12-04 19:59",
        ),  # half-way to the evening before, the last by day
        ("2026-12-04 20:59", "2026-12-05 07:00", "12-04 21:59"),
        ("2026-12-04 21:00", "2026-12-05 07:00", None),
        ("2026-12-05 02:00", "2026-12-05 09:30", "12-05 09:30"),  # an hour after whoever sleeps can read it
        ("2026-12-05 02:00", "2026-12-05 08:59", None),
    ],
)
def test_a_place_is_held_until(freed, last, end):
    assert ends(freed, last) == end


@pytest.mark.parametrize(
    ("freed", "end"),
    [
        ("2026-10-24 21:30", "10-25 20:30"),  # a day has 24 hours, also when the clock has gone back meanwhile
        ("2026-10-24 23:30", "10-26 10:00"),  # ends at 22:30 by the new time
        ("2026-10-24 22:10", "10-25 21:10"),
        ("2027-03-27 21:30", "03-29 10:00"),  # the clock goes forward: 22:30
        ("2027-03-28 00:30", "03-29 10:00"),
    ],
)
def test_over_a_change_of_the_clock_it_still_ends_by_day(freed, end):
    assert ends(freed, "2027-05-01 12:00", zone=LONDON) == end


def test_who_heard_of_it_in_the_night_had_time_only_in_the_morning():
    heard = at("2026-11-21 23:00")
    assert [had_time(heard, at(f"2026-11-22 {clock}"), zone=SHANGHAI) for clock in ("08:29", "08:30")] == [False, True]


def minutes_awake(since, until, zone):
    """Counted one by one, up to two hours."""
    found, moment = 0, since
    while moment + MINUTE <= until and found < 120:
        found += night_ends(at=moment, zone=zone) is None
        moment += MINUTE
    return found


@given(
    st.integers(0, 2 * 365 * 24 * 60),
    st.integers(0, 59),
    st.integers(-60, 20 * 24 * 60),
    st.integers(1, 168),
    st.sampled_from([SHANGHAI, LONDON, "America/New_York", "Australia/Lord_Howe"]),
)
@settings(deadline=None, max_examples=EXAMPLES)
def test_whatever_the_moment_an_end_is_fair(minute, second, ahead, hours, zone):
    freed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute, seconds=second)
    last = freed + timedelta(minutes=ahead)
    end = offer_ends(at=freed, last=last, hours=hours, zone=zone)
    if end is None:
        assert minutes_awake(freed, last, zone) <= 61  # both ends are cut to the minute
        return
    assert night_ends(at=end, zone=zone) is None
    assert end <= last
    assert minutes_awake(freed, end, zone) >= 60 - bool(second)  # the counting begins at that second
    assert end - freed <= timedelta(hours=hours + 12) + LEAST
