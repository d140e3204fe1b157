"""A home changes hands: planned for a day, carried out on it, or undone before."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner
from progress import scope
from progress.models import Home, Role


class HomeTransferQuerySet(models.QuerySet):
    def for_user(self, user):
        """For staff, those of homes in the developments assigned to them; owners see the outcome, not the row."""
        return self.filter(scope.of_assigned(user, self.model, "home__development"))

    def planned(self):
        return self.filter(state=HomeTransfer.State.PLANNED)


class HomeTransfer(models.Model):
    """On the day `on`, by the home's calendar, every right to the home ends and those of the new owners begin."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", pgettext_lazy("a transfer", "carried out")
        UNDONE = "undone", pgettext_lazy("a transfer", "called off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("home"))
    to = models.ManyToManyField(Owner, through="NewOwner", related_name="+", verbose_name=_("new owners"))
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(_("entered"))
    done_at = models.DateTimeField(_("carried out"), null=True, editable=False)

    objects = HomeTransferQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-created_at"]
        verbose_name = _("transfer of a home")
        verbose_name_plural = _("transfers of homes")
        constraints = [
            models.UniqueConstraint(
                fields=["home"], condition=models.Q(state="planned"), name="one_planned_transfer_a_home"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | models.Q(state__in=["planned", "undone"], done_at__isnull=True),
                name="transfer_done_has_a_time",
            ),
        ]

    def __str__(self):
        return str(self.home)

    @property
    def is_planned(self):
        return self.state == self.State.PLANNED


class NewOwner(models.Model):
    """One of those to whom the home goes: the first as owner, the others as co-owners."""

    transfer = models.ForeignKey(HomeTransfer, on_delete=models.CASCADE, related_name="new_owners")
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=Role)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "owner"], name="new_owner_once_a_transfer"),
            models.CheckConstraint(condition=models.Q(role__in=["owner", "co_owner"]), name="new_owner_is_an_owner"),
        ]

    def __str__(self):
        return str(self.owner)
