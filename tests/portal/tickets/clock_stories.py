"""A repair whose clocks run, and the people who look after it, for tests. Moments are of November 2026, in Shanghai."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Permission

from portal.tickets.models import Ticket
from portal.tickets.steps import take_step
from progress.models import Assignment
from tests.factories import AssignmentFactory, StaffFactory
from tests.portal.tickets.factories import TicketFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
Role = Assignment.Role


def there(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def reported(at=None, *, kind="repair", priority="normal", **fields):
    """A ticket as `raise_ticket` leaves it. By default of Monday the 23rd, 9:00, and due on 1 December, 18:00."""
    at = at or there(23, 9)
    ticket = TicketFactory(reported_at=at, kind=kind, priority=priority, **fields)
    take_step(ticket, "reported", by=None, at=at, kind=kind, priority=priority, by_staff=ticket.by_staff)
    return ticket


def answered(at=None, **fields):
    """The same, and we have answered at ten."""
    ticket = reported(**fields)
    ticket.state = Ticket.State.OPEN
    ticket.save()
    take_step(ticket, "replied", by=None, at=at or there(23, 10))
    return ticket


def solve(ticket, at):
    ticket.state, ticket.outcome, ticket.resolved_at = "resolved", "fixed", at
    ticket.save()
    take_step(ticket, "resolved", by=None, at=at)


def open_again(ticket, at):
    ticket.state, ticket.outcome, ticket.resolved_at = "open", "", None
    ticket.save()
    take_step(ticket, "reopened", by=None, at=at)


def colleague(ticket, role, **fields):
    """Somebody who works at the place of `ticket` as `role`, and may see tickets."""
    user = StaffFactory(group="Supervisors", **fields)
    user.groups.get().permissions.add(Permission.objects.get(codename="view_ticket"))
    AssignmentFactory(user=user, role=role, development=ticket.development)
    return user
