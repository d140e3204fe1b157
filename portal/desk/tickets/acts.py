"""What is done with a ticket on a page of its own: a form, what the action says to it, and back to the ticket."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.tickets import assigning, merging, routing
from portal.tickets.clocks import pausing, postponing
from portal.tickets.clocks.models import Pause
from portal.tickets.closing import calls, confirming, resolving, warranty
from portal.tickets.errors import OvertakenError, TicketError
from portal.visits.asking import ask_for_visit
from portal.visits.errors import VisitError

from .access import handling, own_ticket, posted
from .act_forms import (
    AssignForm,
    CallForm,
    MergeForm,
    PauseForm,
    PostponeForm,
    ResolveForm,
    RouteForm,
    TakeUpForm,
    VisitForm,
    WarrantyForm,
)
from .forms import overtaken_words
from .talk import conversation


def _ask_for_visit(ticket, *, by, at, **given):
    return ask_for_visit(home=ticket.home, owner=ticket.owner, subject=ticket, by=by, at=at, **given)


@dataclass(frozen=True)
class Act:
    title: str
    submit: str
    form: type[forms.Form]
    do: Callable  # (ticket, *, by, at, **what the form gives)
    said: str
    lead: str = ""


ACTS = {
    "assign": Act(
        _("Who looks after it"), _("Give it to them"), AssignForm, assigning.assign, _("Somebody else looks after it.")
    ),
    "route": Act(
        _("Kind, part, team, priority"), _("Correct it"), RouteForm, routing.reroute, _("Corrected, with the reason.")
    ),
    "pause": Act(
        _("Wait for something"),
        _("Pause the clock"),
        PauseForm,
        pausing.pause,
        _("Noted. The owner has been told."),
        _("For a repair the clock runs on until the owner has agreed."),
    ),
    "postpone": Act(
        _("Another date"),
        _("Tell the owner the new date"),
        PostponeForm,
        postponing.postpone,
        _("Noted. The owner has been told of the new date, and why."),
    ),
    "resolve": Act(
        _("What came of it"),
        _("Say so to the owner"),
        ResolveForm,
        resolving.resolve,
        _("Said. The owner is asked whether it is so."),
        _("Fixed needs a photo taken after the report, or a signed service sheet: add it to a reply or a note first."),
    ),
    "visit": Act(
        _("Ask for a visit"), _("Let them choose a time"), VisitForm, _ask_for_visit, _("They choose a time now.")
    ),
    "call": Act(
        _("Write down the call"),
        _("Write it down"),
        CallForm,
        calls.record_call,
        _("Written down."),
        _("Whoever repaired does not call: somebody else does."),
    ),
    "take_up": Act(
        _("Open it again"),
        _("Open it again"),
        TakeUpForm,
        resolving.take_up,
        _("It is open again, and as old as it was."),
    ),
    "warranty": Act(
        _("What the warranty covers"),
        _("Decide so"),
        WarrantyForm,
        warranty.overrule,
        _("Decided, with the reason. What was decided before is kept."),
        _("For the day on which it was reported. The owner reads the reason, and the clause where it is not covered."),
    ),
    "merge": Act(
        _("Merge into another"),
        _("Merge"),
        MergeForm,
        merging.merge,
        _("Merged. Its address leads to the other one now."),
    ),
}


def page_of(name):
    """The view of one of the acts."""

    @handling
    def view(request, pk):
        return _act(request, pk, ACTS[name])

    return view


def _act(request, pk, act):
    ticket, seen_steps = own_ticket(request, pk), None
    form = act.form(posted(request), ticket=ticket, **_asked_for(request, act))
    if request.method == "POST" and form.is_valid():
        try:
            act.do(ticket, by=request.user, at=timezone.now(), **form.given())
            messages.success(request, act.said)
            return redirect("desk_ticket:inspect", pk)
        except OvertakenError:
            ticket, seen_steps = own_ticket(request, pk), form.seen_steps
            form.look_again(ticket)
            form.add_error(None, overtaken_words())
        except (TicketError, VisitError) as error:
            form.add_error(None, str(error))
    news = [entry for entry in conversation(ticket, seen_steps=seen_steps) if entry.is_new] if seen_steps else []
    return render(request, "desk/tickets/act.html", {"act": act, "ticket": ticket, "form": form, "news": news})


def _asked_for(request, act):
    """A choice that the link to the page brings along, such as the outcome."""
    names = {"outcome", "why"} & set(act.form.base_fields) & set(request.GET)
    return {"initial": {name: request.GET[name] for name in names}} if names else {}


def _at_once(do, said):
    """A view that does something for which nothing has to be said."""

    @handling
    @require_POST
    def acted(request, pk):
        ticket = own_ticket(request, pk)
        try:
            do(ticket, by=request.user, at=timezone.now())
            messages.success(request, said)
        except TicketError as error:
            messages.error(request, str(error))
        return redirect("desk_ticket:inspect", pk)

    return acted


def _answer_for_owner(answer):
    """What the owner said on the telephone to a pause that was proposed."""

    def said(ticket, *, by, at):
        asked = Pause.objects.filter(ticket=ticket, state=Pause.State.ASKED).first()
        if asked is None:
            raise TicketError(_("Nothing is asked of the owner any more."))
        answer(asked, by=by, at=at, by_telephone=True)

    return said


AT_ONCE = {
    "resume": _at_once(pausing.resume, _("The clock runs on.")),
    "agree": _at_once(_answer_for_owner(pausing.agree), _("Noted that they agree. The clock stands still.")),
    "decline": _at_once(_answer_for_owner(pausing.decline), _("Noted that they do not agree. The clock runs on.")),
    "unmerge": _at_once(merging.unmerge, _("It stands by itself again.")),
    "confirm": _at_once(confirming.confirm_by_telephone, _("Noted: the owner says that it is done.")),
}
