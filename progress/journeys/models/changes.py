"""What was said of milestones, by whom, why and with what evidence. Nothing here is rewritten: it is added to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import one_line
from progress import scope
from progress.models import FOLLOWS_PROGRESS, Development

from .journeys import Milestone


class MilestoneChangeQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was made known about the homes whose progress this person follows; for staff, all where they work."""
        followed = scope.of_own_homes(user, "lines__milestone__journey__home", "home", roles=FOLLOWS_PROGRESS)
        known = self.model.objects.filter(followed, state=MilestoneChange.State.MADE).values("pk")
        return self.filter(Q(pk__in=known) | scope.of_assigned(user, self.model, "development"))

    def waiting(self):
        return self.filter(state=MilestoneChange.State.WAITING)

    def made(self):
        return self.filter(state=MilestoneChange.State.MADE)

    def known_since(self, moment):
        """Made known after `moment`; one that had to be approved, by the approval."""
        return self.made().alias(known_at=Coalesce("decided_at", "at")).filter(known_at__gt=moment)

    def of_home(self, home):
        return self.filter(pk__in=ChangedMilestone.objects.filter(milestone__journey__home=home).values("change"))


class MilestoneChange(models.Model):
    """One thing said about one milestone or, at one stroke, about those of many homes."""

    class Kind(models.TextChoices):
        FORECAST = "forecast", _("new forecast")
        REACHED = "reached", _("reached")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for approval")
        MADE = "made", pgettext_lazy("a change", "made known")
        DECLINED = "declined", pgettext_lazy("a change", "declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="milestone_changes", verbose_name=_("development")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MADE)
    reason_en = models.CharField(_("reason in English"), max_length=300, blank=True, validators=[one_line])
    reason_zh = models.CharField(_("reason in Chinese"), max_length=300, blank=True, validators=[one_line])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    declined_because = models.CharField(_("declined because"), max_length=200, blank=True, validators=[one_line])

    objects = MilestoneChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name = _("change of milestones")
        verbose_name_plural = _("changes of milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reached") | ~Q(reason_en="") | ~Q(reason_zh=""), name="change_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(kind="reached") | Q(state="made"), name="change_only_reached_waits"),
            models.CheckConstraint(
                condition=Q(state="declined", decided_at__isnull=False) & ~Q(declined_because="")
                | (~Q(state="declined") & Q(declined_because="")),
                name="change_declined_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["development", "at"], condition=Q(state="waiting"), name="change_waiting"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")


class ChangedMilestone(models.Model):
    """What a change says of one milestone: the state and day it had, and those it has by it."""

    change = models.ForeignKey(MilestoneChange, on_delete=models.CASCADE, related_name="lines")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="changes")
    from_state = models.CharField(max_length=12, choices=Milestone.State)
    to_state = models.CharField(max_length=12, choices=Milestone.State)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)

    class Meta:
        ordering = ["change", "pk"]
        verbose_name = _("changed milestone")
        verbose_name_plural = _("changed milestones")
        constraints = [
            models.UniqueConstraint(fields=["change", "milestone"], name="milestone_once_a_change"),
        ]

    def __str__(self):
        return f"{self.milestone_id}: {self.to_state}"

    @property
    def days(self):
        """How many days later than before, negative for earlier; None where there was no day before."""
        return (self.to_date - self.from_date).days if self.from_date and self.to_date else None


class EvidenceQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(change__in=MilestoneChange.objects.for_user(user))

    def shown(self):
        """What owners see: without documents that were withdrawn since, or are for fewer people now."""
        open_still = Q(document__withdrawn_at=None) & ~Q(document__min_role=Evidence.FOR_OWNERS_ONLY)
        return self.filter(Q(document=None) | open_still)


class Evidence(models.Model):
    """A dated photo or document that shows what a change claims. It stays when the claim is withdrawn.

    `document`: the document of the home that it is, where it was stored already.
    """

    FOR_OWNERS_ONLY = "owner"  # a document's MinRole; documents know of journeys, not the other way round

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(MilestoneChange, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        "documents.HomeDocument", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("document")
    )
    caption_en = models.CharField(_("caption in English"), max_length=200, blank=True, validators=[one_line])
    caption_zh = models.CharField(_("caption in Chinese"), max_length=200, blank=True, validators=[one_line])
    taken_on = models.DateField(_("taken on"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["change", "taken_on", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self):
        return f"{self.file_id} {self.taken_on}"

    @property
    def caption(self):
        return LocalizedText.of(self, "caption")
