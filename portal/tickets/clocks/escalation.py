"""Who hears of a clock: whoever answers for the ticket, then the supervisors, then the managers of the place.

Where one rank has nobody, the next one hears in its place, and at last the superusers, or everybody who works there.
Somebody who has left answers for nothing. Set for a whole batch of tickets in a few queries.
"""

from functools import cached_property

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from progress.models import Assignment

Role = Assignment.Role
RANKS = (Role.SUPERVISOR, Role.MANAGER)


class Colleagues:
    """The staff of the places of `tickets`, as far as they may see tickets."""

    def __init__(self, tickets):
        self.places = {ticket.development_id for ticket in tickets}

    @cached_property
    def posts(self):
        """[(role, development or None, User)] of all who work there today."""
        here = Q(development__in=self.places) | Q(development=None)
        rows = Assignment.objects.live().filter(here, user__is_active=True).filter(may_see_tickets())
        return [(row.role, row.development_id, row.user) for row in rows.select_related("user").order_by("pk")]

    @cached_property
    def superusers(self):
        return list(User.objects.filter(is_active=True, is_superuser=True).order_by("pk"))

    def at(self, development_id, *roles):
        """Those who work there, in one of these roles if any are given; each once."""
        found = {}
        for role, place, user in self.posts:
            if place in (None, development_id) and (not roles or role in roles):
                found[user.pk] = user
        return list(found.values())

    def answering(self, ticket):
        """Whoever has the ticket, else their team there, else the ranks above."""
        here = self.at(ticket.development_id)
        named = [user for user in here if user.pk == ticket.assignee_id]
        return named or self.at(ticket.development_id, ticket.team) or self.rank(ticket, 0)

    def rank(self, ticket, number):
        """The supervisors (0) or managers (1), else the next ones. Never nobody, if anybody is there."""
        for role in RANKS[number:]:
            if found := self.at(ticket.development_id, role):
                return found
        return self.superusers or self.at(ticket.development_id)

    def hearing(self, ticket, level):
        """Whom a warning at `level` per cent reaches: each User once."""
        people = self.answering(ticket)
        for least, rank in ((80, 0), (100, 1)):
            if level >= least:
                people = people + self.rank(ticket, rank)
        return list({user.pk: user for user in people}.values())


def may_see_tickets():
    """Of Assignments: that the groups of their person open tickets to them."""
    granted = Permission.objects.filter(
        content_type__app_label="tickets", codename__in=["view_ticket", "change_ticket"], group__user=OuterRef("user")
    )
    return Q(user__is_superuser=True) | Exists(granted)
