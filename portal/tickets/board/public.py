"""What the public board shows of its entries: no names, no places, the month, and how long it took."""

from django.db.models import Min, Q
from django.utils.timesince import timesince

from cms import board

from .models import Entry

MOST = 200  # the newest; older ones have said what they had to


@board.source
def published(*, at):
    """Those whose owners agreed and which staff published, in two queries."""
    answered = Min("ticket__messages__at", filter=Q(ticket__messages__by_staff=True, ticket__messages__internal=False))
    entries = Entry.objects.published().select_related("ticket").annotate(answered_at=answered)
    return [_shown(entry) for entry in entries.order_by("-published_at", "pk")[:MOST]]


def _shown(entry):
    ticket = entry.ticket
    return board.Entry(
        key=f"e{entry.pk.hex[:8]}",
        title=entry.title,
        complaint=entry.complaint,
        answer=entry.answer,
        kind=ticket.get_kind_display(),
        outcome=ticket.get_outcome_display(),
        reported=ticket.reported_at,
        answered_in=_took(ticket.reported_at, entry.answered_at or ticket.resolved_at),
        solved_in=_took(ticket.reported_at, ticket.resolved_at or ticket.closed_at),
    )


def _took(start, end):
    return timesince(start, end, depth=1) if start and end else ""
