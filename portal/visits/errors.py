"""What the actions on visits refuse with."""


class VisitError(Exception):
    """Refused. The message is worded for the person who asked."""


class TakenError(VisitError):
    """Somebody else was faster: the time is another's by now, and another one has to be chosen."""
