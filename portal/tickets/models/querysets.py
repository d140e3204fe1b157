"""Which tickets somebody sees, and the queues of the desk."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from progress import scope
from progress.former import MESSAGES_KEPT
from progress.models import FOLLOWS_PROGRESS, Assignment, Ownership, RightState

OPEN = ("new", "open", "paused")


def _people(user, on):
    """One's own until 180 days after leaving the home; those of the household that are neither personal nor former."""
    if not user.is_authenticated or not user.is_active:
        return scope.NOTHING
    ties = Ownership.objects.filter(owner=OuterRef("owner"), home=OuterRef("home"))
    kept = ties.filter(~Q(state=RightState.ENDED) | Q(until__gt=on - MESSAGES_KEPT))
    own = Q(owner__user=user, owner__erased_at__isnull=True) & Exists(kept)
    household = scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
    return own | (household & Q(privacy="household", of_former=False))


class TicketQuerySet(models.QuerySet):
    def for_user(self, user, *, on=None):
        """One's own, those of the household that are not personal; for staff, of the developments assigned."""
        people = _people(user, on or timezone.localdate())
        return self.filter(people | scope.of_assigned(user, self.model, "development"))

    def of_people(self, user, *, on=None):
        """The same without what the person sees as staff."""
        return self.filter(_people(user, on or timezone.localdate()))

    def of_staff(self, user):
        """What a member of staff works with: without what they see as somebody's household."""
        return self.filter(scope.of_assigned(user, self.model, "development"))

    def raised_by_owner(self, user):
        return self.filter(owner__user=user)

    def open(self):
        return self.filter(state__in=OPEN)

    def unassigned(self):
        return self.open().filter(assignee=None)

    def mine(self, user):
        return self.open().filter(assignee=user)

    def of_team(self, user):
        """Open ones of the teams in which this person works today, where they do so."""
        posts = Assignment.objects.live().filter(user=user)
        there = posts.filter(Q(development=None) | Q(development=OuterRef("development")), role=OuterRef("team"))
        return self.open().filter(Exists(there))

    def late(self, at):
        return self.open().filter(due_at__lt=at)

    def due_before(self, moment):
        return self.open().filter(due_at__lt=moment)

    def waiting(self):
        """For the owner, a part or the weather; or for the owner's word that it is done."""
        return self.filter(state__in=["paused", "resolved"])

    def unanswered(self):
        return self.filter(unanswered_since__isnull=False)

    def emergencies(self):
        return self.open().filter(priority="emergency")

    def repairs_of(self, home):
        """What was repaired in a home, for whoever has it now: never what was said."""
        return self.filter(home=home, kind__in=["repair", "complaint"], outcome="fixed", state="closed")

    def with_place(self):
        return self.select_related("home__development", "home__building", "development", "component__parent", "owner")
