"""Calls to owners: one after each repair, one when somebody is not content; never by whoever did the work."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import one_line
from accounts.notices.actions import tell
from portal.tickets.errors import TicketError
from portal.tickets.locking import lock_ticket
from portal.tickets.models import Step
from portal.tickets.raising import cleaned
from portal.tickets.steps import take_step
from progress.promises import actions as promises
from progress.promises.models import Promise

from .evidence import repairers_of
from .models import Call, CallTry
from .models.calls import LONGEST_NOTE
from .moments import call_back_due, call_due

MOST_TRIES = 3
AFTER_REPAIR, CALL_BACK = "ticket-call", "ticket-call-back"
PROMISED = {Call.Why.REPAIR: AFTER_REPAIR, Call.Why.SCORE: CALL_BACK}


def open_call(ticket, why, *, by, at):
    """Promise to ring the owner of a locked ticket. One of this reason that is due already stands. Returns it."""
    standing = Call.objects.due().filter(ticket=ticket, why=why).first()
    if standing or ticket.owner is None or ticket.owner.erased_at or ticket.of_former:
        return standing
    reckon = call_due if why == Call.Why.REPAIR else call_back_due
    due_at = reckon(ticket.development, at=at)
    call = Call.objects.create(ticket=ticket, why=why, due_at=due_at, opened_at=at)
    promises.open_promise(
        key=f"{PROMISED[why]}:{call.pk}",
        kind=PROMISED[why],
        development=ticket.development,
        home=ticket.home,
        owner=ticket.owner,
        subject=ticket,
        due_at=due_at,
        by=by,
        at=at,
    )
    return call


@transaction.atomic
def record_call(ticket, *, reached, note="", by, at):
    """Somebody rang about a ticket: that counts for each call that is due about it. Returns the Calls.

    Reached: the promise is kept. Not reached: a text message says that we tried, and the third time we let it be.
    Raises TicketError when none is due, and for whoever did the work.
    """
    ticket = lock_ticket(ticket.pk)
    calls = list(Call.objects.due().select_for_update(of=("self",)).filter(ticket=ticket).order_by("pk"))
    if not calls:
        raise TicketError(_("No call is due about this ticket."))
    if by.pk in repairers_of(ticket):
        raise TicketError(_("You did this work yourself. Please let a colleague ring."))
    note = _checked(note)
    for call in calls:
        CallTry.objects.create(call=call, reached=reached, note=note, by=by, at=at)
        if reached:
            _settle(call, Call.State.DONE, by=by, at=at)
        elif call.tries.count() >= MOST_TRIES:
            _settle(call, Call.State.UNREACHED, by=by, at=at)
    if not reached:
        number = CallTry.objects.filter(call__ticket=ticket, reached=False).count()
        tell([ticket.owner], "ticket-missed-call", ticket, at=at, step=str(number))
    take_step(ticket, Step.What.CALLED, by=by, at=at, reached=reached, why=[call.why for call in calls])
    return calls


def _checked(note):
    note = cleaned(note)
    try:
        one_line(note)
    except ValidationError as error:
        raise TicketError(error.messages[0]) from error
    if len(note) > LONGEST_NOTE:
        raise TicketError(_("Please keep it short: 500 characters at most."))
    return note


def _settle(call, state, *, by, at):
    call.state, call.settled_at, call.settled_by = state, at, by
    call.save(update_fields=["state", "settled_at", "settled_by"])
    promise = promise_of(call)
    if promise is None or not promise.is_open:
        return
    if state == Call.State.DONE:
        promises.keep_promise(promise, by=by, at=at)
    elif state == Call.State.UNREACHED:
        promises.waive_promise(promise, reason=_("Rung three times, and nobody was reached."), by=by, at=at)
    else:
        promises.void_promise(promise, by=by, at=at)


def let_calls_be(ticket, *, by, at):
    """The calls that are due about a locked ticket are owed no more: it is open again, or gone."""
    for call in Call.objects.due().filter(ticket=ticket).order_by("pk"):
        _settle(call, Call.State.VOID, by=by, at=at)


def let_go(*, at):
    """Calls about tickets of whoever has left the home, or is no customer any more, are owed to nobody."""
    gone = Q(ticket__of_former=True) | Q(ticket__owner__isnull=True) | Q(ticket__owner__erased_at__isnull=False)
    for pk in set(Call.objects.due().filter(gone).values_list("ticket", flat=True)):
        with transaction.atomic():
            let_calls_be(lock_ticket(pk), by=None, at=at)


def promise_of(call):
    """Its row in the ledger."""
    return Promise.objects.filter(key=f"{PROMISED[Call.Why(call.why)]}:{call.pk}").first()


def may_call(ticket, user):
    """Whether this member of staff may make the call: for the page that offers it."""
    return user.pk not in repairers_of(ticket)
