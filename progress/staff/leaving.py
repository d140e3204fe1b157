"""What somebody who leaves has here: where they are assigned, and whom they have invited."""

from contextlib import suppress

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import AccountError, revoke_invitation
from accounts.events.actions import record
from accounts.events.models import Event
from accounts.leaving import Work, register
from accounts.models import Invitation, Owner
from progress import scope
from progress.models import Assignment, RightState

from .models import StaffInvitation


@register
class Assignments(Work):
    """They end today; for the colleagues who choose a successor, they are in the list until then."""

    label = _("Places where they work (end today)")

    def pieces(self, user, *, viewer):
        current = user.assignments.exclude(state=RightState.ENDED)
        seen = current.filter(scope.of_assigned(viewer, Assignment, "development")).select_related("development")
        places = [(f"{each.get_role_display()}: {each.development or _('all developments')}", "") for each in seen]
        return places, current.count() - len(places)

    def end(self, user, *, by, at):
        today = timezone.localdate(at)
        for assignment in user.assignments.select_for_update(of=("self",)).exclude(state=RightState.ENDED):
            assignment.until = max(assignment.since, today)
            assignment.state = RightState.ENDED
            assignment.save(update_fields=["until", "state"])
            record("ended", assignment, by=by)


@register
class ColleaguesInvited(Work):
    """What they promised holds no more: nobody comes in by an invitation of somebody who has left."""

    label = _("Colleagues they have invited (taken back)")

    def pieces(self, user, *, viewer):
        promises = StaffInvitation.objects.waiting().filter(invited_by=user)
        seen = promises.filter(pk__in=StaffInvitation.objects.for_user(viewer).values("pk"))
        names = [(promise.invitation.name, "") for promise in seen.select_related("invitation")]
        return names, promises.count() - len(names)

    def end(self, user, *, by, at):
        for promise in StaffInvitation.objects.waiting().filter(invited_by=user).select_related("invitation"):
            with suppress(AccountError):  # accepted in this very moment
                revoke_invitation(promise.invitation, by=by, at=at)


@register
class OwnersInvited(Work):
    label = _("Owners they have invited, who have not come yet")

    def pieces(self, user, *, viewer):
        sent = Event.objects.filter(verb="invited", subject_kind="accounts.invitation", actor=user)
        ids = list(sent.values_list("subject_id", flat=True))
        waiting = Invitation.objects.filter(pk__in=ids, owner__isnull=False, used_at=None, revoked_at=None)
        assigned = Owner.objects.filter(scope.of_assigned(viewer, Owner, "ownerships__home__development"))
        seen = waiting.filter(owner__in=assigned.order_by().values("pk")).select_related("owner")
        owners = [invitation.owner for invitation in seen]
        links = [(owner.name, reverse("desk_owner:inspect", args=[owner.pk])) for owner in owners]
        return links, waiting.count() - len(links)
