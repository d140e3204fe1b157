"""What was repaired has a warranty of its own: from the day on which it was done, on the component it was about."""

from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from portal.tickets.models import Step, Ticket
from progress.warranties.anchors import Anchor, source
from progress.warranties.covering import Covered

from .models import WarrantyDecision

TICKET = Ticket._meta.label_lower


def _homes_since(moment):
    return Step.objects.filter(at__gte=moment).order_by().values_list("ticket__home", flat=True).distinct()


@source(touched=_homes_since)
def repairs_done(homes):
    """An Anchor for each ticket of these homes that was closed as fixed. One that was decided not to be covered
    was done under no warranty."""
    fixed = Ticket.objects.filter(home__in=homes.order_by().values("pk"), state=Ticket.State.CLOSED)
    fixed = fixed.filter(outcome=Ticket.Outcome.FIXED, component__isnull=False, resolved_at__isnull=False)
    decisions = WarrantyDecision.objects.filter(ticket=OuterRef("pk")).order_by("-number")
    fixed = fixed.annotate(covered=Subquery(decisions.values("covered")[:1]))
    return [_anchor(ticket) for ticket in fixed.select_related("component__parent", "home__development").order_by()]


def _anchor(ticket):
    zone = ZoneInfo(ticket.home.development.time_zone)
    done, reported = (timezone.localdate(moment, zone) for moment in (ticket.resolved_at, ticket.reported_at))
    under = None if ticket.covered == Covered.NO else reported
    return Anchor("repair", done, ticket.component, ticket.home_id, ticket.journey_id, TICKET, ticket.pk, under)
