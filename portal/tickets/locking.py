"""The lock of a ticket: everything that happens to it holds its row. Order: home, owner, ticket, its rows, promises."""

from django.utils.translation import gettext as _

from .errors import TicketError
from .models import Ticket

RELATED = ("home__development", "home__building", "development", "component__parent", "owner", "assignee", "touchpoint")


def lock_ticket(pk):
    """The ticket as it is now, locked until the transaction ends. Raises TicketError when it is gone."""
    found = Ticket.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise TicketError(_("This ticket is not there any more."))
    return found


def lock_tickets(pks):
    """{id: ticket}, locked in the order of their ids, so that two of them are never waited for crosswise."""
    return {pk: lock_ticket(pk) for pk in sorted(set(pks), key=str)}
