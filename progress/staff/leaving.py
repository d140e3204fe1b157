"""What somebody who leaves has here: where they are assigned, and whom they have invited."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import revoke_invitation
from accounts.events.actions import record
from accounts.events.models import Event
from accounts.leaving import Work, register
from accounts.models import Invitation
from progress.models import RightState

from .models import StaffInvitation


@register
class Assignments(Work):
    """They end today; for the colleagues who choose a successor, they are in the list until then."""

    label = _("Places where they work (end today)")

    def pieces(self, user):
        current = user.assignments.exclude(state=RightState.ENDED).select_related("development")
        return [(f"{each.get_role_display()}: {each.development or _('all developments')}", "") for each in current]

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

    def pieces(self, user):
        promises = StaffInvitation.objects.waiting().filter(invited_by=user).select_related("invitation")
        return [(promise.invitation.name, "") for promise in promises]

    def end(self, user, *, by, at):
        for promise in StaffInvitation.objects.waiting().filter(invited_by=user).select_related("invitation"):
            revoke_invitation(promise.invitation, by=by, at=at)


@register
class OwnersInvited(Work):
    label = _("Owners they have invited, who have not come yet")

    def pieces(self, user):
        sent = Event.objects.filter(verb="invited", subject_kind="accounts.invitation", actor=user)
        ids = list(sent.values_list("subject_id", flat=True))
        waiting = Invitation.objects.filter(pk__in=ids, owner__isnull=False, used_at=None, revoked_at=None)
        owners = [invitation.owner for invitation in waiting.select_related("owner")]
        return [(owner.name, reverse("desk_owner:inspect", args=[owner.pk])) for owner in owners]
