"""The ledger of promises: by when, to whom, who answers for it, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.models import FOLLOWS_PROGRESS, Assignment, Development, Home
from progress.touchpoints.models import Touchpoint

from . import kinds


class PromiseQuerySet(models.QuerySet):
    def for_user(self, user):
        """What was promised to this person, or to their whole home where they follow its progress.

        For staff, all in the developments assigned to them.
        """
        of_the_home = scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS) & Q(owner=None)
        personal = scope.of_own_homes(user, "home", "home") & Q(owner__user_id=user.pk, owner__isnull=False)
        return self.filter(of_the_home | personal | scope.of_assigned(user, self.model, "development"))

    def open(self):
        """Not done yet, whether in time or past it."""
        return self.filter(state__in=OPEN)

    def settled(self):
        """Kept, waived or void: nothing more comes of it."""
        return self.exclude(state__in=OPEN)

    def answered_by(self, user):
        """What this member of staff owes: named, or as one of the team of the development where nobody is named."""
        posts = user.assignments.live()
        team = models.Exists(
            posts.filter(
                Q(development=None) | Q(development=models.OuterRef("development")), role=models.OuterRef("team")
            )
        )
        return self.filter(Q(responsible=user) | (Q(responsible=None) & Q(team)))

    def late_first(self):
        return self.order_by("due_at", "pk")

    def tally(self, *by):
        """How many were kept, kept late and missed, by `by`; waived and void ones are no failing and don't count."""
        count = {
            name: models.Count("pk", filter=Q(state=state))
            for name, state in [("kept", "kept"), ("late", "late"), ("missed", "missed")]
        }
        return self.values(*by).annotate(**count).filter(state__in=["kept", "late", "missed"]).order_by(*by)

    def by_month(self, zone):
        """Adds `month`, that of the day it was promised for."""
        return self.annotate(month=TruncMonth("due_at", tzinfo=zone))

    def to_advance(self, *, at):
        """Those about which somebody has to hear by now."""
        due = self.open().filter(next_step_at__lte=at).exclude(next_step__in=kinds.taken_by_apps())
        return due.order_by("next_step_at", "pk")


class Promise(models.Model):
    """One thing promised. `key` makes opening it twice one promise."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("a promise", "open")
        BOOKED = "booked", pgettext_lazy("a promise", "arranged")
        MISSED = "missed", pgettext_lazy("a promise", "missed")
        KEPT = "kept", pgettext_lazy("a promise", "kept")
        LATE = "late", pgettext_lazy("a promise", "kept late")
        WAIVED = "waived", pgettext_lazy("a promise", "waived")
        VOID = "void", pgettext_lazy("a promise", "no longer applies")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40, editable=False)
    development = models.ForeignKey(  # none: what was promised to somebody who has no home with us yet
        Development,
        on_delete=models.PROTECT,
        null=True,
        related_name="promises",
        verbose_name=_("development"),
        editable=False,
    )
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, related_name="promises", verbose_name=_("home"), editable=False
    )
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, related_name="promises", verbose_name=_("owner"), editable=False
    )
    touchpoint = models.ForeignKey(
        Touchpoint,
        on_delete=models.PROTECT,
        null=True,
        related_name="promises",
        verbose_name=_("touchpoint"),
        editable=False,
    )
    subject_kind = models.CharField(max_length=60, blank=True, editable=False)
    subject_id = models.CharField(max_length=36, blank=True, editable=False)
    made_at = models.DateTimeField(_("promised"), editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE, editable=False)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("who answers for it"),
    )
    team = models.CharField(_("team"), max_length=20, choices=Assignment.Role, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=200, blank=True, validators=[one_line], editable=False)
    moves = models.PositiveIntegerField(default=0, editable=False)
    next_step = models.CharField(max_length=30, blank=True, editable=False)
    next_step_at = models.DateTimeField(null=True, editable=False)
    rule = models.CharField(max_length=40, blank=True, editable=False)  # the code of the rule of care that opened it
    anchored_on = models.DateField(null=True, editable=False)  # the day from which that rule has counted

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["due", "booked", "missed"], settled_at__isnull=True)
                | Q(state__in=["kept", "late", "waived", "void"], settled_at__isnull=False),
                name="promise_settled_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(settled_at__lte=models.F("due_at")), name="promise_kept_in_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="late") | Q(settled_at__gt=models.F("due_at")), name="promise_late_after_its_time"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=models.F("made_at")), name="promise_due_after_it_is_made"),
            models.CheckConstraint(condition=~Q(state="waived") | ~Q(outcome=""), name="promise_waived_with_a_reason"),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at"], condition=Q(state__in=["due", "booked", "missed"]), name="promise_next_step"
            ),
            models.Index(
                fields=["development", "due_at"],
                condition=Q(state__in=["due", "booked", "missed"]),
                name="promise_open_there",
            ),
            models.Index(fields=["responsible", "due_at"], name="promise_of_person"),
            models.Index(fields=["home", "due_at"], name="promise_of_home"),
            models.Index(fields=["subject_kind", "subject_id"], name="promise_subject"),
            models.Index(
                fields=["rule", "anchored_on"],
                condition=Q(state__in=["due", "booked", "missed"]) & ~Q(rule=""),
                name="promise_of_rule",
            ),
        ]

    def __str__(self):
        try:
            return kinds.get(self.kind).words(self)
        except kinds.UnknownPromiseError:
            return self.kind

    @property
    def calendar(self):
        """(calendar, time zone) in which its time is reckoned: those of its development, else of the company."""
        place = self.development
        return (place.calendar, place.time_zone) if place else (settings.WORK_CALENDAR, settings.TIME_ZONE)

    @property
    def is_open(self):
        return self.state in OPEN

    def is_late(self, *, at):
        """Past its time and not done."""
        return self.is_open and self.due_at < at


OPEN = (Promise.State.DUE, Promise.State.BOOKED, Promise.State.MISSED)


class PromiseMove(models.Model):
    """A promise given another time, and why. Kept for ever: dates that move unexplained are what we promised to end."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="moved")
    from_due_at = models.DateTimeField(_("from"))
    to_due_at = models.DateTimeField(_("to"))
    reason_en = models.CharField(_("reason in English"), max_length=200, blank=True, validators=[one_line])
    reason_zh = models.CharField(_("reason in Chinese"), max_length=200, blank=True, validators=[one_line])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("moved promise")
        verbose_name_plural = _("moved promises")
        constraints = [
            models.CheckConstraint(condition=~Q(reason_en="") | ~Q(reason_zh=""), name="promise_moved_with_a_reason"),
        ]

    def __str__(self):
        return f"{self.from_due_at} → {self.to_due_at}"

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")
