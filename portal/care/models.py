"""Rules: after which occasion, and when, the company owes an owner something, so that nobody has to remember it."""

import uuid
from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line
from progress import scope
from progress.models import Assignment, Development
from progress.touchpoints.models import Touchpoint

LONGEST = 1000
FARTHEST = 3660  # days, ten years


class Anchor(models.TextChoices):
    """The occasions from which a rule counts. `anchor_code` says which one of its kind."""

    MILESTONE = "milestone", _("a step that was reached")  # "new_home/handover/keys"
    BOOKING = "booking", _("an open day that somebody came to")
    VISIT = "visit", _("a visit that was made")  # a VisitKind; "first": the first of whoever enquired
    TICKET = "ticket", _("a repair that was done")
    WARRANTY = "warranty", _("a warranty that ends")  # a System, or "" for all
    ENQUIRY = "enquiry", _("an enquiry that came in")  # its kind, or "" for all
    DATE = "date", pgettext_lazy("a rule counts from", "a day")
    WEEKDAY = "weekday", _("each week, while a stage lasts")  # "renovation/works"; "enquiry": until it is decided
    FESTIVAL = "festival", _("a festival")  # "spring-festival"


class Unit(models.TextChoices):
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    MONTHS = "months", _("months")


class Roll(models.TextChoices):
    """What becomes of a day on which nobody works."""

    LATER = "later", _("the next working day")
    EARLIER = "earlier", _("the working day before")
    STAYS = "stays", _("it stays")


class Product(models.TextChoices):
    REMINDER = "reminder", _("a message to the owners")
    TASK = "task", _("a task for colleagues")
    CHECK = "check", _("a check with a form")
    SURVEY = "survey", _("a question to the owner")


class RuleQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the developments assigned to this member of staff; the company's, for whoever works everywhere."""
        return self.filter(scope.of_assigned(user, self.model, "development"))

    def on(self):
        return self.filter(state=Rule.State.ON)

    def to_sweep(self):
        """Those that open promises themselves: on, and kept by no other app."""
        return self.on().filter(opened_by="").select_related("development", "touchpoint")


class Rule(models.Model):
    """One version of a rule. `code` stays the same over the versions; of them at most one is on.

    A version that was ever on is not edited: another one follows it. What it has promised stands.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a rule", "draft")
        WAITING = "waiting", pgettext_lazy("a rule", "waits for approval")
        ON = "on", pgettext_lazy("a rule", "on")
        OFF = "off", pgettext_lazy("a rule", "off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True, validators=[one_line])
    message_en = models.TextField(_("words in English"), max_length=LONGEST, blank=True)
    message_zh = models.TextField(_("words in Chinese"), max_length=LONGEST, blank=True)
    development = models.ForeignKey(
        Development,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("development"),
        help_text=_("Empty: all developments."),
    )
    anchor = models.CharField(_("counts from"), max_length=10, choices=Anchor)
    anchor_code = models.CharField(_("which one"), max_length=80, blank=True, validators=[one_line])
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(WEEKDAYS.items()), null=True, blank=True)
    on_day = models.DateField(_("day"), null=True, blank=True)
    every_year = models.BooleanField(_("every year"), default=False)
    offset = models.SmallIntegerField(
        _("so long after it"),
        default=0,
        validators=[MinValueValidator(-FARTHEST), MaxValueValidator(FARTHEST)],
        help_text=_("Negative: before it."),
    )
    unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.DAYS)
    roll = models.CharField(_("a day off becomes"), max_length=8, choices=Roll, default=Roll.LATER)
    at_time = models.TimeField(_("until"), default=time(18), help_text=_("On the clock of the development."))
    product = models.CharField(_("what is owed"), max_length=10, choices=Product)
    form = models.SlugField(_("form"), max_length=40, blank=True)  # the code of a CheckForm
    team = models.CharField(_("who answers for it"), max_length=20, choices=Assignment.Role)
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("touchpoint")
    )
    steps = models.JSONField(_("who hears of it when"), default=list, blank=True)  # [{"days": -7, "to": ["household"]}]
    late_days = models.PositiveSmallIntegerField(
        _("still sent so many days late"), default=0, help_text=_("A message that is later than this is not sent.")
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("share in per cent"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    opened_by = models.CharField(max_length=40, blank=True, editable=False)  # the kind of promise of another app
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    starts_on = models.DateField(
        _("counts for days from"), null=True, blank=True, help_text=_("What would have been due before is not owed.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made"), editable=False)
    reach = models.PositiveIntegerField(null=True, editable=False)  # counted when it was handed in
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    on_at = models.DateTimeField(_("switched on"), null=True, editable=False)
    off_at = models.DateTimeField(_("switched off"), null=True, editable=False)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("rule of care")
        verbose_name_plural = _("rules of care")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="care_rule_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="on"), name="care_rule_on_once"),
            models.CheckConstraint(condition=~Q(name_en="") | ~Q(name_zh=""), name="care_rule_has_a_name"),
            models.CheckConstraint(
                condition=Q(sample_percent__gte=1, sample_percent__lte=100), name="care_rule_shares_up_to_all"
            ),
            models.CheckConstraint(
                condition=Q(anchor="weekday", weekday__isnull=False) | (~Q(anchor="weekday") & Q(weekday__isnull=True)),
                name="care_rule_weekday_where_weekly",
            ),
            models.CheckConstraint(
                condition=Q(anchor="date", on_day__isnull=False) | (~Q(anchor="date") & Q(on_day__isnull=True)),
                name="care_rule_day_where_dated",
            ),
            models.CheckConstraint(condition=~Q(product="check") | ~Q(form=""), name="care_rule_check_has_a_form"),
            models.CheckConstraint(
                condition=~Q(state="on") | Q(on_at__isnull=False, starts_on__isnull=False), name="care_rule_on_since"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("handed_in_by")),
                name="care_rule_second_person",
            ),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    @property
    def message(self):
        return LocalizedText.of(self, "message")

    @property
    def is_built_in(self):
        """Kept by another app, which opens the promise itself; the rule only says so."""
        return bool(self.opened_by)


class DueDay(models.Model):
    """When what a rule owes falls due, for an occasion on the day `anchor_on`: worked out once, joined to thousands.

    None in `due_at`: no such day can be reckoned. Deleted when the calendar changes, so that it is worked out anew.
    """

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="due_days")
    calendar = models.CharField(max_length=12)
    time_zone = models.CharField(max_length=40)
    anchor_on = models.DateField()
    due_at = models.DateTimeField(null=True)
    next_step = models.CharField(max_length=30, blank=True)
    next_step_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "calendar", "time_zone", "anchor_on"], name="care_due_day_once_a_day"
            ),
        ]

    def __str__(self):
        return f"{self.anchor_on} → {self.due_at}"
