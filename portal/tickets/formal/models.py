"""Formal complaints: a ticket that its owner wants reviewed by somebody who had no part in it, in writing."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import SUFFIX
from portal.tickets.models import Ticket
from progress import scope
from progress.models import Development

LONGEST_WISH = 2000
LONGEST_LETTER = 8000
MOST_TRIES = 3


class Step(models.TextChoices):
    """What the company owes whoever complains formally, in this order."""

    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    PATH = "path", _("The path we take")
    ANSWER = "answer", _("Full answer")
    FINAL = "final", _("Final decision")


class Deadlines(models.Model):
    """By when each letter is due, in calendar days from the working day after receipt. A place may have its own."""

    development = models.OneToOneField(
        Development,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("development"),
        help_text=_("Empty: all developments that have none of their own."),
    )
    acknowledgement = models.PositiveSmallIntegerField(
        _("acknowledged within, days"), default=5, validators=[MinValueValidator(1)]
    )
    path = models.PositiveSmallIntegerField(_("path told within, days"), default=10, validators=[MinValueValidator(1)])
    answer = models.PositiveSmallIntegerField(_("answered within, days"), default=30, validators=[MinValueValidator(1)])
    final = models.PositiveSmallIntegerField(_("decided within, days"), default=56, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("deadlines of formal complaints")
        verbose_name_plural = _("deadlines of formal complaints")
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledgement__gte=1, path__gte=F("acknowledgement"), answer__gte=F("path"))
                & Q(final__gte=F("answer")),
                name="complaint_deadlines_in_order",
            ),
        ]

    def __str__(self):
        return str(self.development or _("all developments"))


class FormalComplaintQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of one's own tickets, nobody else's of the household; for staff, of the developments assigned."""
        own = Q(pk__in=[])
        if user.is_authenticated and user.is_active:
            mine = Ticket.objects.for_user(user).filter(pk=OuterRef("ticket"), owner__user=user)
            own = Q(Exists(mine))
        return self.filter(own | scope.of_assigned(user, self.model, "ticket__development"))

    def open(self):
        return self.filter(state=FormalComplaint.State.OPEN)

    def late_first(self):
        """Open ones by what is due next, then those that are over, the newest first."""
        return self.order_by(F("due_at").asc(nulls_last=True), "-opened_at", "pk")


class FormalComplaint(models.Model):
    """One a ticket. `due_at` is when the next letter is due, empty when none is owed any more."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a complaint", "open")
        DECIDED = "decided", pgettext_lazy("a complaint", "decided")
        WITHDRAWN = "withdrawn", pgettext_lazy("a complaint", "withdrawn")

    class Verdict(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("a complaint", "upheld")
        PARTLY = "partly", pgettext_lazy("a complaint", "upheld in part")
        REJECTED = "rejected", pgettext_lazy("a complaint", "not upheld")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, related_name="formal", verbose_name=_("ticket"), editable=False
    )
    wish = models.TextField(_("what should come of it"), max_length=LONGEST_WISH)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict, blank=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("who reviews it"),
    )
    opened_at = models.DateTimeField(_("received"), editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    counted_from = models.DateField(_("counted from"), editable=False)
    acknowledgement_by = models.DateTimeField(_("acknowledged by"), editable=False)
    path_by = models.DateTimeField(_("path told by"), editable=False)
    answer_by = models.DateTimeField(_("answered by"), editable=False)
    final_by = models.DateTimeField(_("decided by"), editable=False)
    due_at = models.DateTimeField(_("next letter due"), null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = FormalComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "pk"]
        verbose_name = _("formal complaint")
        verbose_name_plural = _("formal complaints")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True, due_at__isnull=False)
                | Q(state__in=["decided", "withdrawn"], ended_at__isnull=False, due_at__isnull=True),
                name="complaint_over_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="decided", verdict__in=["upheld", "partly", "rejected"], reviewer__isnull=False)
                | (~Q(state="decided") & Q(verdict="")),
                name="complaint_decided_by_a_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(
                    path_by__gte=F("acknowledgement_by"), answer_by__gte=F("path_by"), final_by__gte=F("answer_by")
                ),
                name="complaint_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="complaint_due")]

    def __str__(self):
        return _("Formal complaint %(number)s") % {"number": self.ticket.number}

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def due(self, step):
        """When the letter of a step is due: the end of that day, where the home stands."""
        return getattr(self, f"{step}_by")


class LetterQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(complaint__in=FormalComplaint.objects.for_user(user))

    def waiting(self):
        return self.filter(state=Letter.State.WAITING)


class Letter(models.Model):
    """What was written to whoever complained. Its words stand from the moment it is sent; a worker makes the PDF."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a document", "being made")
        READY = "ready", pgettext_lazy("a document", "ready")
        FAILED = "failed", pgettext_lazy("a document", "could not be made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    complaint = models.ForeignKey(FormalComplaint, on_delete=models.PROTECT, related_name="letters")
    step = models.CharField(_("letter"), max_length=20, choices=Step)
    language = models.CharField(_("language"), max_length=10, choices=[(code, code) for code in SUFFIX])
    text = models.TextField(_("text"), max_length=LONGEST_LETTER)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("sent"))
    in_time = models.BooleanField(_("in time"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    claims = models.PositiveSmallIntegerField(default=0, editable=False)
    heard_at = models.DateTimeField(editable=False)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(fields=["complaint", "step"], name="letter_once_a_step"),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False) | (~Q(state="ready") & Q(file__isnull=True)),
                name="letter_ready_has_its_file",
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()}, {self.complaint}"
