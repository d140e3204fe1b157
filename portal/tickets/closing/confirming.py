"""The owner's word: it is done, it isn't, open it again, never mind."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Owner
from accounts.notices.actions import tell
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Step, Ticket
from portal.tickets.states import State, check_move
from portal.tickets.steps import take_step
from progress.models import Home

from . import scores
from .calls import open_call
from .evidence import repairers_of
from .models import Call, Resolution
from .moments import can_be_reopened
from .resolving import checked_words, end_resolution, say, set_open
from .telling import colleagues_of

How, ClosedHow = Resolution.How, Ticket.ClosedHow


@transaction.atomic
def confirm(ticket, *, by, at):
    """Whoever it concerns says that it is done: it is closed. Said twice, or of one that is closed, it stays so.

    Now, and only now, they are asked how content they are. Returns the ticket. Raises TicketError while nothing is to
    be confirmed, and for whoever it doesn't concern.
    """
    owner = Owner.objects.select_for_update(no_key=True).filter(user=by).first()  # asked below; locked before tickets
    ticket = _of(lock_ticket(ticket.pk), by, at=at)
    if ticket.state == State.CLOSED:
        return ticket
    _check_waits(ticket)
    resolution = _close_confirmed(ticket, by=by, at=at)
    scores.ask_about(resolution, owner=owner, at=at)
    return ticket


@transaction.atomic
def confirm_by_telephone(ticket, *, by, at):
    """Staff note that the owner said so; never whoever did the work. Nobody is asked how content they are.

    Raises TicketError.
    """
    ticket = lock_ticket(ticket.pk)
    _check_waits(ticket)
    if by.pk in repairers_of(ticket):
        raise TicketError(_("You did this work yourself. Please let a colleague ask the owner."))
    _close_confirmed(ticket, by=by, at=at, on_telephone=True)
    return ticket


def _check_waits(ticket):
    if ticket.state != State.RESOLVED:
        raise TicketError(_("There is nothing to confirm: this ticket is %(state)s.") % {"state": _state(ticket)})


def _close_confirmed(ticket, *, by, at, on_telephone=False):
    resolution = end_resolution(ticket, How.CONFIRMED, at=at, on_telephone=on_telephone)
    close(ticket, ClosedHow.OWNER, at=at)
    take_step(ticket, Step.What.CONFIRMED, by=by, at=at)
    follow_up(ticket, by=by, at=at)
    return resolution


def close(ticket, how, *, at):
    """A locked ticket is over; its outcome stands already."""
    check_move(ticket, State.CLOSED)
    ticket.state, ticket.closed_at, ticket.closed_how = State.CLOSED, at, how
    ticket.unanswered_since = None
    ticket.version += 1
    ticket.save()


def follow_up(ticket, *, by, at):
    """After a repair somebody rings, however the ticket was closed."""
    if ticket.outcome == Ticket.Outcome.FIXED:
        open_call(ticket, Call.Why.REPAIR, by=by, at=at)


@transaction.atomic
def not_fixed(ticket, *, text, by, at):
    """Whoever it concerns says that it is not done, or that they see it otherwise: it is open again, as old as it is.

    Returns the ticket. Raises TicketError without words for what is wrong, and when nothing waits for their word.
    """
    ticket = _of(lock_ticket(ticket.pk), by, at=at)
    text = checked_words(text)
    if not text:
        raise TicketError(_("Please say in a few words what is still wrong."))
    if ticket.state == State.CLOSED:
        raise TicketError(_("This ticket is closed already. You can open it again."))
    _check_waits(ticket)
    end_resolution(ticket, How.REFUSED, at=at)
    message = say(ticket, text, by=by, at=at, by_staff=False, owner=_owner(by))
    ticket.unanswered_since = at
    set_open(ticket, by=by, at=at, message=message)
    _tell_colleagues(ticket, "ticket-reopened", at=at)
    return ticket


@transaction.atomic
def reopen(ticket, *, by, at):
    """Whoever it concerns opens a closed one again, for thirty days. Opened again already, it stays so.

    Returns the ticket. Raises TicketError from the thirty-first day on, and for one that wasn't closed.
    """
    ticket = _of(lock_ticket(ticket.pk), by, at=at)
    if ticket.is_open and ticket.reopened:
        return ticket
    if ticket.state != State.CLOSED:
        raise TicketError(_("This ticket is %(state)s, so there is nothing to open.") % {"state": _state(ticket)})
    if not can_be_reopened(ticket, at=at):
        raise TicketError(_("It was closed more than 30 days ago. Please tell us anew: we see the old one beside it."))
    ticket.unanswered_since = at
    set_open(ticket, by=by, at=at)
    _tell_colleagues(ticket, "ticket-reopened", at=at)
    return ticket


@transaction.atomic
def withdraw(ticket, *, by, at):
    """Whoever raised it lets it be. Withdrawn already, it stays so. Returns the ticket.

    Raises TicketError for anybody else of the household, and for one that is over.
    """
    ticket = _of(lock_ticket(ticket.pk), by, at=at)
    if ticket.owner is None or ticket.owner.user_id != by.pk:
        raise TicketError(_("Only whoever raised it can withdraw it."))
    if ticket.state == State.CLOSED and ticket.outcome == Ticket.Outcome.WITHDRAWN:
        return ticket
    check_move(ticket, State.CLOSED)
    ticket.outcome, ticket.resolved_at, ticket.resolved_by = Ticket.Outcome.WITHDRAWN, None, None
    close(ticket, ClosedHow.OWNER, at=at)
    take_step(ticket, Step.What.WITHDRAWN, by=by, at=at)
    _tell_colleagues(ticket, "ticket-withdrawn", at=at)
    return ticket


def _of(ticket, by, *, at):
    """The ticket, if this person sees it as its owner or one of the household, today still. Raises TicketError."""
    if not Ticket.objects.of_people(by, on=at.date()).filter(pk=ticket.pk).exists():
        raise TicketError(_("This ticket is not yours."))
    if ticket.of_former or not Home.objects.lived_in_by(by).filter(pk=ticket.home_id).exists():
        raise TicketError(_("The home is no longer yours; what was said stays here for you to read."))
    return ticket


def _owner(user):
    return Owner.objects.active().filter(user=user).first()


def _state(ticket):
    return ticket.get_state_display()


def _tell_colleagues(ticket, code, *, at):
    tell(colleagues_of(ticket), code, ticket, at=at, step=f"{ticket.version}")
