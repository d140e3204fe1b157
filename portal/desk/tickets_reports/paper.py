"""A ticket as PDF for the staff where it is, with the internal notes or without."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.paper.actions import ask_paper
from portal.tickets.paper.models import TicketPaper
from progress.scope import of_assigned

from .access import looking


def _own_ticket(request, pk):
    tickets = Ticket.objects.filter(of_assigned(request.user, Ticket, "development")).with_place()
    ticket = get_object_or_404(tickets, pk=pk)
    timezone.activate(ticket.development.time_zone)
    return ticket


@looking
@require_safe
def paper(request, pk):
    """The page one may leave and come back to. htmx asks for the state alone."""
    ticket, now = _own_ticket(request, pk), timezone.now()
    theirs = TicketPaper.objects.for_user(request.user).filter(ticket=ticket).select_related("file")
    context = {
        "ticket": ticket,
        "waiting": theirs.waiting().first(),
        "ready": list(theirs.to_be_fetched(at=now)),
        "failed": (newest := theirs.first()) and newest.is_failed,
    }
    part = "desk/tickets_reports/paper_state.html" if request.htmx else "desk/tickets_reports/paper.html"
    return render(request, part, context)


@looking
@require_POST
def ask(request, pk):
    ticket, with_notes = _own_ticket(request, pk), request.POST.get("notes") == "with"
    try:
        ask_paper(ticket, language=get_language(), with_notes=with_notes, by=request.user, at=timezone.now())
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("desk_reports:paper", pk)


@looking
@require_safe
def file(request, pk, paper_id):
    ready = TicketPaper.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    found = get_object_or_404(ready.select_related("file", "ticket"), pk=paper_id, ticket=_own_ticket(request, pk))
    response = deliver(request, found.file, name=found.ticket.number)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
