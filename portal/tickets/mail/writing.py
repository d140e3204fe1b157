"""Putting a mail into a ticket, under the ticket's lock: as its writer's own words, or as a note about a stranger's.

All of it happens in the block of `opened`, one transaction, before which the attached photos and videos are stored.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.files.actions import store_document
from accounts.files.receiving import media_ahead
from accounts.notices.actions import tell
from accounts.notices.messages import language_of
from portal.tickets.conversation import _become_emergency, _tell_staff
from portal.tickets.files import attach
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Message, Step, Ticket
from portal.tickets.models.tickets import LONGEST
from portal.tickets.raising import raise_ticket
from portal.tickets.routing import means_danger
from portal.tickets.steps import take_step

from .parts import Parts

QUOTED_KEPT = 20_000  # characters
LONGEST_TITLE, LONGEST_WORD = 120, 60
REOPENABLE = timedelta(days=30)
State = Ticket.State


class MovedOnError(Exception):
    """The ticket was merged into another one in the meantime: look again."""


def is_another_case(letter, ticket, *, at):
    """Whether what comes to a closed ticket is a ticket of its own: a danger, or too late to open the old one."""
    if ticket.state != State.CLOSED:
        return False
    return at - ticket.closed_at > REOPENABLE or means_danger(letter.text)


@contextmanager
def opened(letter, ticket, owner):
    """The Parts of a letter, checked, their bytes stored, within a transaction that takes them along if it fails."""
    language = language_of(owner) if owner else ticket.language
    parts = Parts.of(letter, language=language)
    with media_ahead(parts.media, by=owner and owner.user) as stored, translation.override(language):
        parts.stored = stored
        yield parts


def write(mail, letter, parts, ticket, owner, *, at):
    """Add the owner's answer. Returns the ticket. Done twice, it is there once. Raises MovedOnError.

    A closed ticket stays closed: staff see that somebody waits for an answer, and the owner is told how to open it.
    """
    ticket = _locked(ticket)
    if _is_there(mail):
        return ticket
    text, quoted = _fitted(letter, parts)
    message = Message(owner=owner, author=owner.user, text=text, quoted=quoted)
    _keep(message, mail, ticket, parts, step=Step.What.WROTE, at=at)
    if ticket.state == State.CLOSED:
        tell([owner], "ticket-mail-closed", ticket, at=at, step=f"{at:%Y-%m-%d}")
    elif ticket.is_open and not ticket.is_emergency and means_danger(letter.text):
        _become_emergency(ticket, at=at)
    return ticket


def note(mail, letter, parts, ticket, *, at):
    """Keep what came to a signed address from somebody else among the staff: nobody of the household reads it."""
    ticket = _locked(ticket)
    if _is_there(mail):
        return ticket
    whose = _("This e-mail came from another address, %(sender)s. It was not sent by whoever raised the ticket.")
    text, quoted = _fitted(letter, parts, begins=whose % {"sender": mail.sender or "?"})
    message = Message(internal=True, text=text, quoted=quoted)
    _keep(message, mail, ticket, parts, step=Step.What.NOTED, at=at)
    return ticket


def begin(mail, letter, parts, owner, home, *, after=None, at):
    """Raise a ticket of the owner's, under the mail's own id; `after`: an earlier one, which it names.

    Raises TicketError, as when twenty of theirs wait.
    """
    if earlier := Ticket.objects.filter(pk=mail.pk).first():
        return earlier
    begins = _("About my earlier ticket %(number)s.") % {"number": after.number} if after else ""
    ticket = raise_ticket(
        ticket_id=mail.pk,
        home=home,
        owner=owner,
        kind=Ticket.Kind.QUESTION,
        title=letter.subject[:LONGEST_TITLE],
        text=_fitted(letter, parts, begins=begins)[0],
        channel=Ticket.Channel.MAIL,
        by=owner.user,
        at=at,
    )
    attach(ticket, [*parts.stored, *_documents(parts, by=owner.user)], at=at)
    return ticket


def _locked(ticket):
    locked = lock_ticket(ticket.pk)
    if locked.state == State.MERGED:
        raise MovedOnError
    return locked


def _is_there(mail):
    return Message.objects.filter(pk=mail.pk).exists()


def _fitted(letter, parts, *, begins=""):
    """(text, what is folded away): what is too long for a message goes on in the fold, before what it quotes."""
    told = parts.told()
    room = max(LONGEST - len(begins) - len(told) - 4, 0)
    if len(letter.text) > room:
        room = max(letter.text.rfind(" ", 0, room), letter.text.rfind("\n", 0, room), room - LONGEST_WORD)
    said, rest = letter.text[:room].strip(), letter.text[room:].strip()
    said = said or letter.subject or _("(An e-mail without words.)")
    quoted = "\n\n".join(part for part in (rest, letter.quoted) if part)
    return "\n\n".join(part for part in (begins, said, told) if part)[:LONGEST], quoted[:QUOTED_KEPT]


def _keep(message, mail, ticket, parts, *, step, at):
    message.pk, message.ticket, message.channel, message.at = mail.pk, ticket, Ticket.Channel.MAIL, at
    message.save(force_insert=True)
    by = message.author
    attach(ticket, [*parts.stored, *_documents(parts, by=by)], message=message, at=at)
    if ticket.unanswered_since is None:
        ticket.unanswered_since = at
        ticket.save(update_fields=["unanswered_since"])
    take_step(ticket, step, by=by, at=at, message=str(message.pk))
    _tell_staff(ticket, message, at=at)


def _documents(parts, *, by):
    return [store_document(each, by=by) for each in parts.documents]
