"""What may happen to a formal complaint: made, given to a reviewer, answered by letters in order, withdrawn.

The ticket's row is the lock of everything here, as of everything else about the case.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.actions import tell
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Ticket
from progress.promises.actions import keep_promise, open_promise, void_promise
from progress.promises.models import Promise
from progress.promises.sweep import colleagues

from . import letters
from .days import plan
from .handlers import check_reviewer, reviewers_for
from .models import LONGEST_LETTER, LONGEST_WISH, FormalComplaint, Letter, Step

State, Verdict = FormalComplaint.State, FormalComplaint.Verdict
ORDER = [Step(step) for step in Step.values]
REVIEWED = (Step.ANSWER, Step.FINAL)  # written by the reviewer alone


@transaction.atomic
def complain(ticket, *, wish, by, at):
    """Make a ticket a formal complaint: its owner does, or staff for them. Made already, the first one stands.

    Raises TicketError when it is of somebody else, merged, withdrawn, praise, or nothing is said.
    """
    ticket = lock_ticket(ticket.pk)
    if known := FormalComplaint.objects.filter(ticket=ticket).first():
        return known
    _check_may_complain(ticket, by)
    counted_from, due = plan(ticket.development, at=at)
    complaint = FormalComplaint.objects.create(
        ticket=ticket,
        wish=_checked(wish, LONGEST_WISH),
        opened_at=at,
        opened_by=by,
        counted_from=counted_from,
        due_at=due[Step.ACKNOWLEDGEMENT],
        **{f"{step}_by": moment for step, moment in due.items()},
    )
    record("complained", complaint, by=by, home=ticket.home)
    for step in ORDER:
        _promise(complaint, step, by=by, at=at)
    tell(colleagues(ticket.development, "supervisor"), "complaint-made", complaint, at=at)
    return complaint


def _check_may_complain(ticket, by):
    own = ticket.owner is not None and ticket.owner.user_id == by.pk
    if not own and not by.is_staff:
        raise TicketError(_("Only whoever raised a ticket can make it a formal complaint."))
    if ticket.owner is None:
        raise TicketError(_("Nobody is named whom we could write to."))
    if ticket.state == Ticket.State.MERGED or ticket.outcome == Ticket.Outcome.WITHDRAWN:
        raise TicketError(_("This ticket is withdrawn, or has become part of another one."))
    if ticket.kind == Ticket.Kind.PRAISE:
        raise TicketError(_("Praise is no complaint. Please write us a new one."))


def _promise(complaint, step, *, by, at):
    ticket = complaint.ticket
    open_promise(
        key=f"complaint:{complaint.pk}:{step}",
        kind=f"complaint-{step}",
        development=ticket.development,
        home=ticket.home,
        owner=ticket.owner,
        subject=complaint,
        due_at=complaint.due(step),
        by=by,
        at=at,
    )


def _checked(text, longest):
    text = text.strip()
    if not text:
        raise TicketError(_("Please write something."))
    if len(text) > longest:
        raise TicketError(_("This is too long. Please say it in %(count)s characters at most.") % {"count": longest})
    return text


def _locked(complaint):
    """The complaint as it is now, under its ticket's lock."""
    ticket = lock_ticket(complaint.ticket_id)
    found = FormalComplaint.objects.get(pk=complaint.pk)
    found.ticket = ticket
    return found


def _check_open(complaint):
    if not complaint.is_open:
        raise TicketError(_("This complaint is over: %(state)s.") % {"state": complaint.get_state_display()})


@transaction.atomic
def name_reviewer(complaint, *, reviewer, by, at):
    """Who reviews it: a supervisor or manager of the place who never handled the case. Raises TicketError."""
    complaint = _locked(complaint)
    _check_open(complaint)
    check_reviewer(complaint, reviewer)
    if reviewer not in reviewers_for(complaint):
        raise TicketError(_("A complaint is reviewed by a supervisor or manager of the place."))
    if complaint.reviewer_id != reviewer.pk:
        complaint.reviewer = reviewer
        complaint.save(update_fields=["reviewer"])
        record("reviewed by", complaint, by=by, home=complaint.ticket.home)
        tell([reviewer], "complaint-review", complaint, at=at)
    return complaint


@transaction.atomic
def send_letter(complaint, *, step, text, by, at, verdict=""):
    """Write the letter that is owed next, tell the owner, and keep the promise. Its PDF is made by the worker.

    Sent twice with the same words, it is one. Answer and decision come from the reviewer alone, who had no part in the
    case; the last one carries the verdict and ends the complaint. Raises TicketError.
    """
    complaint = _locked(complaint)
    text = _checked(text, LONGEST_LETTER)
    earlier = {letter.step: letter for letter in complaint.letters.all()}
    if step in earlier and (earlier[step].text, earlier[step].by_id) == (text, by.pk):
        return earlier[step]
    _check_open(complaint)
    _check_turn(complaint, Step(step), earlier, by, verdict)
    letter = Letter.objects.create(
        complaint=complaint,
        step=step,
        language=complaint.ticket.owner.language,
        text=text,
        by=by,
        at=at,
        heard_at=at,
        in_time=at <= complaint.due(step),
    )
    _go_on(complaint, Step(step), verdict, by=by, at=at)
    record("wrote a letter", letter, by=by, home=complaint.ticket.home)
    tell([complaint.ticket.owner], "complaint-letter", letter, at=at)
    letters.queue(letter)
    return letter


def _check_turn(complaint, step, earlier, by, verdict):
    if step in earlier or next(each for each in ORDER if each not in earlier) != step:
        raise TicketError(_("Another letter is due first, or this one has been sent. Please look at the page again."))
    if step in REVIEWED:
        if complaint.reviewer_id != by.pk:
            raise TicketError(_("This letter is written by whoever reviews the complaint."))
        check_reviewer(complaint, by)
    if (step == Step.FINAL) != (verdict in Verdict.values):
        raise TicketError(_("The last letter, and no other, says what is decided."))


def _go_on(complaint, step, verdict, *, by, at):
    """Keep what was promised for this step; what is due next, if anything, is the next one."""
    promise = Promise.objects.filter(key=f"complaint:{complaint.pk}:{step}").first()
    if promise is not None and promise.is_open:
        keep_promise(promise, by=by, at=at)
    if step == Step.FINAL:
        complaint.state, complaint.verdict, complaint.due_at, complaint.ended_at = State.DECIDED, verdict, None, at
    else:
        complaint.due_at = complaint.due(ORDER[ORDER.index(step) + 1])
    complaint.save()


@transaction.atomic
def withdraw(complaint, *, by, at):
    """Its owner lets it go. What was promised applies no more; withdrawn already, it stays so. Raises TicketError."""
    complaint = _locked(complaint)
    if complaint.ticket.owner is None or complaint.ticket.owner.user_id != by.pk:
        raise TicketError(_("Only whoever made the complaint can withdraw it."))
    if complaint.state == State.WITHDRAWN:
        return complaint
    _check_open(complaint)
    complaint.state, complaint.due_at, complaint.ended_at = State.WITHDRAWN, None, at
    complaint.save()
    for promise in Promise.objects.open().filter(key__startswith=f"complaint:{complaint.pk}:").order_by("pk"):
        void_promise(promise, by=by, at=at)
    record("withdrew", complaint, by=by, home=complaint.ticket.home)
    return complaint
