"""What becomes of mail: a reply, a note, a new ticket, or something for staff to sort.

A worker leases a row and counts the attempt; what is slow (reading, looking into what is attached) comes before the
transaction, and what is written carries the row's own id, so that doing it twice does it once.
"""

import uuid
from datetime import timedelta

import structlog
from django.db.models import F

from accounts.events.actions import record
from portal.tickets.errors import TicketError
from portal.tickets.merging import goes_on_in

from . import senders, writing
from .addresses import addressed
from .models import MOST_CLAIMS, IncomingMail
from .reading import read
from .receiving import queue

State, Why = IncomingMail.State, IncomingMail.Why
LEASE = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class LostLeaseError(Exception):
    """Another worker has it."""


def take_in(pk, *, clock):
    """Work one mail. Running it twice, or killing it on the way, neither loses it nor takes it twice."""
    at = clock()
    mail = _claimed(pk, at=at)
    if mail is None:
        return
    if mail.claims > MOST_CLAIMS:
        _set_aside(mail, Why.BROKEN, at=at)
        return
    try:
        letter = read(_bytes(mail), stripped=mail.stripped)
    except Exception:  # whatever a stranger's mail does to the parser, staff shall see that it came
        log.exception("mail_unreadable", mail=str(mail.pk))
        _set_aside(mail, Why.BROKEN, at=at)
        return
    try:
        _work(mail, letter, at=clock())
    except TicketError as error:
        _set_aside(mail, Why.REFUSED, str(error), at=clock())
    except writing.MovedOnError:
        _end(mail)
        queue(mail)


def _claimed(pk, *, at):
    lease = uuid.uuid4()
    values = {"lease": lease, "leased_until": at + LEASE, "claims": F("claims") + 1}
    if not IncomingMail.objects.due(at=at).filter(pk=pk).update(**values):
        return None
    return IncomingMail.objects.select_related("raw", "owner__user", "home").filter(lease=lease).first()


def _bytes(mail):
    with mail.raw.file.open("rb") as raw:
        return raw.read()


def _work(mail, letter, *, at):
    found = addressed(mail.recipient)
    if mail.owner and mail.home:  # staff have said whose it is
        _raise(mail, letter, mail.owner, mail.home, at=at)
    elif found and senders.may_write(found.owner, found.ticket):
        _answer(mail, letter, found, at=at)
    else:
        owner, home, why = senders.unsigned(mail.sender)
        if why:
            _set_aside(mail, why, owner=owner, at=at)
        else:
            _raise(mail, letter, owner, home, at=at)


def _answer(mail, letter, found, *, at):
    owner, ticket = senders.writer(found, mail.sender), goes_on_in(found.ticket)
    if owner and writing.is_another_case(letter, ticket, at=at):
        _raise(mail, letter, owner, ticket.home, at=at, after=ticket)
        return
    with writing.opened(letter, ticket, owner) as parts:
        if owner:
            ticket = writing.write(mail, letter, parts, ticket, owner, at=at)
        else:
            ticket = writing.note(mail, letter, parts, ticket, at=at)
        _finish(mail, ticket, owner=owner, at=at)


def _raise(mail, letter, owner, home, *, at, after=None):
    """A new ticket, under the mail's own id. `after`: an earlier one that is closed for good."""
    with writing.opened(letter, after, owner) as parts:
        ticket = writing.begin(mail, letter, parts, owner, home, after=after, at=at)
        _finish(mail, ticket, owner=owner, at=at)


def _finish(mail, ticket, *, owner, at):
    """Taken in. Raises LostLeaseError when another worker has it, and nothing of it is kept."""
    why = "" if owner else Why.ELSEWHERE
    values = {"state": State.TAKEN, "ticket": ticket, "owner": owner, "why": why, "stripped": "", "handled_at": at}
    _end(mail, **values)
    record("taken in", mail, by=mail.handled_by, home=ticket.home)


def _set_aside(mail, why, detail="", *, at, owner=None):
    """For staff to sort."""
    _end(mail, state=State.TO_SORT, why=why, detail=detail[:300], owner=owner or mail.owner)


def _end(mail, **values):
    held = IncomingMail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.RECEIVED)
    if not held.update(lease=None, leased_until=None, **values):
        raise LostLeaseError
