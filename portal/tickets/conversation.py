"""What is said about a ticket: by its people, by staff to them, and among staff."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.files.receiving import media_ahead
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.models import Home

from .assigning import candidates
from .emergencies import alert, on_duty
from .errors import TicketError
from .files import MOST, attach
from .locking import lock_ticket
from .models import Message, Step, Ticket
from .models.tickets import LONGEST
from .raising import cleaned
from .routing import means_danger
from .states import check_version
from .steps import take_step

MOST_AN_HOUR = 60  # messages of its people to one ticket
State = Ticket.State


class _SentBeforeError(Exception):
    """It was sent already; what came with it the second time is let go."""


def write(*, message_id, ticket, text, files=(), by, at, channel=Ticket.Channel.PORTAL):
    """Add to a ticket as one of its people, and tell whoever looks after it. Returns the Message; sent twice, the one.

    Raises TicketError when it is closed, merged, or not theirs any more, when sixty came within an hour, or it says
    nothing or too much; FileError. A danger in the words makes the ticket an emergency, which no number refuses.
    """
    text, danger = _checked(text, files), means_danger(text)

    def kept(ticket, stored):
        owner = _writer(ticket, by)
        if not danger:
            _check_how_many(ticket, at=at)
        message = _add(ticket, message_id, text, stored, by=by, at=at, owner=owner, channel=channel)
        if ticket.unanswered_since is None:
            ticket.unanswered_since = at
            ticket.save(update_fields=["unanswered_since"])
        take_step(ticket, Step.What.WROTE, by=by, at=at, message=str(message.pk))
        _tell_staff(ticket, message, at=at)
        if danger and ticket.is_open and not ticket.is_emergency:
            _become_emergency(ticket, at=at)
        return message

    return _once(message_id, ticket, files, kept, by=by)


def reply(*, message_id, ticket, text, files=(), seen=None, by, at, channel=Ticket.Channel.PORTAL):
    """Answer its people. Returns the Message; sent twice, the first.

    `seen` is the version that the writer had before their eyes. Raises OvertakenError when a colleague changed the
    ticket since, TicketError when it is closed or merged, or says nothing or too much; FileError.
    """
    text = _checked(text, files)

    def kept(ticket, stored):
        check_version(ticket, seen)
        message = _add(ticket, message_id, text, stored, by=by, at=at, by_staff=True, channel=channel)
        ticket.state = State.OPEN if ticket.state == State.NEW else ticket.state
        ticket.unanswered_since = None
        ticket.version += 1
        ticket.save(update_fields=["state", "unanswered_since", "version"])
        take_step(ticket, Step.What.REPLIED, by=by, at=at, message=str(message.pk))
        if ticket.owner:
            tell([ticket.owner], "ticket-reply", message, at=at)
        return message

    return _once(message_id, ticket, files, kept, by=by)


def note(*, message_id, ticket, text, files=(), seen=None, by, at):
    """Keep something for colleagues alone, also with what is closed. Returns the Message. Raises as `reply` does."""
    text = _checked(text, files)

    def kept(ticket, stored):
        check_version(ticket, seen)
        message = _add(ticket, message_id, text, stored, by=by, at=at, by_staff=True, internal=True)
        ticket.version += 1
        ticket.save(update_fields=["version"])
        take_step(ticket, Step.What.NOTED, by=by, at=at, message=str(message.pk))
        if ticket.assignee and ticket.assignee != by:
            tell([ticket.assignee], "ticket-wrote", message, at=at)
        return message

    return _once(message_id, ticket, files, kept, by=by, closed_too=True)


def _once(message_id, ticket, files, keep, *, by, closed_too=False):
    """The files are stored before the ticket is locked; what is sent twice is kept once."""
    try:
        with media_ahead(files, by=by) as stored:
            locked = lock_ticket(ticket.pk)
            if earlier := Message.objects.filter(pk=message_id).first():
                _check_same(earlier, locked, by=by)
                raise _SentBeforeError
            _check_goes_on(locked, closed_too=closed_too)
            return keep(locked, stored)
    except _SentBeforeError:
        return Message.objects.get(pk=message_id)


def _check_same(earlier, ticket, *, by):
    if earlier.ticket_id != ticket.pk or earlier.author_id != by.pk:
        raise TicketError(_("This form has been sent already. Please begin anew."))


def _check_goes_on(ticket, *, closed_too):
    if ticket.state == State.MERGED:
        goes_on = {"number": ticket.merged_into.number}
        raise TicketError(_("This goes on as %(number)s. Please write there.") % goes_on)
    if ticket.state == State.CLOSED and not closed_too:
        raise TicketError(_("This ticket is closed. Please open it again first, then everybody sees what you write."))


def _checked(text, files):
    text = cleaned(text)
    if not (text or files):
        raise TicketError(_("Please write something."))
    if len(text) > LONGEST:
        raise TicketError(_("This is too long. Please say it in 4,000 characters at most."))
    if len(files) > MOST:
        raise TicketError(_("Please send ten files at most; you can add more to the conversation."))
    return text


def _writer(ticket, user):
    """The customer record of `user`, who sees the ticket as somebody of the home, today still."""
    lives_there = Home.objects.lived_in_by(user).filter(pk=ticket.home_id).exists()
    sees = Ticket.objects.of_people(user).filter(pk=ticket.pk, of_former=False).exists()
    if not (lives_there and sees):
        raise TicketError(_("The home is no longer yours; what was said stays here for you to read."))
    return Owner.objects.get(user=user)


def _check_how_many(ticket, *, at):
    lately = ticket.messages.filter(by_staff=False, internal=False, at__gt=at - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise TicketError(
            _("Very many messages have come within an hour. Please ring us, day and night: %(hotline)s.")
            % {"hotline": settings.COMPANY_HOTLINE}
        )


def _add(ticket, message_id, text, files, *, by, at, **fields):
    message = Message.objects.create(pk=message_id, ticket=ticket, author=by, text=text, at=at, **fields)
    attach(ticket, files, message=message, by_staff=message.by_staff, at=at)
    return message


def _tell_staff(ticket, message, *, at):
    """Whoever looks after it; while nobody does, or they have left, its team, else whoever is there."""
    people = [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else list(candidates(ticket))
    tell(people or on_duty(ticket.development, team=ticket.team, at=at), "ticket-wrote", message, at=at)


def _become_emergency(ticket, *, at):
    ticket.priority = Ticket.Priority.EMERGENCY
    ticket.version += 1
    ticket.save(update_fields=["priority", "version"])
    take_step(ticket, Step.What.ROUTED, by=None, at=at, kind=ticket.kind, priority=ticket.priority, team=ticket.team)
    alert(ticket, at=at)
