"""What an invitation promises to somebody who will work here: the groups stand on the invitation itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from progress import scope
from progress.models import Assignment, Development


class StaffInvitationQuerySet(models.QuerySet):
    def for_user(self, user):
        """What they sent themselves, and what others sent for places where they work; for administrators, all."""
        if not user.is_active or not user.has_perm("accounts.change_user"):
            return self.none()
        if user.is_superuser:
            return self.all()
        mine = self.filter(administrator=False)
        assigned = scope.of_assigned(user, Assignment, "development")  # who assigns there, invites there
        if assigned is scope.EVERYTHING:
            return mine
        posts = PromisedPost.objects.filter(promise=models.OuterRef("pk"))
        here = models.Exists(posts.filter(assigned)) & ~models.Exists(posts.exclude(assigned))
        return mine.filter(models.Q(invited_by=user) | here)

    def waiting(self):
        """Neither accepted nor taken back; the expired ones, too, since they can be sent again."""
        return self.filter(invitation__used_at=None, invitation__revoked_at=None)


class StaffInvitation(models.Model):
    """An invitation to work here. Whoever sent it last answers for what it promises."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, primary_key=True, related_name="staff")
    administrator = models.BooleanField(_("administrator"), default=False)
    invited_by = models.ForeignKey(  # empty: by command
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("invited by")
    )

    objects = StaffInvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invitation__created_at"]
        verbose_name = _("invitation of staff")
        verbose_name_plural = _("invitations of staff")

    def __str__(self):
        return str(self.invitation)


class PromisedPost(models.Model):
    """An assignment that begins when the invitation is accepted, or on its day if that is later."""

    promise = models.ForeignKey(StaffInvitation, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=Assignment.Role)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("development")
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="promised_post_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.development or _('all developments')}"
