"""The tickets of somebody who leaves: whoever takes over has them.

What nobody took over, and what belongs to somebody who works elsewhere by now, goes to the team a minute later.
"""

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.leaving import register
from accounts.models import User
from progress import scope
from progress.models import Assignment, Development
from progress.staff.work import InPlaces

from .assigning import choose, give
from .locking import lock_ticket
from .models import Duty, Ticket


def _at_hand(tickets):
    """Those that nobody else changes at this moment, locked.

    The colleagues are locked by now, and whoever holds a ticket may wait for them: to wait for it would be for ever.
    """
    skip = connection.features.has_select_for_update_skip_locked
    return list(tickets.select_for_update(of=("self",), skip_locked=skip).select_related("home", "development"))


@register
class Tickets(InPlaces):
    label = _("Tickets that they look after")
    model, path = Ticket, "development"

    def of(self, user):
        return Ticket.objects.mine(user)

    def shown(self, rows):
        rows = rows.order_by(*Ticket._meta.ordering)
        return [(str(row), reverse("desk_ticket:inspect", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        """Those of the developments where `to` works with tickets. One that somebody changes just now stays listed."""
        theirs = self.of(user).filter(scope.of_assigned(to, Ticket, self.path)).order_by("pk")
        rows = _at_hand(theirs)
        for ticket in rows:
            give(ticket, to=to, by=by, at=at)
        return len(rows)

    def end(self, user, *, by, at):
        """They are on duty no more: emergencies reach those who are here."""
        theirs = Duty.objects.filter(user=user)
        theirs.filter(starts__gte=at).delete()
        theirs.filter(ends__gt=at).update(ends=at)


def take_from_those_gone(*, at):
    """Open tickets whose colleague works there no more go to another one of the team, or wait for it. Returns how many.

    Run twice, it finds nothing the second time.
    """
    given = 0
    held = Ticket.objects.open().exclude(assignee=None).order_by().values_list("assignee", "development").distinct()
    for assignee, development in _gone(list(held)):
        theirs = Ticket.objects.open().filter(assignee=assignee, development=development).order_by("pk")
        for pk in list(theirs.values_list("pk", flat=True)):
            given += _to_the_team(pk, assignee, at=at)
    return given


def _gone(held):
    """Of (colleague, development), those in which the colleague no longer works. Two queries and one a pair at most."""
    users = User.objects.in_bulk({assignee for assignee, _development in held})
    places = Development.objects.in_bulk({development for _assignee, development in held})
    reach = {pk: set(_places_of(user, places)) for pk, user in users.items()}
    return [(assignee, development) for assignee, development in held if development not in reach[assignee]]


def _places_of(user, places):
    """The developments whose tickets this colleague sees as one of the staff."""
    if not scope.may_view(user, Ticket):
        return []
    if user.is_superuser:
        return places
    posts = set(Assignment.objects.live().filter(user=user).values_list("development", flat=True))
    return places if None in posts else posts


@transaction.atomic
def _to_the_team(pk, assignee, *, at):
    ticket = lock_ticket(pk)
    if not ticket.is_open or ticket.assignee_id != assignee:
        return 0
    give(ticket, to=choose(ticket, at=at), by=None, at=at)
    return 1
