"""Why something about a contractor's job can't be done."""

from portal.tickets.errors import TicketError


class JobError(TicketError):
    """Refused. The message is worded for whoever asked: a colleague, or the contractor."""
