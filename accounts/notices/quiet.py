"""The night, in which nobody's telephone rings."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS, ENDS = time(22), time(8)


def night_ends(*, at, zone):
    """When the night that reigns at `at` in the time zone `zone` is over; None by day."""
    local = at.astimezone(ZoneInfo(zone))
    if ENDS <= local.time() < BEGINS:
        return None
    morning = local.date() + timedelta(days=local.time() >= BEGINS)
    return datetime.combine(morning, ENDS, tzinfo=ZoneInfo(zone)).astimezone(UTC)
