"""Two tickets of one home are about the same: one goes on in the other, and is taken out again if that was wrong.

What was said stays where it was said, so that taking apart loses nothing. Whoever opens the one that went is led on.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from .errors import TicketError
from .locking import lock_tickets
from .models import Ticket
from .states import check_move
from .steps import take_step

State = Ticket.State


@transaction.atomic
def merge(ticket, *, into, by, at):
    """Let `ticket` go on in `into`, an open one of the same home. Returns `into`; merged into it already, it stays so.

    Raises TicketError for one ticket twice, for tickets of two homes, of a household and the one before it, or where
    somebody would be led to what they may not see; when one of the two is over or merged.
    """
    locked = lock_tickets([ticket.pk, into.pk])
    ticket, into = locked[ticket.pk], locked[into.pk]
    if ticket.merged_into_id == into.pk:
        return into
    _check(ticket, into)
    ticket.state_before, ticket.state = ticket.state, State.MERGED
    ticket.merged_into = into
    _changed(ticket, "state", "state_before", "merged_into")
    into.unanswered_since = min(filter(None, (ticket.unanswered_since, into.unanswered_since)), default=None)
    _changed(into, "unanswered_since")
    take_step(ticket, "merged", by=by, at=at, into=str(into.pk))
    return into


def _check(ticket, into):
    if ticket.pk == into.pk:
        raise TicketError(_("This is one and the same ticket."))
    if ticket.home_id != into.home_id or ticket.of_former != into.of_former:
        raise TicketError(_("Only tickets of one household can be merged."))
    if ticket.owner_id != into.owner_id and (ticket.is_personal or into.is_personal):
        raise TicketError(_("One of them is personal: somebody would read what was not meant for them."))
    if not into.is_open:
        raise TicketError(
            _("%(number)s is %(state)s. Please choose one that is open.")
            % {"number": into.number, "state": into.get_state_display()}
        )
    check_move(ticket, State.MERGED)
    if not ticket.is_open:
        raise TicketError(_("This ticket is %(state)s; that can't follow.") % {"state": ticket.get_state_display()})


@transaction.atomic
def unmerge(ticket, *, by, at):
    """Let it stand by itself again, as it was; one that was paused is in hand. Returns it, and does nothing else twice.

    Raises TicketError when it was merged into nothing.
    """
    locked = lock_tickets(filter(None, [ticket.pk, ticket.merged_into_id]))
    ticket = locked[ticket.pk]
    if ticket.state != State.MERGED:
        raise TicketError(_("This ticket stands by itself."))
    into = ticket.merged_into_id
    ticket.state = State.NEW if ticket.state_before == State.NEW else State.OPEN
    ticket.state_before, ticket.merged_into = "", None
    _changed(ticket, "state", "state_before", "merged_into")
    take_step(ticket, "unmerged", by=by, at=at, out_of=str(into))
    return ticket


def goes_on_in(ticket):
    """Where whoever opens `ticket` is led: the ticket it was merged into, and so on; itself when it was not."""
    while ticket.merged_into_id:
        ticket = ticket.merged_into
    return ticket


def _changed(ticket, *fields):
    ticket.version += 1
    ticket.save(update_fields=[*fields, "version"])
