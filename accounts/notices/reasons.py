"""Why a notice was not sent, in words that the staff read. Stored in English, shown translated."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NO_ADDRESS = _("no address on this channel")
ADDRESS_SUPPRESSED = _("the address no longer takes our messages")
NO_SMS = _("text messages are not set up")
ERASED = _("the owner has been erased")
INACTIVE = _("the login has been closed")
GONE = _("what it was about no longer exists")
NOT_TRUE = _("no longer true")
NOT_CONCERNED = _("no longer concerns this person")
TOO_LATE = _("it came too late")
UNKNOWN_KIND = _("this kind of notice is not known")
NO_ANSWER = _("the receiving server did not answer; it may have arrived")
BOUNCED = _("returned: nobody takes mail at this address")
BOUNCED_NOW = _("returned: the mailbox took nothing at the time")
BLOCKED = _("returned: the receiving server does not want our mail")
COMPLAINED = _("arrived, and was marked as unwanted by its reader")
DEAD_LETTER = _("dead letter: three attempts ended without a result")
GIVEN_UP = _("given up after three days")
REFUSED = _("refused by the receiving server")
UNREACHABLE = _("waiting for the mail server")
BUSY = _("the receiving server asked us to try later")
NOT_WRITTEN = _("the text could not be written")
RESTORED = _("held after a restore: it may have been sent before")
QUIET_HOURS = _("held back until morning")
SWITCHED_OFF = _("switched off by the reader")
DAILY = _("waits for the daily summary")
WEEKLY = _("waits for the weekly summary")


def joined(reason, detail=""):
    """`reason` and, in brackets, the technical detail: what is stored."""
    return f"{reason} ({detail})"[:200] if detail else reason


def explained(stored):
    """The stored reason in the reader's language, its technical detail left as it is."""
    reason, bracket, detail = stored.partition(" (")
    return gettext(reason) + bracket + detail if reason else ""
