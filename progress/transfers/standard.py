"""What the parts of this package have at a home; upper apps register what they have."""

from django.utils.translation import gettext_lazy as _

from accounts.actions import revoke_invitation
from accounts.models import Invitation
from progress.journeys.models import Journey, Milestone
from progress.models import Ownership, RightState
from progress.updates.models import Update

from .parts import Line, Part, register


@register
class Rights(Part):
    """The rights themselves are ended by the transfer; here they are counted."""

    def ends(self, home):
        current = Ownership.objects.filter(home=home).exclude(state=RightState.ENDED)
        return [
            Line(_("rights of owners and co-owners"), current.filter(role__in=["owner", "co_owner"]).count()),
            Line(_("rights of family"), current.filter(role="family").count()),
            Line(_("rights of tenants"), current.filter(role="tenant").count()),
        ]


@register
class Invitations(Part):
    """To the household, and to the log-in of owners who lose their only home."""

    def of_household(self, home):
        return Invitation.objects.filter(household__home=home, used_at=None, revoked_at=None)

    def ends(self, home):
        return [Line(_("open invitations to the household"), self.of_household(home).count())]

    def carry_out(self, transfer, *, former, by, at):
        homeless = [owner.pk for owner in former if not owner.ownerships.exclude(state=RightState.ENDED).exists()]
        own = Invitation.objects.filter(owner__in=homeless, used_at=None, revoked_at=None)
        for invitation in [*self.of_household(transfer.home).order_by("pk"), *own.order_by("pk")]:
            revoke_invitation(invitation, by=by, at=at)


@register
class Updates(Part):
    def passes_on(self, home):
        return [Line(_("updates, with their photos"), Update.objects.for_home(home).count())]


@register
class Journeys(Part):
    def passes_on(self, home):
        return [
            Line(_("journeys"), Journey.objects.filter(home=home).count()),
            Line(_("milestones with their dates"), Milestone.objects.filter(journey__home=home).count()),
        ]
