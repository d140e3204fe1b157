"""When digests go out and nights end, in every zone and through every change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notices.moments import FRIDAY, HOUR, next_digest
from accounts.notices.quiet import BEGINS, ENDS, night_ends
from accounts.notices.topics import Mode

ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
]
START, YEARS = datetime(2007, 1, 1, tzinfo=UTC), timedelta(days=23 * 365)
MOMENTS = st.timedeltas(timedelta(), YEARS).map(lambda since: START + since)
A_DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


@given(at=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_daily_digest_is_the_next_six_oclock(at, zone):
    moment = next_digest(Mode.DAILY, after=at, zone=zone)
    assert moment.astimezone(ZoneInfo(zone)).time() == HOUR
    assert at < moment <= at + 2 * A_DAY + timedelta(hours=1)  # Apia went without a day in 2011
    assert next_digest(Mode.DAILY, after=moment - timedelta(microseconds=1), zone=zone) == moment


@given(at=MOMENTS, zone=st.sampled_from(ZONES))
def test_the_weekly_digest_is_the_six_oclock_of_the_next_friday(at, zone):
    moment = next_digest(Mode.WEEKLY, after=at, zone=zone)
    local = moment.astimezone(ZoneInfo(zone))
    assert at < moment <= at + 8 * A_DAY + timedelta(hours=1)
    assert local.time() == HOUR
    assert local.weekday() == FRIDAY or zone == "Pacific/Apia"  # whose 30 December 2011 never was


@given(at=MOMENTS, zone=st.sampled_from(ZONES))
def test_no_text_message_goes_between_ten_and_eight(at, zone):
    """Held back until the night is over, it goes by day, and never waits longer than a night."""
    morning = night_ends(at=at, zone=zone)
    sent = morning or at
    assert ENDS <= sent.astimezone(ZoneInfo(zone)).time() < BEGINS
    assert timedelta() <= sent - at <= timedelta(hours=35)


@given(at=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_night_has_one_end(at, zone):
    if morning := night_ends(at=at, zone=zone):
        assert night_ends(at=morning - timedelta(minutes=1), zone=zone) in {morning, None}
        assert night_ends(at=morning, zone=zone) is None


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-28", 23), ("2026-10-24", 25), ("2026-07-01", 24)],  # spring forward, fall back, neither
)
def test_through_a_change_of_clocks_it_stays_six_oclock(day, hours):
    evening = datetime.combine(datetime.fromisoformat(day), time(18), tzinfo=BERLIN).astimezone(UTC)
    assert next_digest(Mode.DAILY, after=evening, zone="Europe/Berlin") - evening == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 9), ("2026-10-24", 11), ("2026-07-01", 10)])
def test_a_night_in_which_the_clocks_change_ends_at_eight(day, hours):
    ten = datetime.combine(datetime.fromisoformat(day), time(22), tzinfo=BERLIN).astimezone(UTC)
    assert night_ends(at=ten, zone="Europe/Berlin") - ten == timedelta(hours=hours)
