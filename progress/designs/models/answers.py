"""What owners said to a design change, and when staff rang those who said nothing."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner
from progress import scope
from progress.models import Home


class AnswerQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was said for the person's own homes; for staff, where they work."""
        return self.filter(
            scope.of_own_homes(user, "home", "home") | scope.of_assigned(user, self.model, "change__development")
        )

    def standing(self):
        """What counts: neither withdrawn nor replaced by an answer to a later text."""
        return self.filter(ended_at__isnull=True)

    def objections(self):
        return self.filter(answer=Answer.Kind.OBJECTED)


class Answer(models.Model):
    """One answer of a home, by one of its owners, to one version of the text. Silence has no row."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("a design change", "acknowledged")
        OBJECTED = "objected", pgettext_lazy("a design change", "objected to")

    class Ending(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("an objection", "withdrawn")
        ANEW = "anew", pgettext_lazy("an answer", "answered anew")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey("designs.DesignChange", on_delete=models.PROTECT, related_name="answers")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="design_answers", verbose_name=_("home"))
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    answer = models.CharField(_("answer"), max_length=12, choices=Kind)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="design_answers", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    late = models.BooleanField(_("after the day asked for"), default=False)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_because = models.CharField(_("ended because"), max_length=12, choices=Ending, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("answer to a design change")
        verbose_name_plural = _("answers to design changes")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "home"], condition=Q(ended_at__isnull=True), name="one_standing_answer_a_home"
            ),
            models.CheckConstraint(condition=Q(answer="acknowledged") | ~Q(comment=""), name="objection_says_why"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="answer_ended_because",
            ),
        ]
        indexes = [models.Index(fields=["change", "home", "at"], name="design_answer_of_home")]

    def __str__(self):
        return f"{self.get_answer_display()} {self.at:%Y-%m-%d}"

    @property
    def is_objection(self):
        return self.answer == self.Kind.OBJECTED


class DesignCallQuerySet(models.QuerySet):
    def for_user(self, user):
        """Staff's own record: owners have none of it on their pages."""
        return self.filter(scope.of_assigned(user, self.model, "change__development"))


class DesignCall(models.Model):
    """Somebody rang an owner who had not answered. Whatever they said: a call is no answer."""

    class Outcome(models.TextChoices):
        REACHED = "reached", pgettext_lazy("a call", "spoke with them")
        LATER = "later", pgettext_lazy("a call", "they want to be called later")
        NO_ANSWER = "no_answer", pgettext_lazy("a call", "nobody answered")
        WRONG = "wrong", pgettext_lazy("a call", "the number is wrong")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey("designs.DesignChange", on_delete=models.PROTECT, related_name="calls")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="design_calls", verbose_name=_("home"))
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="design_calls", verbose_name=_("owner"))
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("called by")
    )
    at = models.DateTimeField(_("when"))

    objects = DesignCallQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("call about a design change")
        verbose_name_plural = _("calls about design changes")
        indexes = [models.Index(fields=["change", "home", "at"], name="design_call_of_home")]

    def __str__(self):
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d}"
