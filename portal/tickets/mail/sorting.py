"""What staff do with mail that nobody could place: say whose it is, let it in, or throw it away."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import discard as discard_file
from portal.tickets.errors import TicketError

from .models import IncomingMail
from .receiving import queue

State = IncomingMail.State
IN_HAND = {State.RECEIVED, State.TAKEN}


@transaction.atomic
def assign(mail, *, owner, home, by):
    """It is of this customer, about this home of theirs: it becomes a ticket. Raises TicketError."""
    mail = _locked(mail)
    if not owner.ownerships.live().filter(home=home).exists():
        raise TicketError(
            _("%(owner)s does not belong to this home. Please choose somebody of the household.") % {"owner": owner}
        )
    mail.owner, mail.home = owner, home
    return _let_in(mail, by=by, verb="sorted in")


@transaction.atomic
def release(mail, *, by):
    """What was held or stopped goes the way of all mail. Raises TicketError."""
    return _let_in(_locked(mail), by=by, verb="released")


@transaction.atomic
def discard(mail, *, by, at):
    """Nothing comes of it; its content goes at once. Thrown away already, it stays so. Raises TicketError."""
    mail = _locked(mail)
    _end(mail, by=by, at=at)
    record("discarded", mail, by=by)
    return mail


@transaction.atomic
def discard_held(sender, *, among, by, at):
    """All that is held back from this address, of the rows in `among`. Returns how many."""
    rows = list(among.held().filter(sender=sender).select_for_update(of=("self",)).order_by("pk"))
    for mail in rows:
        _end(mail, by=by, at=at)
    if rows:
        record("discarded", rows[0], by=by, reason=str(len(rows)))
    return len(rows)


def _locked(mail):
    found = IncomingMail.objects.select_for_update(of=("self",)).filter(pk=mail.pk).first()
    if found is None or found.state in IN_HAND:
        raise TicketError(_("This mail has been taken in already."))
    return found


def _let_in(mail, *, by, verb):
    if mail.raw_id is None:
        raise TicketError(_("The content of this mail is not there any more. Please ask for it to be sent again."))
    mail.state, mail.why, mail.detail, mail.handled_by = State.RECEIVED, "", "", by
    mail.claims, mail.lease, mail.leased_until = 0, None, None
    mail.save()
    record(verb, mail, by=by, home=mail.home)
    transaction.on_commit(partial(queue, mail))
    return mail


def _end(mail, *, by, at):
    raw, mail.raw = mail.raw, None
    mail.state, mail.handled_by, mail.handled_at = State.DISCARDED, by, at
    mail.save(update_fields=["state", "raw", "handled_by", "handled_at"])
    if raw:
        discard_file(raw)
