"""Satisfaction: one short question after something was done for an owner, and what they answered."""

import uuid
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner
from progress import scope
from progress.models import Development, Home
from progress.touchpoints.models import Touchpoint

LONGEST = 1000
A_MONTH = timedelta(days=30)  # between two questions to one person
OPEN_FOR = timedelta(days=30)  # an answer that comes later is memory
LOW = 2  # this score and below: somebody is not content


class SatisfactionQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was asked of this person; for staff, of owners at the developments assigned to them."""
        return self.filter(self._own(user) | scope.of_assigned(user, self.model, "development"))

    def own(self, user):
        return self.filter(self._own(user))

    def _own(self, user):
        if not user.is_authenticated or not user.is_active:
            return scope.NOTHING
        return Q(owner__user=user, owner__erased_at__isnull=True)

    def about(self, subject):
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=str(subject.pk))

    def waiting(self, *, at):
        """Asked, not answered, and not too long ago."""
        return self.filter(score=None, asked_at__gt=at - OPEN_FOR)

    def answered(self):
        return self.filter(score__isnull=False)

    def tally(self, *by):
        """By `by` (as "touchpoint", "development"): how many were asked, answered, content with 4 or 5; the average."""
        counted = self.values(*by).annotate(
            asked=Count("pk"),
            answers=Count("score"),
            content=Count("pk", filter=Q(score__gt=3)),
            low=Count("pk", filter=Q(score__lte=LOW)),
            average=Avg("score"),
        )
        return counted.order_by(*by)


class Satisfaction(models.Model):
    """One question to one person about one thing: from 1, not at all content, to 5, very content."""

    class Score(models.IntegerChoices):
        ONE = 1, pgettext_lazy("satisfaction", "not at all")
        TWO = 2, pgettext_lazy("satisfaction", "rather not")
        THREE = 3, pgettext_lazy("satisfaction", "so-so")
        FOUR = 4, pgettext_lazy("satisfaction", "content")
        FIVE = 5, pgettext_lazy("satisfaction", "very content")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True, editable=False)  # what happened: each occasion asks once
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="satisfaction", verbose_name=_("owner"))
    subject_kind = models.CharField(max_length=60, editable=False)
    subject_id = models.CharField(max_length=36, editable=False)
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.PROTECT, null=True, related_name="satisfaction", verbose_name=_("touchpoint")
    )
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("development")
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("home"))
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, choices=Score, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    words = models.TextField(_("in words"), max_length=LONGEST, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = SatisfactionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = _("question of satisfaction")
        verbose_name_plural = _("questions of satisfaction")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True, words="")
                | Q(score__range=(1, 5), answered_at__isnull=False),
                name="satisfaction_answered_from_1_to_5",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="satisfaction_subject"),
            models.Index(fields=["owner", "-asked_at"], name="satisfaction_of_owner"),
            models.Index(fields=["development", "answered_at"], name="satisfaction_there"),
        ]

    def __str__(self):
        return f"{self.score}/5" if self.score else "–/5"

    @property
    def is_answered(self):
        return self.score is not None

    @property
    def is_low(self):
        return self.score is not None and self.score <= LOW

    def can_be_answered(self, *, at):
        return not self.is_answered and at < self.asked_at + OPEN_FOR
