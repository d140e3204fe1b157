"""An open day: for whom, when one books, what visitors agree to."""

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.journeys.models import Milestone
from progress.models import FOLLOWS_PROGRESS, Building, Development, Home, Ownership

from .bookings import Booking
from .slots import Slot

LARGEST_PARTY = 20
LONGEST_OFFER = 7 * 24  # hours
OLDEST_CHILD = 18


def invited(homes, day):
    """Those of `homes` to which an open day is open; `day(field, depth)` is the value of one of its fields.

    Seen from a subquery of that depth, so that one rule serves a row and a whole QuerySet.
    """
    chosen = OpenDay.buildings.through.objects.filter(openday_id=day("pk", 2))
    reached = Milestone.objects.filter(
        journey__home=OuterRef("pk"), state=Milestone.State.REACHED, template__code=day("past_milestone", 2)
    )
    return homes.filter(
        ~Exists(chosen) | Exists(chosen.filter(building_id=OuterRef("building_id"))),
        Q(Exact(day("past_milestone", 1), Value(""))) | Exists(reached),
        development_id=day("development_id", 1),
    )


def _from_outside(field, depth):
    reference = field
    for _level in range(depth):
        reference = OuterRef(reference)
    return reference


class OpenDayQuerySet(models.QuerySet):
    def for_user(self, user):
        """What is open, or was called off, to homes whose progress this person follows, or was booked for them.

        For staff, whatever stands at the developments assigned to them.
        """
        homes = Home.objects.filter(scope.of_own_homes(user, "pk", "home", roles=FOLLOWS_PROGRESS))
        own = Exists(invited(homes, _from_outside)) | Exists(Booking.objects.own(user).filter(open_day=OuterRef("pk")))
        return self.filter((~Q(state=OpenDay.State.DRAFT) & own) | scope.of_assigned(user, self.model, "development"))

    def published(self):
        return self.filter(state=OpenDay.State.PUBLISHED)

    def upcoming(self, *, at):
        """Those with a time that is not over; the next first. Each knows `first_starts` and `last_ends`."""
        return self.with_times().filter(last_ends__gt=at).order_by("first_starts", "pk")

    def past(self, *, at):
        """Those whose last time is over; the latest first."""
        return self.with_times().filter(last_ends__lte=at).order_by("-last_ends", "pk")

    def open_to(self, home):
        """Those whose audience the home belongs to."""
        return self.filter(Exists(invited(Home.objects.filter(pk=home.pk), _from_outside)))

    def with_times(self):
        """Adds `first_starts` and `last_ends` of the slots that are not cancelled, None without any."""
        slots = Slot.objects.filter(open_day=OuterRef("pk"), state=Slot.State.OPEN).order_by().values("open_day")
        return self.annotate(
            first_starts=Subquery(slots.annotate(first=Min("starts")).values("first")),
            last_ends=Subquery(slots.annotate(last=Max("ends")).values("last")),
        )


class OpenDay(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", pgettext_lazy("an open day", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="open_days", verbose_name=_("development")
    )
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    summary_en = models.TextField(_("summary in English"), max_length=1000, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=1000, blank=True)
    page = models.ForeignKey(
        "cms.OpenDayPage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("its page on the public site"),
    )
    meeting_point_en = models.CharField(
        _("where to meet, in English"), max_length=80, blank=True, validators=[one_line]
    )
    meeting_point_zh = models.CharField(
        _("where to meet, in Chinese"), max_length=80, blank=True, validators=[one_line]
    )
    route_en = models.TextField(_("how to get there, in English"), max_length=1000, blank=True)
    route_zh = models.TextField(_("how to get there, in Chinese"), max_length=1000, blank=True)
    bring_en = models.TextField(_("what to bring, in English"), max_length=1000, blank=True)
    bring_zh = models.TextField(_("what to bring, in Chinese"), max_length=1000, blank=True)
    min_age = models.PositiveSmallIntegerField(_("children from the age of"), default=0, help_text=_("0: any age"))
    buildings = models.ManyToManyField(
        Building,
        blank=True,
        related_name="open_days",
        verbose_name=_("buildings"),
        help_text=_("None: the whole development."),
    )
    past_milestone = models.SlugField(
        _("only homes that have reached"), max_length=40, blank=True, help_text=_("The code of a step. Empty: all.")
    )
    opens_at = models.DateTimeField(_("booking opens"))
    closes_at = models.DateTimeField(_("booking closes"))
    change_until = models.DateTimeField(_("owners change or cancel until"))
    max_party = models.PositiveSmallIntegerField(_("largest party"), default=4)
    one_per_home = models.BooleanField(_("one booking a home"), default=True)
    offer_hours = models.PositiveSmallIntegerField(_("hours for which a freed place is held"), default=24)
    guide = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in charge"),
    )
    rules_version = models.PositiveSmallIntegerField(default=1, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    cancel_reason_en = models.CharField(_("reason in English"), max_length=300, blank=True, validators=[one_line])
    cancel_reason_zh = models.CharField(_("reason in Chinese"), max_length=300, blank=True, validators=[one_line])
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False, related_name="copies")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("entered"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = OpenDayQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "pk"]
        verbose_name = _("open day")
        verbose_name_plural = _("open days")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, cancelled_at__isnull=True)
                | Q(state="published", published_at__isnull=False, cancelled_at__isnull=True)
                | Q(state="cancelled", published_at__isnull=False, cancelled_at__isnull=False),
                name="open_day_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason_en="") | ~Q(cancel_reason_zh=""),
                name="open_day_cancelled_says_why",
            ),
            models.CheckConstraint(condition=~Q(title_en="") | ~Q(title_zh=""), name="open_day_has_a_title"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")), name="open_day_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(max_party__gte=1, max_party__lte=LARGEST_PARTY), name="open_day_party_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(offer_hours__gte=1, offer_hours__lte=LONGEST_OFFER), name="open_day_offer_within_bounds"
            ),
            models.CheckConstraint(condition=Q(min_age__lte=OLDEST_CHILD), name="open_day_age_within_bounds"),
            models.CheckConstraint(condition=Q(rules_version__gte=1), name="open_day_rules_have_a_version"),
        ]
        indexes = [models.Index(fields=["development", "state"], name="open_day_of_development")]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def summary(self):
        return LocalizedText.of(self, "summary")

    @property
    def meeting_point(self):
        return LocalizedText.of(self, "meeting_point")

    @property
    def route(self):
        return LocalizedText.of(self, "route")

    @property
    def bring(self):
        return LocalizedText.of(self, "bring")

    @property
    def cancel_reason(self):
        return LocalizedText.of(self, "cancel_reason")

    @property
    def zone(self):
        return ZoneInfo(self.development.time_zone)

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_cancelled(self):
        return self.state == self.State.CANCELLED

    def is_over(self, *, at):
        """Whether its last slot has ended. One without a slot is not over."""
        if not hasattr(self, "last_ends"):
            self.last_ends = self.slots.filter(state=Slot.State.OPEN).aggregate(last=Max("ends"))["last"]
        return self.last_ends is not None and self.last_ends <= at

    def takes_bookings(self, *, at):
        """Whether owners book now: published, opened, not closed yet."""
        return self.is_published and self.opens_at <= at < self.closes_at

    def takes_changes(self, *, at):
        """Whether owners may still change, move or cancel what they booked."""
        return self.is_published and at < self.change_until

    def invites(self, home):
        """Whether it is open to this home."""
        if not self.past_milestone and not self.buildings.exists():
            return self.development_id == home.development_id
        return OpenDay.objects.filter(pk=self.pk).open_to(home).exists()

    def audience(self):
        """The homes to which it is open and which have somebody who follows their progress."""
        ties = Ownership.objects.live().follows_progress().filter(home=OuterRef("pk"), owner__erased_at__isnull=True)
        return invited(Home.objects.all(), self._as_it_is).filter(Exists(ties))

    def _as_it_is(self, field, depth):
        return Value(getattr(self, field)) if field == "past_milestone" else getattr(self, field)

    def people(self):
        """The Owners who may book: of each home of the audience those who follow its progress, each once."""
        ties = Ownership.objects.live().follows_progress().filter(home__in=self.audience().order_by().values("pk"))
        return Owner.objects.active().filter(pk__in=ties.values("owner"))


class SafetyRuleQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(open_day__in=OpenDay.objects.for_user(user))


class SafetyRule(models.Model):
    """One of the rules that each visitor accepts."""

    class Icon(models.TextChoices):
        HELMET = "helmet", pgettext_lazy("a safety rule", "helmet")
        SHOES = "shoes", pgettext_lazy("a safety rule", "shoes")
        AGE = "age", pgettext_lazy("a safety rule", "age")
        GROUP = "group", pgettext_lazy("a safety rule", "group")
        CAMERA = "camera", pgettext_lazy("a safety rule", "camera")
        SHIELD = "shield", pgettext_lazy("a safety rule", "anything else")

    open_day = models.ForeignKey(OpenDay, on_delete=models.CASCADE, related_name="rules", verbose_name=_("open day"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    icon = models.CharField(_("picture"), max_length=10, choices=Icon, default=Icon.SHIELD)
    text_en = models.CharField(_("rule in English"), max_length=300, blank=True, validators=[one_line])
    text_zh = models.CharField(_("rule in Chinese"), max_length=300, blank=True, validators=[one_line])

    objects = SafetyRuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("safety rule")
        verbose_name_plural = _("safety rules")
        constraints = [
            models.CheckConstraint(condition=~Q(text_en="") | ~Q(text_zh=""), name="safety_rule_has_a_text"),
        ]

    def __str__(self):
        return str(self.text)

    @property
    def text(self):
        return LocalizedText.of(self, "text")
