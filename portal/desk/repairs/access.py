"""Who repairs: staff whose groups change tickets, where they are assigned."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.events.looks import note_look
from accounts.models import Owner
from portal.tickets.models import Attachment, Ticket
from progress import scope
from progress.designs.people import phones_of

PERMISSION = "tickets.change_ticket"
TELEPHONES = "accounts.view_owner"


def repairing(view):
    """Logged in, and in a group that works on tickets; where, the querysets say. Times are the place's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def repairs_of(user):
    """Tickets of the developments where this person works; nothing that they raised as somebody's household."""
    return Ticket.objects.filter(scope.of_assigned(user, Ticket, "development")).with_place()


def own_repair(request, pk):
    ticket = get_object_or_404(repairs_of(request.user).select_related("assignee", "merged_into"), pk=pk)
    timezone.activate(ticket.development.time_zone)
    return ticket


def own_file(request, pk):
    files = Attachment.objects.filter(ticket__in=repairs_of(request.user).order_by().values("pk"))
    return get_object_or_404(files.select_related("file"), pk=pk)


def telephones(ticket, user):
    """The owner's numbers: for whoever looks after the ticket, and whoever knows customers' numbers anyway."""
    if ticket.owner is None or not (ticket.assignee_id == user.pk or user.has_perm(TELEPHONES)):
        return []
    return phones_of(Owner.objects.active().filter(pk=ticket.owner_id)).get(ticket.owner_id, [])


def note_look_at(ticket, *, by, at):
    note_look(ticket, by=by, home_id=ticket.home_id, at=at)
