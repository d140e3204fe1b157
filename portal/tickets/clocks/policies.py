"""The times that hold for a ticket: those in force when it was reported, whatever was changed since."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.events.actions import record
from portal.tickets.errors import TicketError

from .models import Policy


class Policies:
    """All versions, read once: `terms_at(moment)` gives what `reckon` asks for."""

    def __init__(self):
        self.versions = {}
        for policy in Policy.objects.order_by("version"):
            self.versions.setdefault((policy.kind, policy.priority), []).append((policy.in_force_from, policy.terms))

    def terms_at(self, reported_at):
        """A function of kind and priority. Before the first version, the first holds; an unknown priority is normal."""

        def find(kind, priority):
            known = self.versions.get((kind, priority)) or self.versions[kind or "question", "normal"]
            held = [terms for since, terms in known if since <= reported_at]
            return held[-1] if held else known[0][1]

        return find


def in_force():
    """The Policies that hold for tickets to come, one for each kind and priority."""
    newer = Policy.objects.order_by("kind", "priority", "-version")
    found = {}
    for policy in newer:
        found.setdefault((policy.kind, policy.priority), policy)
    return list(found.values())


@transaction.atomic
def change_policy(*, kind, priority, first_response, next_update, resolution, round_the_clock, by, at):
    """Other times for tickets reported from now on, in minutes. What owners were promised before stays.

    Raises TicketError when the first answer would come after the solution, or nothing is left of a time.
    """
    if min(first_response, resolution, next_update or 1) < 1:
        raise TicketError(_("Please give each of them a minute at least."))
    if first_response > resolution:
        raise TicketError(_("The first answer can't come later than the solution."))
    rows = Policy.objects.select_for_update().filter(Q(kind=kind) & Q(priority=priority))
    latest = rows.order_by("version").last()
    policy = Policy.objects.create(
        kind=kind,
        priority=priority,
        version=latest.version + 1 if latest else 1,
        first_response=first_response,
        next_update=next_update,
        resolution=resolution,
        round_the_clock=round_the_clock,
        in_force_from=at,
        by=by,
    )
    record("changed", policy, by=by)
    return policy
