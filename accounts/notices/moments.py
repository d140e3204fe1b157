"""When digests go out: daily at six in the evening, weekly on Friday at that hour, by the clock of the home."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from . import reasons
from .topics import Mode

HOUR = time(18)
FRIDAY = 4
WAITING = {Mode.DAILY: reasons.DAILY, Mode.WEEKLY: reasons.WEEKLY}


def next_digest(mode, *, after, zone):
    """The first moment after `after` at which a digest of this mode goes out in the time zone `zone`."""
    zone = ZoneInfo(zone)
    day = after.astimezone(zone).date()
    if mode == Mode.WEEKLY:
        day += timedelta(days=(FRIDAY - day.weekday()) % 7)
    moment = _evening(day, zone)
    return moment if moment > after else _evening(day + timedelta(days=7 if mode == Mode.WEEKLY else 1), zone)


def _evening(day, zone):
    return datetime.combine(day, HOUR, tzinfo=zone).astimezone(UTC)


def until_digest(mode, kind, subject, *, after, expires):
    """Until when a message due at `after` waits; None if it can't: it calls something off, or would be too late."""
    if mode not in WAITING or kind.cannot_wait(subject, at=after):
        return None
    moment = next_digest(mode, after=after, zone=kind.zone(subject))
    return moment if expires is None or moment < expires else None
