"""A visit as a calendar file has it: the same date that the person's calendar address tells of, if they have one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from progress.feeds import actions
from progress.feeds.sources import FeedDate


@dataclass(frozen=True)
class VisitEntry:
    """For those whom no calendar address tells of visits: tenants."""

    pk: UUID
    sequence: int
    changed_at: datetime
    cancelled_at: datetime | None
    content: dict


def entry_of(visit, *, user, at):
    """What `ics.calendar_file` takes; None for a visit without a time."""
    if visit.starts is None:
        return None
    told = actions.entry_of(user.owner, f"visit:{visit.pk}", at=at) if visit.home.is_followed else None
    if told:
        return told
    date = FeedDate(
        str(visit.pk), visit.get_kind_display(), visit.starts, visit.ends, visit.zone, str(visit.development or "")
    )
    cancelled = visit.settled_at if visit.state == visit.State.CANCELLED else None
    changed = cancelled or visit.confirmed_at or visit.booked_at or visit.asked_at
    return VisitEntry(visit.pk, visit.sequence, changed, cancelled, date.content)
