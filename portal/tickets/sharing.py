"""Who of the household sees a ticket."""

from django.db import transaction
from django.utils.translation import gettext as _

from progress.models import Home

from .errors import TicketError
from .locking import lock_ticket
from .models import Step, Ticket
from .steps import take_step


@transaction.atomic
def set_privacy(ticket, *, personal, by, at):
    """Show it to the household, or to its author alone.

    Raises TicketError for anybody but whoever raised it and lives there still, and for hiding one in which somebody
    else's goes on.
    """
    ticket = lock_ticket(ticket.pk)
    if ticket.owner is None or ticket.owner.user_id != by.pk:
        raise TicketError(_("Only whoever raised a ticket decides who sees it."))
    if ticket.of_former or not Home.objects.lived_in_by(by).filter(pk=ticket.home_id).exists():
        raise TicketError(_("The home is no longer yours; what was said stays here for you to read."))
    if personal and _is_others_too(ticket):
        raise TicketError(_("Somebody else’s ticket has become part of this one: they read it, too."))
    privacy = Ticket.Privacy.PERSONAL if personal else Ticket.Privacy.HOUSEHOLD
    if ticket.privacy != privacy:
        ticket.privacy = privacy
        ticket.save(update_fields=["privacy"])
        take_step(ticket, Step.What.SHARED, by=by, at=at, privacy=privacy)
    return ticket


def _is_others_too(ticket):
    """Whether a ticket of somebody else goes on in it, however many merges away."""
    owners, merged = set(), [ticket.pk]
    while merged:
        rows = Ticket.objects.filter(merged_into__in=merged).values_list("pk", "owner")
        owners |= {owner for _pk, owner in rows}
        merged = [pk for pk, _owner in rows]
    return bool(owners - {ticket.owner_id})
