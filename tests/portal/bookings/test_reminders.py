"""Reminders: when they are due, what makes them untrue, and what a worker that was down makes up for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from portal.bookings import reminders
from portal.bookings.models import Booking, OpenDayChange, Reminder, Slot
from portal.bookings.reminders import moments, remind
from progress.models import RightState
from tests.factories import NOW, TODAY, OwnershipFactory
from tests.portal.bookings.factories import SATURDAY, BookingFactory, SlotFactory

SHANGHAI, LONDON = "Asia/Shanghai", "Europe/London"
WEEK, DAY, HOURS = (SATURDAY - before for before in (timedelta(days=7), timedelta(days=1), timedelta(hours=2)))
A_MINUTE = timedelta(minutes=1)


def dues(starts, zone=SHANGHAI):
    """By the clock of the place: when each step is due, and until when it is made up for."""
    at = datetime.fromisoformat(starts).replace(tzinfo=ZoneInfo(zone))
    local = "%d. %H:%M"
    return [
        tuple(moment.astimezone(ZoneInfo(zone)).strftime(local) for moment in (each.due, each.until))
        for each in moments(at, zone=zone)
    ]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2026-12-15 10:30", [("08. 10:30", "13. 10:30"), ("14. 10:30", "15. 07:30"), ("15. 08:30", "15. 10:00")]),
        # two hours before nine it is night: at eight, an hour before, it is still of use
        ("2026-12-15 09:00", [("08. 09:00", "13. 09:00"), ("14. 09:00", "15. 06:00"), ("15. 08:00", "15. 08:30")]),
        # before an earlier one it is not: on the evening before
        ("2026-12-15 08:30", [("08. 09:00", "13. 08:30"), ("14. 09:00", "14. 20:00"), ("14. 20:00", "15. 08:00")]),
        # nobody is told the day before at half past ten in the evening
        ("2026-12-15 22:30", [("08. 20:00", "13. 22:30"), ("14. 20:00", "15. 19:30"), ("15. 20:30", "15. 22:00")]),
    ],
)
def test_each_step_has_its_moment_by_day(starts, expected):
    assert dues(starts) == expected


@pytest.mark.parametrize("starts", ["2026-10-25 10:30", "2027-03-28 10:30"])
def test_over_a_change_of_the_clock_days_are_days_and_hours_are_hours(starts):
    """In the night before, the clock goes back, or forward: still 10:30 on the day before, still two hours before."""
    week, day, hours = [due for due, until in dues(starts, LONDON)]
    at = datetime.fromisoformat(starts).replace(tzinfo=ZoneInfo(LONDON))
    assert (week[4:], day[4:], hours[4:]) == ("10:30", "10:30", "08:30")
    assert at - moments(at, zone=LONDON)[1].due != timedelta(hours=24)


def test_two_hours_before_an_hour_that_comes_twice_is_counted_in_hours():
    at = datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=ZoneInfo(LONDON))
    assert dues("2026-10-25 01:30", LONDON)[2][0] == "24. 20:00"
    assert moments(at, zone=LONDON)[2].due < at


@pytest.mark.django_db
class TestSweep:
    @pytest.fixture
    def booking(self):
        return BookingFactory(created_at=WEEK - A_MINUTE)

    def reminded(self):
        return sorted(Notice.objects.values_list("kind", "channel"))

    @pytest.mark.parametrize(
        ("due", "kind", "channel"),
        [
            (WEEK, "open-day-soon", "email"),
            (DAY, "open-day-soon", "email"),
            (HOURS, "open-day-today", "sms"),
        ],
    )
    def test_each_step_is_taken_once_and_on_its_channels(self, booking, due, kind, channel):
        remind(at=due - A_MINUTE)
        assert self.reminded() == []
        for at in (due, due, due + A_MINUTE):
            remind(at=at)
        assert self.reminded() == sorted([(kind, channel), (kind, "inbox")])
        assert set(Notice.objects.values_list("owner", "due_at")) == {(booking.owner_id, due)}

    def test_after_three_days_without_a_worker_only_what_still_helps_is_said(self, booking):
        """Down from eight days before until 49 hours before: late, and says so; an hour later it would be pointless."""
        remind(at=SATURDAY - timedelta(hours=49))
        remind(at=SATURDAY - timedelta(hours=47))
        remind(at=SATURDAY - timedelta(minutes=90))
        remind(at=SATURDAY - timedelta(minutes=20))
        steps = list(Reminder.objects.order_by("made_at").values_list("step", flat=True))
        assert steps == ["7-days", "2-hours"]

    def test_a_late_one_says_how_far_off_it_is(self, booking, time_machine):
        at = SATURDAY - timedelta(days=3)
        remind(at=at)
        time_machine.move_to(at)
        deliver(clock=lambda: at)
        title = Notice.objects.get(channel="inbox").title
        assert title == f"In 3 days: {booking.open_day.title_en}"

    @pytest.mark.parametrize(
        "late", [{"created_at": DAY}, {"created_at": WEEK, "moved_at": DAY + A_MINUTE}, {"cancelled": True}]
    )
    def test_who_has_just_booked_moved_or_cancelled_is_not_reminded(self, late):
        BookingFactory(**late)
        remind(at=DAY + A_MINUTE)
        assert self.reminded() == []

    def test_a_time_that_has_moved_is_reminded_of_as_it_stands(self, booking):
        remind(at=WEEK)
        booking.slot.starts += timedelta(days=8)
        booking.slot.ends += timedelta(days=8)
        booking.slot.save()
        remind(at=DAY)  # the old one's
        assert Reminder.objects.count() == 1
        remind(at=WEEK + timedelta(days=8))
        assert [(each.step, each.starts) for each in Reminder.objects.order_by("made_at")] == [
            ("7-days", SATURDAY),
            ("7-days", SATURDAY + timedelta(days=8)),
        ]

    def test_who_has_just_heard_of_another_time_is_not_reminded_of_it_at_once(self, booking):
        row = [str(booking.slot_id), *[SATURDAY.isoformat()] * 4]
        OpenDayChange.objects.create(open_day=booking.open_day, times=[row], at=WEEK + timedelta(hours=5))
        remind(at=WEEK + timedelta(hours=6))
        assert self.reminded() == []
        remind(at=DAY)
        assert Reminder.objects.get().step == "1-day"

    @pytest.mark.parametrize("change", ["cancelled", "moved", "retimed", "called off", "sold"])
    def test_at_sending_it_is_asked_anew(self, booking, change):
        remind(at=DAY)
        if change == "cancelled":
            Booking.objects.update(state="cancelled", cancelled_at=DAY, cancelled_because="household")
        elif change == "moved":
            Booking.objects.update(slot=SlotFactory(open_day=booking.open_day, starts=SATURDAY + timedelta(hours=3)))
        elif change == "retimed":
            Slot.objects.update(starts=SATURDAY + timedelta(minutes=30))
        elif change == "called off":
            Slot.objects.update(state="cancelled", note_en="Storm.")
        else:
            booking.home.ownerships.update(state=RightState.ENDED, until=TODAY)
        deliver(clock=lambda: DAY + A_MINUTE)
        assert set(Notice.objects.values_list("state", flat=True)) == {"suppressed"}

    def test_when_whoever_booked_has_left_the_household_its_owner_hears(self, booking):
        left = OwnershipFactory(home=booking.home, role="family", former=True)
        Booking.objects.update(owner=left.owner)
        remind(at=DAY)
        assert {notice.owner for notice in Notice.objects.all()} == {booking.owner}

    def test_more_bookings_take_no_more_queries(self, booking, django_assert_num_queries):
        """None of a hundred bookings made before is looked at again, minute by minute."""
        remind(at=DAY)
        for more in (0, 5):
            BookingFactory.create_batch(more, slot=booking.slot, created_at=NOW)
            remind(at=DAY)
            with django_assert_num_queries(3):
                remind(at=DAY)

    def test_one_slot_that_breaks_does_not_hold_up_the_others(self, booking, monkeypatch):
        broken = BookingFactory(created_at=NOW)
        real = reminders._remind
        monkeypatch.setattr(
            reminders, "_remind", lambda slot, *args, at: real(slot, *args, at=at) if slot != broken.slot else 1 / 0
        )
        assert remind(at=DAY) == 1
