"""What is refused about tickets."""


class TicketError(Exception):
    """Refused. The message is worded for the person who asked."""


class OvertakenError(TicketError):
    """Something changed in the meantime that the writer has not seen."""
