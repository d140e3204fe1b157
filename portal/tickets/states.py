"""Which state follows which, and whether a writer has seen the newest one."""

from django.utils.translation import gettext as _

from .errors import OvertakenError, TicketError
from .models import Ticket

State = Ticket.State
ALLOWED = {
    State.NEW: {State.OPEN, State.PAUSED, State.RESOLVED, State.CLOSED, State.MERGED},
    State.OPEN: {State.PAUSED, State.RESOLVED, State.CLOSED, State.MERGED},
    State.PAUSED: {State.OPEN, State.RESOLVED, State.CLOSED, State.MERGED},
    State.RESOLVED: {State.OPEN, State.CLOSED, State.MERGED},
    State.CLOSED: {State.OPEN},
    State.MERGED: {State.NEW, State.OPEN},  # taken apart again, and nothing else
}


def check_move(ticket, to):
    """Raises TicketError when a ticket doesn't come from its state to the state `to`."""
    if to not in ALLOWED[ticket.state]:
        raise TicketError(_("This ticket is %(state)s; that can't follow.") % {"state": ticket.get_state_display()})


def check_version(ticket, seen):
    """Raises OvertakenError when staff changed it since version `seen`; None: whatever is there."""
    if seen is not None and ticket.version != seen:
        raise OvertakenError(
            _("Somebody changed this ticket in the meantime. Please look again, and send yours if it still fits.")
        )
