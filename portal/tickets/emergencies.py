"""Gas, fire, water, electricity: whoever is on duty hears of it at once, on every channel, at night too."""

from django.db.models import Q

from accounts.models import User
from accounts.notices.actions import tell
from progress import scope
from progress.models import Assignment

from .models import Duty, Ticket


def on_duty(development, *, team, at):
    """Who is on duty there at `at`; with nobody on the roster, the team, the supervisors and the managers of the place.

    Never nobody: after these, anybody who works with tickets there, and at last all who administer the portal.
    """
    here = Q(development=None) | Q(development=development)
    rostered = Duty.objects.filter(here, starts__lte=at, ends__gt=at).values("user")
    roles = {team, Assignment.Role.CUSTOMER_SERVICE, Assignment.Role.SUPERVISOR, Assignment.Role.MANAGER}
    posted = Assignment.objects.live().filter(here, role__in=roles).values("user")
    anybody = Assignment.objects.live().filter(here).values("user")
    for found in (Q(pk__in=rostered), Q(pk__in=posted), Q(pk__in=anybody), Q(is_superuser=True)):
        users = User.objects.filter(found, is_active=True).order_by("pk")
        people = [user for user in users if scope.may_view(user, Ticket)]
        if people:
            return people
    return []


def alert(ticket, *, at):
    """Tell those on duty of an emergency, once each time it becomes one."""
    people = set(on_duty(ticket.development, team=ticket.team, at=at))
    if ticket.assignee_id and ticket.assignee.is_active:
        people.add(ticket.assignee)
    tell(people, "ticket-emergency", ticket, at=at, step=str(ticket.steps.count()))
