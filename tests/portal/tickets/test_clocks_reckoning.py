"""What the clocks of a ticket show, by its history alone. The week of Monday 23 November 2026, in Shanghai."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.tickets.clocks.reckoning import reckon
from portal.tickets.clocks.tracks import RESOLUTION, RESPONSE, UPDATE, Terms
from progress.calendar.clock import WorkDays, WorkingClock
from progress.calendar.hours import read_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
Step = namedtuple("Step", "what at data")
HOUR = timedelta(hours=1)
REPAIR = {"kind": "repair", "priority": "normal"}
TERMS = {
    "normal": Terms(2 * HOUR, 10 * HOUR, 20 * HOUR),
    "emergency": Terms(HOUR, 4 * HOUR, 24 * HOUR, round_the_clock=True),
    "high": Terms(HOUR, 5 * HOUR, 8 * HOUR),
}


def china(changed=()):
    return WorkingClock(WorkDays("CN", read_hours("09:00-12:00 13:30-18:00"), changed), SHANGHAI)


def there(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def clocks(*steps, clock=None):
    history = [Step(what, at, data[0] if data else {}) for what, at, *data in steps]
    return reckon(history, lambda kind, priority: TERMS[priority], clock or china())


REPORTED = ("reported", there(23, 9), REPAIR)


class TestTime:
    def test_it_is_due_when_the_working_time_is_used_up(self):
        found = clocks(REPORTED)
        assert {kind: each.due_at for kind, each in found.items()} == {
            RESPONSE: there(23, 11),
            RESOLUTION: there(25, 15, 30),  # 7.5 hours on Monday and Tuesday, 5 on Wednesday
        }

    def test_the_warnings_are_at_half_and_four_fifths_of_it_and_the_owner_hears_at_nine_tenths(self):
        found = clocks(REPORTED)[RESOLUTION]
        assert (found.half_at, found.most_at, found.near_at) == (there(24, 11, 30), there(25, 10), there(25, 12))

    def test_an_emergency_counts_the_night(self):
        assert clocks(("reported", there(23, 22), REPAIR | {"priority": "emergency"}))[RESOLUTION].due_at == there(
            24, 22
        )

    def test_the_first_answer_stops_the_first_clock_and_each_one_starts_the_next_update_anew(self):
        found = clocks(REPORTED, ("replied", there(23, 10)), ("noted", there(23, 11)), ("replied", there(24, 10)))
        assert (found[RESPONSE].stopped_at, found[RESPONSE].counted) == (there(23, 10), HOUR)
        assert (found[UPDATE].round, found[UPDATE].due_at) == (2, there(25, 14))

    def test_whoever_rang_has_talked_with_us_already(self):
        found = clocks(("reported", there(23, 9), REPAIR | {"by_staff": True}))
        assert sorted(found) == [UPDATE, RESOLUTION]


class TestPause:
    PAUSED = ("paused", there(23, 16), {"review_on": "2026-11-27"})

    def test_it_goes_on_where_it_stopped(self):
        found = clocks(REPORTED, self.PAUSED, ("resumed", there(26, 9)))[RESOLUTION]
        assert (found.counted, found.due_at) == (HOUR * 5.5, there(27, 17, 30))

    def test_it_counts_nothing_meanwhile_and_is_due_as_if_it_ended_by_itself(self):
        """On the morning after the review: Monday the 30th, where 14.5 hours are left."""
        found = clocks(REPORTED, self.PAUSED)[RESOLUTION]
        assert (found.paused, found.since, found.counted) == (True, None, HOUR * 5.5)
        assert found.due_at == datetime(2026, 12, 1, 17, 30, tzinfo=SHANGHAI)
        assert (found.half_at, found.most_at, found.near_at) == (None, None, None)

    def test_an_answer_in_it_does_not_set_the_next_update_going(self):
        found = clocks(REPORTED, ("replied", there(23, 10)), self.PAUSED, ("replied", there(24, 10)))
        assert (found[UPDATE].paused, found[UPDATE].round) == (True, 2)


class TestClosing:
    RESOLVED = ("resolved", there(24, 9))

    def test_what_is_solved_is_stopped(self):
        found = clocks(REPORTED, ("replied", there(23, 10)), self.RESOLVED, ("confirmed", there(27, 9)))
        assert {kind: (each.how, each.stopped_at) for kind, each in found.items()} == {
            RESPONSE: ("done", there(23, 10)),
            UPDATE: ("done", there(24, 9)),
            RESOLUTION: ("done", there(24, 9)),
        }

    def test_opened_again_it_keeps_its_age(self):
        found = clocks(REPORTED, self.RESOLVED, ("reopened", there(27, 9)))
        assert (found[RESOLUTION].counted, found[RESOLUTION].round) == (HOUR * 7.5, 2)
        assert found[RESOLUTION].due_at == datetime(2026, 11, 30, 15, 30, tzinfo=SHANGHAI)
        assert (found[UPDATE].counted, found[UPDATE].since) == (timedelta(), there(27, 9))

    def test_opened_again_after_its_time_it_is_late_at_once(self):
        found = clocks(REPORTED, ("resolved", there(26, 9)), ("reopened", there(27, 9)))[RESOLUTION]
        assert (found.due_at, found.near_at) == (there(25, 15, 30), there(27, 9))

    @pytest.mark.parametrize("what", ["withdrawn", "merged"])
    def test_what_is_gone_was_neither_kept_nor_missed(self, what):
        found = clocks(REPORTED, (what, there(23, 10)))
        assert {(each.how, each.stopped_at) for each in found.values()} == {("void", there(23, 10))}

    def test_taken_apart_again_it_waits_for_its_first_answer(self):
        found = clocks(REPORTED, ("merged", there(23, 10)), ("unmerged", there(24, 9)))
        assert (found[RESPONSE].counted, found[RESPONSE].due_at) == (HOUR, there(24, 10))


class TestOtherTime:
    DATE = ("postponed", there(25, 10), {"due_at": "2026-11-28T08:00:00+00:00"})  # a Saturday

    def test_a_date_given_by_staff_is_the_date(self):
        found = clocks(REPORTED, self.DATE)[RESOLUTION]
        assert (found.due_at, found.promised_at) == (there(28, 16), there(28, 16))

    def test_it_stays_the_date_when_the_calendar_changes(self):
        changed = china({date(2026, 11, 26): (), date(2026, 11, 27): ()})
        assert clocks(REPORTED, self.DATE, clock=changed)[RESOLUTION].due_at == there(28, 16)

    def test_one_given_by_the_portal_leaves_our_own_time_as_it_was(self):
        what, at, data = self.DATE
        found = clocks(REPORTED, (what, at, data | {"automatic": True}))[RESOLUTION]
        assert (found.due_at, found.promised_at) == (there(25, 15, 30), there(28, 16))

    def test_made_urgent_it_has_no_more_than_the_urgent_time_from_then_on(self):
        found = clocks(REPORTED, ("routed", there(24, 9), {"now": REPAIR | {"priority": "high"}}))[RESOLUTION]
        assert found.due_at == there(25, 9, 30)  # 8 hours from Tuesday morning

    def test_made_less_urgent_it_has_the_longer_time_from_the_start(self):
        urgent = ("reported", there(23, 9), REPAIR | {"priority": "high"})
        assert clocks(urgent, ("routed", there(23, 10), {"now": REPAIR}))[RESOLUTION].due_at == there(25, 15, 30)

    def test_a_day_off_more_makes_it_due_later(self):
        found = clocks(REPORTED, clock=china({date(2026, 11, 24): ()}))
        assert found[RESOLUTION].due_at.astimezone(UTC) == there(26, 15, 30)
