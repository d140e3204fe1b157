"""Who waits for a place, and why each has come to its turn or not."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner, one_line
from progress import scope
from progress.models import Home

from .bookings import PEOPLE, OfHousehold

OPEN = ("waiting", "offered")


class WaitingEntryQuerySet(OfHousehold):
    asked = "joined_at"

    def for_user(self, user):
        """Those of the person's household, but for tenants; for staff, of the developments assigned to them."""
        own = Exists(WaitingEntry.objects.own(user).filter(pk=OuterRef("pk")))
        return self.filter(own | scope.of_assigned(user, self.model, "slot__open_day__development"))

    def live(self):
        """In the line, or with an offer that waits for an answer."""
        return self.filter(state__in=OPEN)

    def waiting(self):
        return self.filter(state=WaitingEntry.State.WAITING)

    def offered(self):
        """Those whose places are held."""
        return self.filter(state=WaitingEntry.State.OFFERED)

    def expired_by(self, at):
        """Offers whose time is over."""
        return self.offered().filter(offer_until__lte=at).order_by("offer_until", "pk")

    def with_slot(self):
        return self.select_related("slot__open_day__development", "home__development", "home__building", "owner")


class WaitingEntry(models.Model):
    """One home's party in the line for one slot."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a place in the line", "waiting")
        OFFERED = "offered", pgettext_lazy("a place in the line", "a place is held")
        TAKEN = "taken", pgettext_lazy("a place in the line", "place taken")
        DECLINED = "declined", pgettext_lazy("a place in the line", "offer declined")
        EXPIRED = "expired", pgettext_lazy("a place in the line", "offer ran out")
        WITHDRAWN = "withdrawn", pgettext_lazy("a place in the line", "left the line")
        CLOSED = "closed", pgettext_lazy("a place in the line", "line closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(
        "bookings.Slot", on_delete=models.PROTECT, related_name="waiting_entries", verbose_name=_("time")
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="waiting_entries", verbose_name=_("home"))
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, related_name="waiting_entries", verbose_name=_("waits for")
    )
    adults = models.PositiveSmallIntegerField(_("adults"))
    children = models.PositiveSmallIntegerField(_("children"), default=0)
    people = PEOPLE.clone()
    step_free = models.BooleanField(_("way without steps"), default=False)
    needs = models.CharField(_("needs"), max_length=200, blank=True, validators=[one_line])
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    joined_at = models.DateTimeField(_("waiting since"))
    offered_at = models.DateTimeField(_("offered"), null=True)
    offer_until = models.DateTimeField(_("held until"), null=True)
    rules_version = models.PositiveSmallIntegerField(_("version of the rules accepted"), default=0)
    accepted_at = models.DateTimeField(_("rules accepted"), null=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = _("place in the line")
        verbose_name_plural = _("waiting list")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "home"], condition=Q(state__in=OPEN), name="one_place_in_the_line_a_home"
            ),
            models.CheckConstraint(condition=Q(adults__gte=1), name="waiting_has_an_adult"),
            models.CheckConstraint(
                condition=Q(state="waiting", offered_at__isnull=True, offer_until__isnull=True)
                | Q(state="offered", offered_at__isnull=False, offer_until__gt=models.F("offered_at"))
                | Q(state__in=["taken", "declined", "expired", "withdrawn", "closed"]),
                name="waiting_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, rules_version=0)
                | Q(accepted_at__isnull=False, rules_version__gt=0),
                name="waiting_accepted_has_a_version",
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "people"], condition=Q(state="offered"), name="waiting_holds_places"),
            models.Index(fields=["slot", "joined_at"], condition=Q(state="waiting"), name="waiting_in_line"),
            models.Index(fields=["offer_until"], condition=Q(state="offered"), name="waiting_offer_until"),
        ]

    def __str__(self):
        return f"{self.home}, {self.slot}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_offered(self):
        return self.state == self.State.OFFERED


class WaitingStepQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(entry__in=WaitingEntry.objects.for_user(user))


class WaitingStep(models.Model):
    """One thing that happened to a place in the line, never changed: it explains who was served when, and why."""

    class What(models.TextChoices):
        JOINED = "joined", pgettext_lazy("in the line", "joined the line")
        OFFERED = "offered", pgettext_lazy("in the line", "was offered a place")
        PASSED_OVER = "passed_over", pgettext_lazy("in the line", "passed over: too few places for the party")
        EXPIRED = "expired", pgettext_lazy("in the line", "let the offer run out")
        DECLINED = "declined", pgettext_lazy("in the line", "declined the offer")
        TAKEN = "taken", pgettext_lazy("in the line", "took the place")
        WITHDRAWN = "withdrawn", pgettext_lazy("in the line", "left the line")
        CLOSED = "closed", pgettext_lazy("in the line", "the line was closed")

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=12, choices=What)
    free = models.SmallIntegerField(_("places free then"))

    objects = WaitingStepQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("step of the waiting list")
        verbose_name_plural = _("steps of the waiting list")

    def __str__(self):
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("The steps of the waiting list are append-only.")
        super().save(*args, **kwargs)
