"""Which home an invitation opens, and as what. Who belongs to a home are its ownerships."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Owner
from progress import scope
from progress.models import HOSTS, Home, Ownership, Role


class HouseholdInvitationQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those to homes of which the person is owner or co-owner; for staff, to homes assigned to them."""
        return self.filter(
            scope.of_own_homes(user, "home", "home", roles=HOSTS)
            | scope.of_assigned(user, self.model, "home__development")
        )

    def waiting(self):
        """Neither accepted nor taken back; the expired ones, too, since they can be sent again."""
        return self.filter(invitation__used_at=None, invitation__revoked_at=None)

    def open(self, *, at):
        return self.waiting().filter(invitation__expires_at__gt=at)

    def orphaned(self):
        """Those whose inviter is owner or co-owner of the home no longer."""
        hosts = Ownership.objects.live().filter(
            home=models.OuterRef("home"), owner=models.OuterRef("invited_by"), role__in=HOSTS
        )
        return self.filter(~models.Exists(hosts)).select_related("invitation")


class HouseholdInvitation(models.Model):
    """What an invitation to a household grants to whoever accepts it."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, primary_key=True, related_name="household")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="household_invitations")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    invited_by = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+")

    objects = HouseholdInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["invitation__created_at"]
        verbose_name = _("invitation to a household")
        verbose_name_plural = _("invitations to households")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["family", "tenant"]), name="household_invitation_makes_no_owners"
            ),
        ]

    def __str__(self):
        return str(self.invitation)
