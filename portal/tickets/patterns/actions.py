"""What staff do about a pattern: tell the other homes, once, and settle it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.circulars import tell_all
from portal.tickets.errors import TicketError

from .models import Pattern


def _locked(pattern):
    row = Pattern.objects.select_for_update(of=("self",)).with_place().get(pk=pattern.pk)
    if row.is_settled:
        raise TicketError(_("This pattern is settled already."))
    return row


@transaction.atomic
def warn(pattern, *, words_en, words_zh, by, at):
    """Tell the owners of the other homes in these words. Once: raises TicketError when they have been told."""
    row = _locked(pattern)
    if row.state != Pattern.State.FOUND:
        raise TicketError(_("The other homes have been told already."))
    if not (words_en.strip() or words_zh.strip()):
        raise TicketError(_("Please write what the owners should read, at least in one language."))
    row.state, row.words_en, row.words_zh = Pattern.State.WARNED, words_en.strip(), words_zh.strip()
    row.warned_at, row.warned_by = at, by
    row.save(update_fields=["state", "words_en", "words_zh", "warned_at", "warned_by"])
    record("warned", row, by=by)
    tell_all("ticket-pattern-warning", row, at=at)
    return row


@transaction.atomic
def settle(pattern, *, reason, by, at):
    """Put it aside, and say why. Cases that are reported from now on make a new one. Raises TicketError."""
    row = _locked(pattern)
    if not reason.strip():
        raise TicketError(_("Please say why it is settled."))
    row.state, row.reason, row.settled_at, row.settled_by = Pattern.State.SETTLED, reason.strip(), at, by
    row.save(update_fields=["state", "reason", "settled_at", "settled_by"])
    record("settled", row, by=by)
    return row
