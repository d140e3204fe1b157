"""What a form carries so that programs can't fill it in by the thousand: signed, timed, and good for one enquiry."""

import uuid
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

SALT = "progress.enquiries"
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(hours=24)


class TicketError(Exception):
    """Forged, too quick or too old. The message is worded for a person. `again`: the same ticket is good, later."""

    def __init__(self, message, *, again=False):
        super().__init__(message)
        self.again = again


def make_ticket(*, at):
    """A new one: the key of the enquiry that will be made with it, and when the form was opened."""
    return signing.dumps([uuid.uuid4().hex, int(at.timestamp())], salt=SALT)


def open_ticket(ticket, *, at):
    """The key of the enquiry. Raises TicketError."""
    try:
        key, since = signing.loads(ticket, salt=SALT)
        opened = datetime.fromtimestamp(since, UTC)
    except (signing.BadSignature, ValueError, TypeError):
        raise TicketError(_("This page was not quite as we sent it. Please look it over and send it again.")) from None
    if at - opened > LONGEST:
        raise TicketError(_("This page was open for a long time. Please look it over and send it again."))
    if at - opened < QUICKEST:
        raise TicketError(_("That was very quick. Please look it over and send it again."), again=True)
    return uuid.UUID(key)
