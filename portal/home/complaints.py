"""Formal complaints, for whoever makes one: what is due when, what was written, and how to let it go."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.tickets.errors import TicketError
from portal.tickets.formal import actions
from portal.tickets.formal.forms import ComplainForm
from portal.tickets.formal.models import FormalComplaint, Letter
from portal.tickets.formal.standing import steps_of
from portal.tickets.models import Ticket

from .guards import private, show_home

TONES = {"open": "info", "decided": "good", "withdrawn": "quiet"}


def _own_ticket(request, pk):
    """A ticket that the person raised; what others of the household raised is theirs to complain about."""
    tickets = Ticket.objects.for_user(request.user).filter(owner__user=request.user)
    ticket = get_object_or_404(tickets.select_related("home__development", "home__building", "owner"), pk=pk)
    timezone.activate(ticket.development.time_zone)
    show_home(request, ticket.home_id)
    return ticket


@private
def complaint(request, pk):
    """The form before it is made, its standing after that."""
    ticket = _own_ticket(request, pk)
    if found := FormalComplaint.objects.filter(ticket=ticket).select_related("reviewer").first():
        return _standing(request, ticket, found)
    form = ComplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.complain(ticket, by=request.user, at=timezone.now(), **form.cleaned_data)
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your complaint is received. You read here what happens by when."))
            return redirect("home:complaint", pk)
    return render(request, "home/complaints/complain.html", {"ticket": ticket, "home": ticket.home, "form": form})


def _standing(request, ticket, found):
    found.ticket = ticket
    context = {
        "ticket": ticket,
        "home": ticket.home,
        "complaint": found,
        "tone": TONES[found.state],
        "steps": steps_of(found, at=timezone.now()),
    }
    return render(request, "home/complaints/complaint.html", context)


@private
@require_POST
def withdraw(request, pk):
    found = FormalComplaint.objects.filter(ticket=_own_ticket(request, pk)).first()
    if found is None:
        raise Http404
    try:
        actions.withdraw(found, by=request.user, at=timezone.now())
        messages.success(request, _("Withdrawn. Your ticket goes on as before."))
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("home:complaint", pk)


@private
@require_safe
def letter_file(request, pk):
    """The PDF of a letter, for whoever complained."""
    letters = Letter.objects.filter(complaint__in=FormalComplaint.objects.for_user(request.user), file__isnull=False)
    own = letters.filter(complaint__ticket__owner__user=request.user)
    found = get_object_or_404(own.select_related("file", "complaint__ticket"), pk=pk)
    return deliver(request, found.file, name=f"{found.complaint.ticket.number}-{found.step}.pdf")


urlpatterns = [
    path("tickets/<uuid:pk>/complaint/", complaint, name="complaint"),
    path("tickets/<uuid:pk>/complaint/withdraw/", withdraw, name="complaint-withdraw"),
    path("letters/<uuid:pk>/", letter_file, name="letter"),
]
