"""The home's file beside a ticket: who lives there, where the work stands, what is covered, what happened before."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from accounts.models import Owner
from portal.tickets.models import Ticket
from portal.visits.models import Visit
from progress.designs.people import phones_of
from progress.documents.models import HomeDocument
from progress.journeys.models import Journey
from progress.journeys.stages import current_journey, stages_of
from progress.models import Home, Ownership
from progress.scope import may_view
from progress.warranties.covering import covering, standing

from ..scoped import within

SHOWN, WARRANTIES = 5, 8


@dataclass
class HomeFile:
    """What this member of staff may see of the home; what they may not stays empty."""

    home: Home
    home_url: str = ""
    household: list = field(default_factory=list)  # (Ownership, telephone numbers, address of the customer record)
    journey: Journey | None = None
    journey_url: str = ""
    stage: object = None
    cover: object = None  # of the ticket's component, on the day of its report
    standing: list = field(default_factory=list)
    tickets: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    documents: list = field(default_factory=list)


def file_of(ticket, user):
    """In a fixed number of queries, whatever the home has."""
    home = ticket.home
    beside = HomeFile(home, cover=_cover(ticket))
    beside.standing = standing(home, on=timezone.localdate())[:WARRANTIES]
    if may_view(user, Home):
        beside.home_url = reverse("desk_home:inspect", args=[home.pk])
    if may_view(user, Ownership):
        beside.household = _household(home, user)
    if may_view(user, Journey):
        _add_journey(beside)
    earlier = within(Ticket, user).filter(home=home).exclude(pk=ticket.pk).select_related("component__parent")
    beside.tickets = list(earlier.order_by("-reported_at", "-pk")[:SHOWN])
    if may_view(user, Visit):
        visits = Visit.objects.of_staff(user).filter(home=home).select_related("person")
        beside.visits = list(visits.order_by("-starts", "-pk")[:SHOWN])
    if may_view(user, HomeDocument):
        documents = within(HomeDocument, user).current().filter(home=home)
        beside.documents = list(documents.order_by("-created_at")[:SHOWN])
    return beside


def _household(home, user):
    ties = list(Ownership.objects.live().filter(home=home).select_related("owner").order_by("since", "pk"))
    owners = Owner.objects.filter(pk__in=[tie.owner_id for tie in ties])
    numbers = phones_of(owners) if may_view(user, Owner) else {}
    return [(tie, numbers.get(tie.owner_id, []), _record(tie.owner_id, user)) for tie in ties]


def _record(owner_id, user):
    return reverse("desk_owner:inspect", args=[owner_id]) if may_view(user, Owner) else ""


def _add_journey(beside):
    beside.journey = current_journey(beside.home)
    if beside.journey is not None:
        beside.journey_url = reverse("desk_journey:inspect", args=[beside.journey.pk])
        beside.stage = next((stage for stage in stages_of(beside.journey) if stage.state == "now"), None)


def _cover(ticket):
    """What the warranty says of the component on the day of the report; None without a component."""
    if ticket.component is None:
        return None
    on = timezone.localtime(ticket.reported_at).date()
    return covering(ticket.home, ticket.component, on=on)
