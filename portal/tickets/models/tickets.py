"""Tickets: a complaint, a repair, a question, a suggestion or praise of somebody of a home."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import SUFFIX, LocalizedText
from accounts.models import Owner, one_line
from progress.components.models import Component
from progress.journeys.models import Journey
from progress.models import Assignment, Development, Home
from progress.touchpoints.models import Touchpoint

from .querysets import TicketQuerySet

LONGEST = 4000
OPEN = ("new", "open", "paused")


class Counter(models.Model):
    """The last number of a month; its row is locked last, by whoever raises a ticket."""

    month = models.CharField(max_length=4, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.month}: {self.last}"


class Ticket(models.Model):
    """`id` comes from the form, so that sending twice makes one. `due_at`: when the next of its clocks runs out."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", pgettext_lazy("a ticket", "complaint")
        REPAIR = "repair", pgettext_lazy("a ticket", "repair")
        QUESTION = "question", pgettext_lazy("a ticket", "question")
        SUGGESTION = "suggestion", pgettext_lazy("a ticket", "suggestion")
        PRAISE = "praise", pgettext_lazy("a ticket", "praise")

    class Channel(models.TextChoices):
        PORTAL = "portal", pgettext_lazy("how it reached us", "portal")
        PHONE = "phone", pgettext_lazy("how it reached us", "telephone")
        MAIL = "mail", pgettext_lazy("how it reached us", "e-mail")
        SITE = "site", pgettext_lazy("how it reached us", "on site")

    class Priority(models.TextChoices):
        EMERGENCY = "emergency", pgettext_lazy("how urgent", "emergency")
        HIGH = "high", pgettext_lazy("how urgent", "high")
        NORMAL = "normal", pgettext_lazy("how urgent", "normal")
        LOW = "low", pgettext_lazy("how urgent", "low")

    class Privacy(models.TextChoices):
        HOUSEHOLD = "household", pgettext_lazy("who sees it", "my household")
        PERSONAL = "personal", pgettext_lazy("who sees it", "only me")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("a ticket", "new")
        OPEN = "open", pgettext_lazy("a ticket", "in hand")
        PAUSED = "paused", pgettext_lazy("a ticket", "paused")
        RESOLVED = "resolved", pgettext_lazy("a ticket", "waits for the owner")
        CLOSED = "closed", pgettext_lazy("a ticket", "closed")
        MERGED = "merged", pgettext_lazy("a ticket", "part of another one")

    class Outcome(models.TextChoices):
        FIXED = "fixed", pgettext_lazy("what came of it", "fixed")
        ANSWERED = "answered", pgettext_lazy("what came of it", "answered")
        NOT_COVERED = "not_covered", pgettext_lazy("what came of it", "not covered")
        UNFIXED = "unfixed", pgettext_lazy("what came of it", "closed unfixed")
        DUPLICATE = "duplicate", pgettext_lazy("what came of it", "duplicate")
        WITHDRAWN = "withdrawn", pgettext_lazy("what came of it", "withdrawn")

    class ClosedHow(models.TextChoices):
        OWNER = "owner", pgettext_lazy("who closed it", "the owner")
        SILENCE = "silence", pgettext_lazy("who closed it", "after seven days without an answer")
        STAFF = "staff", pgettext_lazy("who closed it", "staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("home"))
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("development")
    )
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, related_name="tickets", verbose_name=_("raised by")
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("login")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PORTAL)
    by_staff = models.BooleanField(_("entered by staff"), default=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("component")
    )
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("touchpoint")
    )
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Touchpoint.Sensitivity, default="C")
    team = models.CharField(_("team"), max_length=20, choices=Assignment.Role)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    title = models.CharField(_("title"), max_length=120, validators=[one_line])
    text = models.TextField(_("what it is about"), max_length=LONGEST)
    when_possible = models.CharField(_("when someone can come"), max_length=300, blank=True, validators=[one_line])
    language = models.CharField(_("language"), max_length=10, choices=[(code, code) for code in SUFFIX])
    privacy = models.CharField(_("who sees it"), max_length=10, choices=Privacy, default=Privacy.HOUSEHOLD)
    subject_kind = models.CharField(_("about"), max_length=12, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("who looks after it"),
    )
    reported_at = models.DateTimeField(_("reported"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("resolved by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_how = models.CharField(_("closed by"), max_length=10, choices=ClosedHow, blank=True)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    state_before = models.CharField(max_length=10, choices=State, blank=True)  # what undoing a merger goes back to
    of_former = models.BooleanField(default=False)  # the home has changed hands since
    unanswered_since = models.DateTimeField(_("unanswered since"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    version = models.PositiveIntegerField(default=1)
    work_done_en = models.TextField(_("what was done, in English"), max_length=1000, blank=True)
    work_done_zh = models.TextField(_("what was done, in Chinese"), max_length=1000, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-pk"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["resolved", "closed"]) & ~Q(outcome="")
                | Q(state__in=["new", "open", "paused", "merged"], outcome=""),
                name="ticket_over_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="ticket_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="ticket_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closed_how="")
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_how="")),
                name="ticket_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False), name="ticket_resolved_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(subject_kind="", subject_id__isnull=True)
                | (~Q(subject_kind="") & Q(subject_id__isnull=False)),
                name="ticket_subject_is_whole",
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="ticket_says_something"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(state__in=OPEN), name="ticket_of_assignee"),
            models.Index(
                fields=["development", "team", "due_at", "id"], condition=Q(state__in=OPEN), name="ticket_of_team"
            ),
            models.Index(fields=["due_at", "id"], condition=Q(state__in=OPEN), name="ticket_due"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=OPEN, assignee__isnull=True),
                name="ticket_unassigned",
            ),
            models.Index(
                fields=["unanswered_since", "id"], condition=Q(unanswered_since__isnull=False), name="ticket_unanswered"
            ),
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(state__in=OPEN, priority="emergency"),
                name="ticket_emergency",
            ),
            models.Index(fields=["resolved_at", "id"], condition=Q(state="resolved"), name="ticket_waits_for_owner"),
            models.Index(fields=["-reported_at", "-id"], name="ticket_newest"),
            models.Index(fields=["home", "-reported_at"], name="ticket_of_home"),
            models.Index(fields=["owner", "-reported_at"], name="ticket_of_owner"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def work_done(self):
        return LocalizedText.of(self, "work_done")

    @property
    def is_open(self):
        """Somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def is_emergency(self):
        return self.priority == self.Priority.EMERGENCY

    @property
    def is_personal(self):
        return self.privacy == self.Privacy.PERSONAL
