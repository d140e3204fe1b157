"""Which colleagues hear of what owners do with a ticket."""

from accounts.models import User
from progress.models import Assignment
from progress.promises.sweep import colleagues


def colleagues_of(ticket):
    """Whoever looks after it; nobody, or somebody who has left: its team there, and else the supervisors."""
    named = User.objects.filter(pk=ticket.assignee_id, is_active=True)
    team = colleagues(ticket.development, ticket.team) if ticket.team else User.objects.none()
    return list(named) or list(team) or list(colleagues(ticket.development, Assignment.Role.SUPERVISOR))


def callers_of(ticket):
    """Who rings owners at a development: customer service, and else the supervisors."""
    service = colleagues(ticket.development, Assignment.Role.CUSTOMER_SERVICE)
    return list(service) or list(colleagues(ticket.development, Assignment.Role.SUPERVISOR))
