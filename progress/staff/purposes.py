"""What an invitation of staff is for; registered in `StaffConfig.ready`."""

from django.utils.translation import gettext as _

from accounts.purposes import Purpose, register

from .actions import PURPOSE, keep_promise
from .models import StaffInvitation


@register(PURPOSE)
class Staff(Purpose):
    def paragraphs(self, invitation):
        """Who invites, so that a colleague knows it is meant."""
        promise = StaffInvitation.objects.select_related("invited_by").filter(pk=invitation.pk).first()
        if not promise or not promise.invited_by:
            return [_("With this link you set up your login for the desk.")]
        return [
            _("%(name)s invites you to the desk; with this link you set up your login.") % {"name": promise.invited_by}
        ]

    def accepted(self, invitation, user, *, at):
        promise = StaffInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        keep_promise(promise, user=user, at=at)
