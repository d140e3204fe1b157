"""A ticket as PDF for those who see it: asked for, seen to grow, fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.tickets.errors import TicketError
from portal.tickets.models import Ticket
from portal.tickets.paper.actions import ask_paper
from portal.tickets.paper.models import TicketPaper

from .guards import private


def _own_ticket(request, pk):
    ticket = get_object_or_404(Ticket.objects.of_people(request.user).with_place(), pk=pk)
    timezone.activate(ticket.development.time_zone)
    return ticket


@private
@require_safe
def page(request, pk):
    """The page one may leave and come back to. htmx asks for the state alone."""
    ticket, now = _own_ticket(request, pk), timezone.now()
    theirs = TicketPaper.objects.for_user(request.user).filter(ticket=ticket, with_notes=False, language=get_language())
    newest = theirs.exclude(state=TicketPaper.State.GONE).select_related("file").first()
    if newest and newest.is_ready and newest.kept_until <= now:
        newest = None
    part = "home/ticket_paper_state.html" if request.htmx else "home/ticket_paper.html"
    return render(request, part, {"home": ticket.home, "ticket": ticket, "paper": newest})


@private
@require_POST
def ask(request, pk):
    ticket = _own_ticket(request, pk)
    try:
        ask_paper(ticket, language=get_language(), by=request.user, at=timezone.now())
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("home:ticket-pdf", pk)


@login_required
@require_safe
def file(request, pk, paper_id):
    """The PDF, to be saved; asked for anew each time, since a home can be sold."""
    ready = TicketPaper.objects.for_user(request.user).to_be_fetched(at=timezone.now()).filter(with_notes=False)
    found = get_object_or_404(ready.select_related("file", "ticket"), pk=paper_id, ticket=pk)
    response = deliver(request, found.file, name=found.ticket.number)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


urlpatterns = [
    path("tickets/<uuid:pk>/pdf/", page, name="ticket-pdf"),
    path("tickets/<uuid:pk>/pdf/ask/", ask, name="ticket-pdf-ask"),
    path("tickets/<uuid:pk>/pdf/<uuid:paper_id>/", file, name="ticket-pdf-file"),
]
