from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.notices.quiet import BEGINS, ENDS
from portal.care.due import due_at
from portal.care.models import Roll, Rule, Unit
from progress.calendar.clock import WorkDays, WorkingClock
from progress.calendar.hours import read_hours

CHINA = WorkingClock(WorkDays("CN", read_hours("09:00-18:00")), ZoneInfo("Asia/Shanghai"))
LONDON = WorkingClock(WorkDays("GB-ENG", read_hours("09:00-17:30")), ZoneInfo("Europe/London"))
NEVER = WorkingClock(
    WorkDays("CN", read_hours("09:00-18:00"), {date.fromordinal(n): () for n in range(739500, 741000)}),
    ZoneInfo("Asia/Shanghai"),
)
DAYS, WORKING_DAYS, MONTHS = Unit


def due(anchor_on, clock=CHINA, **rule):
    """As the clocks there show it."""
    moment = due_at(Rule(**{"at_time": time(18)} | rule), anchor_on, clock)
    return moment and moment.astimezone(clock.zone)


def six(*day, clock=CHINA):
    return datetime(*day, 18, tzinfo=clock.zone)


class TestTheDay:
    @pytest.mark.parametrize(
        ("anchor_on", "months", "expected"),
        [
            (date(2026, 9, 3), 3, six(2026, 12, 3)),
            (date(2027, 5, 31), 1, six(2027, 6, 30)),  # no 31 June
            (date(2028, 1, 31), 1, six(2028, 2, 29)),
            (date(2028, 2, 29), 12, six(2029, 2, 28)),
            (date(2026, 11, 30), 3, six(2027, 3, 1)),  # the last of February is a Sunday
        ],
    )
    def test_months_end_on_the_last_day_of_a_shorter_one(self, anchor_on, months, expected):
        assert due(anchor_on, offset=months, unit=MONTHS) == expected

    @pytest.mark.parametrize(
        ("roll", "expected"),
        [(Roll.LATER, six(2026, 10, 8)), (Roll.EARLIER, six(2026, 9, 30)), (Roll.STAYS, six(2026, 10, 3))],
    )
    def test_a_day_off_becomes_what_the_rule_says(self, roll, expected):
        assert due(date(2026, 10, 1), offset=2, roll=roll) == expected

    def test_a_saturday_that_makes_up_for_a_holiday_is_worked(self):
        assert due(date(2026, 10, 8), offset=2) == six(2026, 10, 10)
        assert due(date(2026, 10, 9), offset=1, unit=WORKING_DAYS) == six(2026, 10, 10)

    def test_working_days_pass_over_the_week_of_national_day(self):
        assert due(date(2026, 9, 29), offset=3, unit=WORKING_DAYS) == six(2026, 10, 9)

    def test_before_an_occasion_days_count_backwards(self):
        assert due(date(2027, 4, 20), offset=-60, roll=Roll.EARLIER) == six(2027, 2, 19)

    @pytest.mark.parametrize(("anchor_on", "clock"), [(date(9999, 12, 20), CHINA), (date(2026, 6, 1), NEVER)])
    def test_where_no_day_is_right_there_is_none(self, anchor_on, clock):
        assert due(anchor_on, clock, offset=60) is None


class TestTheTime:
    def test_clocks_that_change_between_keep_the_time_of_day(self):
        assert due(date(2027, 3, 25), LONDON, offset=5) == six(2027, 3, 30, clock=LONDON)
        assert due_at(Rule(at_time=time(18), offset=5), date(2027, 3, 25), LONDON).hour == 17

    @pytest.mark.parametrize(("hour", "expected"), [(time(1, 30), time(8)), (time(23), time(22))])
    def test_an_hour_that_does_not_exist_or_lies_in_the_night_becomes_one_of_the_day(self, hour, expected):
        found = due(date(2027, 3, 28), LONDON, at_time=hour, roll=Roll.STAYS)  # clocks go from 01:00 to 02:00
        assert found == datetime.combine(date(2027, 3, 28), expected, tzinfo=LONDON.zone)


@settings(max_examples=300, deadline=None)
@given(
    anchor_on=st.dates(date(2025, 1, 1), date(2030, 12, 31)),
    later=st.integers(0, 40),
    rule=st.fixed_dictionaries(
        {
            "offset": st.integers(-70, 70),
            "unit": st.sampled_from(Unit.values),
            "roll": st.sampled_from(Roll.values),
            "at_time": st.times(),
        }
    ),
    clock=st.sampled_from([CHINA, LONDON]),
)
def test_it_falls_due_on_a_working_day_by_day_and_never_before_that_of_an_earlier_occasion(
    anchor_on, later, rule, clock
):
    moment = due(anchor_on, clock, **rule)
    assert rule["roll"] == Roll.STAYS or clock.is_working_day(moment.date())
    assert ENDS <= moment.time() <= BEGINS
    assert moment <= due(date.fromordinal(anchor_on.toordinal() + later), clock, **rule)
