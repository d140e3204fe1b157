"""Which tickets somebody sees on the owners' pages: one's own, and those of the household that are not personal."""

from django.db.models import Case, IntegerField, Q, Value, When
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.home.guards import show_home
from portal.home.homes import homes_of
from portal.tickets.models import Ticket

RELATED = ("home__development", "home__building", "development", "component__parent", "owner", "assignee")
WAITS, OPEN, OVER = 0, 1, 2


def own_ticket(request, pk):
    """One that the person sees as somebody of the home, or did until lately; the page belongs to that home."""
    ticket = get_object_or_404(Ticket.objects.of_people(request.user).select_related(*RELATED), pk=pk)
    timezone.activate(ticket.development.time_zone)
    show_home(request, ticket.home_id)
    return ticket


def may_act(request, ticket):
    """Whether the person still lives there: what was said before stays to be read."""
    return not ticket.of_former and any(home.pk == ticket.home_id for home in homes_of(request))


def is_mine(request, ticket):
    return ticket.owner is not None and ticket.owner.user_id == request.user.pk


def tickets_at(user, home):
    """Those that wait for the household first, then the open ones, then the others; the newest first.

    What became part of another ticket is read there.
    """
    place = Case(
        When(state=Ticket.State.RESOLVED, then=Value(WAITS)),
        When(state=Ticket.State.CLOSED, then=Value(OVER)),
        default=Value(OPEN),
        output_field=IntegerField(),
    )
    tickets = Ticket.objects.of_people(user).filter(home=home).exclude(state=Ticket.State.MERGED)
    return tickets.select_related(*RELATED).order_by(place, "-reported_at", "-pk")


def repairs_at(user, home):
    """What was repaired in a home, whoever had it then; the personal ones of the people of today are theirs alone."""
    seen = Q(privacy=Ticket.Privacy.HOUSEHOLD) | Q(of_former=True) | Q(owner__user=user)
    repairs = Ticket.objects.repairs_of(home).filter(seen).select_related("component__parent")
    return repairs.order_by("-resolved_at", "-pk")
