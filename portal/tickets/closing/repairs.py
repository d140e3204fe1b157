"""What was repaired has a warranty of its own: from the day on which it was done, on the component it was about."""

from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.tickets.models import Ticket
from progress.warranties.anchors import Anchor, source


@source
def repairs_done(home):
    """An Anchor for each ticket of the home that was closed as fixed."""
    fixed = Ticket.objects.filter(home=home, state=Ticket.State.CLOSED, outcome=Ticket.Outcome.FIXED)
    fixed = fixed.filter(component__isnull=False).select_related("component__parent").order_by()
    zone = ZoneInfo(home.development.time_zone)
    return [
        Anchor("repair", timezone.localdate(ticket.resolved_at, zone), ticket.component)
        for ticket in fixed
        if ticket.resolved_at
    ]
