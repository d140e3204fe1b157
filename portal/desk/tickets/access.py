"""Who works with tickets on the desk, and with which: the groups say what, the assignments say where."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.tickets.models import Attachment, Ticket
from progress import scope
from progress.models import Development

CHANGE = "tickets.change_ticket"
RELATED = (
    "home__development",
    "home__building",
    "home__house_type",
    "development",
    "owner__user",
    "component__parent",
    "touchpoint",
    "assignee",
    "merged_into",
)


def _guarding(may):
    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not may(request.user):
                raise Http404
            with timezone.override(None):
                return view(request, *args, **kwargs)

        return guarded

    return decorate


looking = _guarding(lambda user: scope.may_view(user, Ticket))
handling = _guarding(lambda user: user.has_perm(CHANGE))


def tickets_of(user):
    """Those of the developments where this member of staff works; nothing that they raised as somebody's household.

    The developments are named one by one, asked for once a request: a database that knows them finds its way through
    a hundred thousand tickets, and one that has to look them up in between does not.
    """
    if not hasattr(user, "_ticket_places"):
        assigned = scope.of_assigned(user, Ticket, "pk")
        places = Development.objects.filter(assigned).values_list("pk", flat=True)
        user._ticket_places = None if assigned is scope.EVERYTHING else list(places)
    if user._ticket_places is None:
        return Ticket.objects.all()
    return Ticket.objects.filter(development__in=user._ticket_places)


def own_ticket(request, pk):
    """One of them, with what its page shows. Times are its development's from here on."""
    ticket = get_object_or_404(tickets_of(request.user).select_related(*RELATED), pk=pk)
    timezone.activate(ticket.development.time_zone)
    return ticket


def own_attachment(request, pk):
    rows = Attachment.objects.filter(ticket__in=tickets_of(request.user)).select_related("file", "ticket")
    return get_object_or_404(rows, pk=pk)


def posted(request):
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None
