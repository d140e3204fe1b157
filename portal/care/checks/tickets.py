"""What was not in order becomes a ticket, as old as the finding: a defect found before its warranty ends is covered."""

from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.tickets.files import attach
from portal.tickets.models import Ticket
from portal.tickets.raising import raise_ticket
from progress.models import HOSTS

from .models import Result


def raise_tickets(check, *, by, at):
    """One for each standing finding that is not in order. The ids follow from the findings', so twice is once."""
    owner = _owner_of(check)
    failed = check.results.filter(stands=True, verdict=Result.Verdict.FAIL, ticket=None)
    for result in failed.select_related("item__component", "item__touchpoint").order_by("item__order", "pk"):
        result.ticket = _raise(check, result, owner, by=by, at=at)
        result.save(update_fields=["ticket"])


def _raise(check, result, owner, *, by, at):
    item = result.item
    with override(owner.language if owner else None):
        title = str(item.text)[:120]
        words = [_("Found at a check: %(item)s") % {"item": item.text}, _measured(result), result.note]
    ticket = raise_ticket(
        ticket_id=uuid5(NAMESPACE_URL, f"care:result:{result.pk}"),
        home=check.home,
        owner=owner,
        kind=Ticket.Kind.REPAIR if item.component_id else Ticket.Kind.COMPLAINT,
        component=item.component,
        title=title,
        text="\n".join(line for line in words if line),
        channel=Ticket.Channel.PORTAL if check.self_check else Ticket.Channel.SITE,
        by=by,
        at=min(result.done_at, at),
        by_staff=not check.self_check,
    )
    if item.touchpoint_id:
        Ticket.objects.filter(pk=ticket.pk).update(touchpoint=item.touchpoint)
    attach(ticket, [photo.file for photo in result.photos.select_related("file")], by_staff=not check.self_check, at=at)
    return ticket


def _measured(result):
    if result.value is None:
        return ""
    return _("Measured: %(value)s %(unit)s") % {"value": f"{result.value.normalize():f}", "unit": result.item.unit}


def _owner_of(check):
    """Whose ticket it is: whoever filled the check in themselves, else the owner of today."""
    ties = check.home.ownerships.live().filter(role__in=HOSTS).select_related("owner").order_by("role", "since", "pk")
    if check.self_check and check.filled_by_id:
        own = ties.filter(owner__user=check.filled_by).first()
        if own:
            return own.owner
    first = ties.filter(role="owner").first() or ties.first()
    return first.owner if first else None
