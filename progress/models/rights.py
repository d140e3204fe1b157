"""Rights: who belongs to a home, and who on the staff looks after a development."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner
from progress import scope

from .places import Development, Home
from .roles import FOLLOWS_PROGRESS, Role


class RightState(models.TextChoices):
    """Whether a right counts today; `turn_rights` moves it when its dates come."""

    PENDING = "pending", _("begins later")
    LIVE = "live", _("in force")
    ENDED = "ended", pgettext_lazy("a right", "ended")


class RightQuerySet(models.QuerySet):
    """Rights with a beginning and, maybe, an end: ownerships and assignments."""

    def live(self):
        return self.filter(state=RightState.LIVE)

    def follows_progress(self):
        """Ownerships only."""
        return self.filter(role__in=FOLLOWS_PROGRESS)

    def to_begin(self, *, on):
        return self.filter(state=RightState.PENDING, since__lte=on)

    def to_end(self, *, on):
        """`until` is the first day on which the right no longer counts."""
        return self.exclude(state=RightState.ENDED).filter(until__lte=on)


class OwnershipQuerySet(RightQuerySet):
    def for_user(self, user):
        """The person's own ties; for staff, those of homes in the developments assigned to them."""
        return self.filter(
            models.Q(owner__user=user if user.is_authenticated else None, owner__user__isnull=False)
            | scope.of_assigned(user, self.model, "home__development")
        )


class Ownership(models.Model):
    """Ties an owner to a home, with a role, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="ownerships", verbose_name=_("home"))
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="ownerships", verbose_name=_("owner"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.OWNER)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RightState, default=RightState.PENDING, editable=False)
    invited_by = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        ordering = ["home", "since"]
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        constraints = [
            models.UniqueConstraint(
                fields=["home", "owner"], condition=~models.Q(state="ended"), name="one_live_ownership_an_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="ownership_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "live"]) | models.Q(state="ended", until__isnull=False),
                name="ownership_ended_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["owner", "home"], condition=models.Q(state="live"), name="ownership_live")]

    def __str__(self):
        return f"{self.owner}, {self.get_role_display()}"


class AssignmentQuerySet(RightQuerySet):
    def for_user(self, user):
        """The person's own assignments; for those who may see assignments, also the ones of their developments."""
        own = models.Q(user=user if user.is_authenticated else None)
        return self.filter(own | scope.of_assigned(user, self.model, "development"))


class Assignment(models.Model):
    """Where a member of staff works: one development, or all when none is named."""

    class Role(models.TextChoices):
        SITE_MANAGER = "site_manager", _("site manager")
        CUSTOMER_SERVICE = "customer_service", _("customer service")
        SUPERVISOR = "supervisor", _("supervisor")
        REPAIRS = "repairs", _("repairs")
        MANAGER = "manager", _("manager")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("who")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    development = models.ForeignKey(
        Development,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("development"),
        help_text=_("Empty: all developments."),
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RightState, default=RightState.PENDING, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["user", "since"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="assignment_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        place = self.development or _("all developments")
        return f"{self.user}: {place}"
