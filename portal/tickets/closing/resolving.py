"""Staff say that a ticket is done, and why; its owner has the last word on that (confirming.py)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.notices.actions import tell
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Message, Step
from portal.tickets.models.tickets import LONGEST
from portal.tickets.raising import cleaned
from portal.tickets.states import State, check_move, check_version
from portal.tickets.steps import take_step
from progress.warranties.covering import Covered

from .calls import let_calls_be
from .evidence import is_shown
from .models import Resolution
from .moments import next_moment
from .warranty import decision_of

Outcome = Resolution.Outcome
LONGEST_WORK = 1000


@transaction.atomic
def resolve(ticket, *, outcome, seen, by, at, text="", work_done_en="", work_done_zh=""):
    """Say what came of it, and ask its owner whether that is right. Returns the Resolution.

    `fixed` needs words for what was done, and a photo by us or a signed sheet since the ticket was opened;
    `not_covered` needs a decision about the warranty that says so; all others need `text`, which the owner reads.
    `seen` is the version on the page. Raises TicketError, OvertakenError.
    """
    ticket = lock_ticket(ticket.pk)
    check_version(ticket, seen)
    check_move(ticket, State.RESOLVED)
    text, work = checked_words(text), _checked_work(work_done_en, work_done_zh)
    clauses = _checked_outcome(ticket, outcome, text, work)
    resolution = Resolution(ticket=ticket, outcome=outcome, text=text, by=by, at=at, quiet_since=at, **clauses)
    resolution.next_at = next_moment(resolution)
    resolution.save(force_insert=True)
    ticket.state, ticket.outcome = State.RESOLVED, outcome
    ticket.resolved_at, ticket.resolved_by = at, by
    ticket.unanswered_since = None
    ticket.version += 1
    if outcome == Outcome.FIXED:
        ticket.work_done_en, ticket.work_done_zh = work["en"], work["zh"]
    ticket.save()
    message = say(ticket, text, by=by, at=at, by_staff=True) if text else None
    take_step(ticket, Step.What.RESOLVED, by=by, at=at, outcome=outcome, **named(message))
    tell(whom(ticket), "ticket-resolved", resolution, at=at)
    return resolution


def checked_words(text):
    """As they are kept. Raises TicketError for too many."""
    text = cleaned(text)
    if len(text) > LONGEST:
        raise TicketError(_("Please keep it shorter: 4,000 characters at most."))
    return text


def _checked_work(english, chinese):
    work = {"en": cleaned(english), "zh": cleaned(chinese)}
    if any(len(words) > LONGEST_WORK for words in work.values()):
        raise TicketError(_("Please keep what was done shorter: 1,000 characters at most."))
    return work


def _checked_outcome(ticket, outcome, text, work):
    """The clauses to be kept with the outcome: only “not covered” has any. Raises TicketError."""
    if outcome not in Outcome.values:
        raise TicketError(_("Please choose what came of it."))
    if outcome == Outcome.FIXED:
        if not any(work.values()):
            raise TicketError(_("Please write what was done."))
        if not is_shown(ticket):
            raise TicketError(
                _("To call it fixed, add a photo of the work or have the service sheet signed: the owner sees it.")
            )
        return {}
    if not text:
        raise TicketError(_("Please write to the owner why."))
    return _clauses(ticket) if outcome == Outcome.NOT_COVERED else {}


def _clauses(ticket):
    decision = decision_of(ticket)
    if decision is None or decision.covered == Covered.UNCLEAR:
        raise TicketError(_("Please decide first whether the warranty covers it, with the clause."))
    if decision.covered == Covered.YES:
        raise TicketError(_("By our terms the warranty covers this. If that is wrong, say why beside the warranty."))
    return {"clause_en": decision.clause_en, "clause_zh": decision.clause_zh}


@transaction.atomic
def take_up(ticket, *, reason_en="", reason_zh="", seen, by, at):
    """Staff open it again themselves, with a reason that its owner reads. Returns the ticket.

    Raises TicketError, OvertakenError.
    """
    ticket = lock_ticket(ticket.pk)
    check_version(ticket, seen)
    if ticket.state not in (State.RESOLVED, State.CLOSED):
        check_move(ticket, State.RESOLVED)
        raise TicketError(_("This ticket is open already."))
    reasons = {"reason_en": cleaned(reason_en), "reason_zh": cleaned(reason_zh)}
    if not any(reasons.values()):
        raise TicketError(_("Please say why: the owner reads it."))
    if any(len(reason) > Step._meta.get_field("reason_en").max_length for reason in reasons.values()):
        raise TicketError(_("Please keep the reason short: 300 characters at most."))
    end_resolution(ticket, Resolution.How.LEFT, at=at)
    return set_open(ticket, by=by, at=at, **reasons)


def set_open(ticket, *, by, at, message=None, reason_en="", reason_zh=""):
    """A locked ticket is open again: its outcome goes, its age stays. The calls about it are owed no more."""
    ticket.state, ticket.outcome = State.OPEN, ""
    ticket.resolved_at = ticket.resolved_by = ticket.closed_at = None
    ticket.closed_how = ""
    ticket.reopened += 1
    ticket.version += 1
    ticket.save()
    let_calls_be(ticket, by=by, at=at)
    reasons = {"reason_en": reason_en, "reason_zh": reason_zh}
    take_step(ticket, Step.What.REOPENED, by=by, at=at, **reasons, **named(message))
    return ticket


def open_resolution(ticket):
    """That of a locked ticket which waits for its owner's word, locked; or None."""
    return Resolution.objects.open().select_for_update(of=("self",)).filter(ticket=ticket).first()


def end_resolution(ticket, how, *, at, on_telephone=False):
    """Note how the waiting for the owner's word ended. Returns the Resolution, None where none was waiting."""
    resolution = open_resolution(ticket)
    if resolution:
        resolution.how, resolution.ended_at, resolution.next_at = how, at, None
        resolution.on_telephone = on_telephone
        resolution.save(update_fields=["how", "ended_at", "next_at", "on_telephone"])
        resolution.ticket = ticket
    return resolution


def say(ticket, text, *, by, at, by_staff, owner=None):
    """Keep what was written with an act, as part of the conversation. Returns the Message."""
    return Message.objects.create(
        pk=uuid.uuid4(), ticket=ticket, author=by, owner=owner, by_staff=by_staff, text=text, at=at
    )


def named(message):
    """The message, for the history."""
    return {"message": str(message.pk)} if message else {}


def whom(ticket):
    """The Owner whom a ticket is of, in a list of one or none: whoever has left the home has no say any more."""
    return [ticket.owner] if ticket.owner and not ticket.of_former else []
