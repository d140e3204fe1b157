"""How long tickets may take, what their clocks show, and when these stand still."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line
from portal.tickets.models import Ticket

from .tracks import Terms


class Policy(models.Model):
    """How long a ticket of this kind and priority may take. Changed, it is a new version, for tickets to come.

    Minutes, of the development's working time unless `round_the_clock`.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Ticket.Kind)
    priority = models.CharField(_("priority"), max_length=10, choices=Ticket.Priority)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    first_response = models.PositiveIntegerField(_("first answer, minutes"), validators=[MinValueValidator(1)])
    next_update = models.PositiveIntegerField(
        _("next news, minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("After each answer of ours. Empty: nothing is promised."),
    )
    resolution = models.PositiveIntegerField(_("solved, minutes"), validators=[MinValueValidator(1)])
    round_the_clock = models.BooleanField(
        _("round the clock"), default=False, help_text=_("Nights and days off count. Else: working hours only.")
    )
    in_force_from = models.DateTimeField(_("in force from"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["kind", "priority", "-version"]
        verbose_name = _("time for tickets")
        verbose_name_plural = _("times for tickets")
        constraints = [
            models.UniqueConstraint(fields=["kind", "priority", "version"], name="ticket_policy_version_once"),
            models.CheckConstraint(
                condition=Q(first_response__gte=1, resolution__gte=F("first_response"))
                & (Q(next_update__isnull=True) | Q(next_update__gte=1)),
                name="ticket_policy_answers_before_it_solves",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_priority_display()} ({self.version})"

    @property
    def terms(self):
        numbers = (self.first_response, self.next_update, self.resolution)
        limits = (None if number is None else timedelta(minutes=number) for number in numbers)
        return Terms(*limits, round_the_clock=self.round_the_clock)


class ClockQuerySet(models.QuerySet):
    def running(self):
        """Those that are not stopped; paused ones are among them."""
        return self.filter(stopped_at=None)

    def to_advance(self, *, at):
        """Those about which somebody has to hear by now."""
        return self.filter(next_warning_at__lte=at)


class Clock(models.Model):
    """One clock of a ticket: what `reckon` found in its history, and who has been warned of it.

    All but `warned` and `next_warning_at` follow from the history. See `Reckoned` for the times.
    """

    class Kind(models.TextChoices):
        RESPONSE = "first_response", _("first answer")
        UPDATE = "next_update", _("next news")
        RESOLUTION = "resolution", _("solved")

    class How(models.TextChoices):
        DONE = "done", pgettext_lazy("a clock", "done")
        VOID = "void", pgettext_lazy("a clock", "no longer applies")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    round = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(_("started"))
    allowed = models.DurationField(_("time there is"))
    counted = models.DurationField(_("time used"), default=timedelta)
    since = models.DateTimeField(_("counts since"), null=True)
    due_at = models.DateTimeField(_("due"))
    promised_at = models.DateTimeField(_("promised for"))
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    how = models.CharField(max_length=4, choices=How, blank=True)
    round_the_clock = models.BooleanField(default=False)
    half_at = models.DateTimeField(null=True)
    most_at = models.DateTimeField(null=True)
    near_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)  # per cent: 0, 50, 80, 100
    next_warning_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "kind"]
        verbose_name = _("clock of a ticket")
        verbose_name_plural = _("clocks of tickets")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind"], name="ticket_clock_once_a_kind"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, how="")
                | Q(stopped_at__isnull=False, since__isnull=True) & ~Q(how=""),
                name="ticket_clock_stopped_counts_no_more",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=False) | Q(next_warning_at__isnull=True),
                name="ticket_clock_warns_while_it_counts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_warning_at"], condition=Q(next_warning_at__isnull=False), name="ticket_clock_next_warning"
            ),
            models.Index(fields=["ticket"], condition=Q(stopped_at__isnull=True), name="ticket_clock_running"),
        ]

    def __str__(self):
        return f"{self.ticket_id}: {self.get_kind_display()}"

    @property
    def paused(self):
        return self.since is None and self.stopped_at is None

    @property
    def late(self):
        """Of one that is stopped: whether it was past its time."""
        return self.stopped_at is not None and self.stopped_at > self.due_at

    def share(self, counted):
        """How much of the time there is has been used, `counted` of it: 1 is all, more is late."""
        return counted / self.allowed if self.allowed else 1.0


class PauseQuerySet(models.QuerySet):
    def live(self):
        """Asked for, or running."""
        return self.filter(state__in=LIVE)

    def to_review(self, *, at):
        """Those whose day of review has come: somebody is asked, or they end."""
        return self.filter(state__in=LIVE, next_at__lte=at)


class Pause(models.Model):
    """A time for which the clocks of a ticket stand still: why, and when somebody looks again."""

    class Why(models.TextChoices):
        OWNER = "owner", pgettext_lazy("a pause", "for the owner")
        PART = "part", pgettext_lazy("a pause", "for a part")
        WEATHER = "weather", pgettext_lazy("a pause", "for the weather")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a pause", "waits for the owner's agreement")
        RUNNING = "running", pgettext_lazy("a pause", "in force")
        DECLINED = "declined", pgettext_lazy("a pause", "declined by the owner")
        ENDED = "ended", pgettext_lazy("a pause", "over")
        DROPPED = "dropped", pgettext_lazy("a pause", "never came into force")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="pauses")
    why = models.CharField(_("why"), max_length=8, choices=Why)
    reason_en = models.CharField(_("reason in English"), max_length=200, blank=True, validators=[one_line])
    reason_zh = models.CharField(_("reason in Chinese"), max_length=200, blank=True, validators=[one_line])
    review_on = models.DateField(_("looked at again on"))
    state = models.CharField(max_length=8, choices=State, default=State.ASKED, editable=False)
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_telephone = models.BooleanField(default=False, editable=False)  # a colleague wrote down what the owner said
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, editable=False)  # when somebody was asked whether it goes on
    next_at = models.DateTimeField(null=True, editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("pause of a ticket")
        verbose_name_plural = _("pauses of tickets")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(state="running"), name="ticket_paused_once"),
            models.UniqueConstraint(fields=["ticket"], condition=Q(state="asked"), name="ticket_pause_asked_once"),
            models.CheckConstraint(condition=~Q(reason_en="") | ~Q(reason_zh=""), name="ticket_paused_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running"], ended_at__isnull=True)
                | Q(state__in=["declined", "ended", "dropped"], ended_at__isnull=False, next_at__isnull=True),
                name="ticket_pause_over_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="ticket_pause_review"),
        ]

    def __str__(self):
        return f"{self.get_why_display()}: {self.reason}"

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")

    @property
    def is_asked(self):
        return self.state == self.State.ASKED

    @property
    def is_running(self):
        return self.state == self.State.RUNNING


LIVE = (Pause.State.ASKED, Pause.State.RUNNING)
