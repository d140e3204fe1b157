"""Owners who say nothing: reminded twice, and after seven days the ticket is closed, which they are told."""

import structlog
from django.db import transaction

from accounts.notices.actions import tell
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Step, Ticket
from portal.tickets.steps import take_step

from .confirming import close, follow_up
from .models import Resolution
from .moments import REMINDED_AFTER, next_moment
from .resolving import end_resolution, whom

AT_ONCE = 200

log = structlog.get_logger(__name__)


def close_unanswered(*, at):
    """Remind, or close, what is due. One that fails does not hold up the others. Run twice, it does it once."""
    due = Resolution.objects.to_advance(at=at).values_list("pk", "ticket")
    for pk, ticket in list(due[:AT_ONCE]):
        try:
            advance(pk, ticket, at=at)
        except Exception:
            log.exception("resolution_not_advanced", resolution=str(pk))


@transaction.atomic
def advance(pk, ticket_id, *, at):
    """Take one resolution a step further, unless its owner has said something at this very moment."""
    ticket = lock_ticket(ticket_id)
    rows = Resolution.objects.to_advance(at=at).select_for_update(of=("self",))
    resolution = rows.filter(pk=pk).first()
    if resolution is None or ticket.state != Ticket.State.RESOLVED:
        return
    resolution.ticket = ticket
    if ticket.unanswered_since:
        resolution.next_at = None
        resolution.save(update_fields=["next_at"])
    elif resolution.reminders < len(REMINDED_AFTER):
        _remind(resolution, at=at)
    else:
        _lapse(resolution, at=at)


def _remind(resolution, *, at):
    resolution.reminders += 1
    resolution.next_at = next_moment(resolution, after=at)
    resolution.save(update_fields=["reminders", "next_at"])
    step = f"{resolution.quiet_since.timestamp():.0f}-{resolution.reminders}"
    tell(whom(resolution.ticket), "ticket-resolved", resolution, at=at, step=step)


def _lapse(resolution, *, at):
    ticket = resolution.ticket
    end_resolution(ticket, Resolution.How.LAPSED, at=at)
    close(ticket, Ticket.ClosedHow.SILENCE, at=at)
    take_step(ticket, Step.What.LAPSED, by=None, at=at)
    tell(whom(ticket), "ticket-closed", ticket, at=at, step=str(ticket.version))
    follow_up(ticket, by=None, at=at)
