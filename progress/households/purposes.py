"""What an invitation to a household is for; registered in `HouseholdsConfig.ready`."""

from django.utils.translation import gettext as _

from accounts.purposes import Purpose, register
from progress.models import Role

from .actions import PURPOSE, join_household, lock_home
from .models import HouseholdInvitation


@register(PURPOSE)
class Household(Purpose):
    def lock(self, invitation):
        """The home first, so that nobody joins it while it changes hands."""
        home_id = HouseholdInvitation.objects.filter(pk=invitation.pk).values_list("home", flat=True).first()
        if home_id:
            lock_home(home_id)

    def paragraphs(self, invitation):
        tie = HouseholdInvitation.objects.select_related("home__development", "invited_by").get(pk=invitation.pk)
        words = {"name": tie.invited_by, "home": tie.home}
        if tie.role == Role.TENANT:
            return [_("%(name)s invites you, as tenant of %(home)s, to the owners' portal.") % words]
        return [_("%(name)s invites you, as family, to the page of %(home)s.") % words]

    def accepted(self, invitation, user, *, at):
        join_household(invitation, user=user, at=at)
