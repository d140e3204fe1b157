"""The owner's say about the complaints board: the words as they would stand there, yes, no, and taking them down."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.tickets.board import actions
from portal.tickets.board.forms import AgreeForm
from portal.tickets.board.models import Entry
from portal.tickets.errors import TicketError

from .guards import private, show_home

TONES = {"asked": "warning", "agreed": "info", "published": "good"}


def _own(request, ticket_id):
    entries = Entry.objects.for_user(request.user).filter(ticket__owner__user=request.user)
    related = ("ticket__home__development", "ticket__home__building", "ticket__development")
    entry = get_object_or_404(entries.select_related(*related), ticket=ticket_id)
    timezone.activate(entry.ticket.development.time_zone)
    show_home(request, entry.ticket.home_id)
    return entry


@private
@require_safe
def entry(request, pk):
    found = _own(request, pk)
    context = {
        "entry": found,
        "ticket": found.ticket,
        "home": found.ticket.home,
        "tone": TONES.get(found.state, "quiet"),
        "is_asked": found.state == Entry.State.ASKED,
        "can_be_taken_down": found.state in {Entry.State.AGREED, Entry.State.PUBLISHED},
        "form": AgreeForm(initial={"version": found.version}),
    }
    return render(request, "home/board/entry.html", context)


@private
@require_POST
def agree(request, pk):
    found, form = _own(request, pk), AgreeForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    return _act(request, pk, _("Thank you. We publish it now."), actions.agree, found, version=version)


@private
@require_POST
def refuse(request, pk):
    return _act(
        request, pk, _("It does not stand on the board, and we don't ask again."), actions.refuse, _own(request, pk)
    )


def _act(request, pk, said, act, found, **values):
    try:
        act(found, by=request.user, at=timezone.now(), **values)
        messages.success(request, said)
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("home:board-entry", pk)


urlpatterns = [
    path("tickets/<uuid:pk>/board/", entry, name="board-entry"),
    path("tickets/<uuid:pk>/board/agree/", agree, name="board-agree"),
    path("tickets/<uuid:pk>/board/no/", refuse, name="board-refuse"),
]
