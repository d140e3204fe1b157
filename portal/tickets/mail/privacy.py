"""What mail that came in holds about people."""

from django.utils.translation import gettext_lazy as _

from accounts.files.actions import discard
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After

from .models import IncomingMail

RAW_KEPT, KEPT = 30, 90  # days


def _old_raw(*, at):
    return IncomingMail.objects.filter(raw__isnull=False, received_at__lt=_raw_kept.before(at))


def _throw_away(rows, *, at):
    for mail in rows.select_related("raw"):
        raw, mail.raw = mail.raw, None
        mail.save(update_fields=["raw"])
        discard(raw)


_raw_kept = After(RAW_KEPT, rows=_old_raw, act=_throw_away)
_why = _("to find your ticket by it, and to see what went wrong where it came to nothing")
_kept = Personal(_why, DELETED, After(KEPT, since="received_at"))

declare(
    IncomingMail,
    of="owner",
    by="handled_by",
    files="raw",
    heading=_("E-mails that you wrote to us"),
    personal={
        "message_id recipient sender sender_name subject stripped home ticket": _kept,
        "state why detail received_at handled_at": _kept,
        "raw": Personal(_why, DELETED, _raw_kept, withheld=_("its words stand in your ticket")),
    },
    plain="id claims lease leased_until",
)
