"""A party of one home at one time of an open day, the people in it, and when they passed the gate."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner, one_line
from progress import scope
from progress.models import FOLLOWS_PROGRESS, Home
from progress.transfers.models import HomeTransfer

PEOPLE = models.GeneratedField(
    verbose_name=_("people"),
    expression=F("adults") + F("children"),
    output_field=models.PositiveSmallIntegerField(),
    db_persist=True,
)
LIVE = ("booked", "arrived", "left")


class OfHousehold(models.QuerySet):
    """Rows with a `home` and an `owner`, asked for at the moment in the field `asked`."""

    asked = "created_at"

    def own(self, user):
        """Those of homes whose progress the person follows, without what an earlier household had asked for."""
        sold = HomeTransfer.objects.filter(
            home=OuterRef("home"), state=HomeTransfer.State.DONE, done_at__gte=OuterRef(self.asked)
        )
        own = scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
        mine = Q(owner__user=user if user.is_authenticated else None, owner__user__isnull=False)
        return self.filter(own, mine | ~Exists(sold))


class BookingQuerySet(OfHousehold):
    def for_user(self, user):
        """Those of the person's household, but for tenants; for staff, of the developments assigned to them."""
        own = Exists(Booking.objects.own(user).filter(pk=OuterRef("pk")))
        return self.filter(own | scope.of_assigned(user, self.model, "open_day__development"))

    def live(self):
        """Neither cancelled nor missed: they take their places."""
        return self.filter(state__in=LIVE)

    occupying = live

    def booked(self):
        """Those still to come."""
        return self.filter(state=Booking.State.BOOKED)

    def with_slot(self):
        return self.select_related("slot", "open_day__development", "home__development", "home__building", "owner")


class Booking(models.Model):
    class State(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("a booking", "booked")
        ARRIVED = "arrived", pgettext_lazy("a booking", "on the site")
        LEFT = "left", pgettext_lazy("a booking", "has left")
        MISSED = "missed", pgettext_lazy("a booking", "did not come")
        CANCELLED = "cancelled", pgettext_lazy("a booking", "cancelled")

    class Because(models.TextChoices):
        HOUSEHOLD = "household", pgettext_lazy("a booking was cancelled", "by the household")
        STAFF = "staff", pgettext_lazy("a booking was cancelled", "by us, on the telephone")
        WEATHER = "weather", pgettext_lazy("a booking was cancelled", "for the weather")
        OPEN_DAY = "open_day", pgettext_lazy("a booking was cancelled", "with the open day")
        SLOT = "slot", pgettext_lazy("a booking was cancelled", "with its time")
        TRANSFER = "transfer", pgettext_lazy("a booking was cancelled", "since the home changed hands")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    open_day = models.ForeignKey(
        "bookings.OpenDay", on_delete=models.PROTECT, related_name="bookings", verbose_name=_("open day")
    )
    slot = models.ForeignKey("bookings.Slot", on_delete=models.PROTECT, related_name="bookings", verbose_name=_("time"))
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("home")
    )
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("booked for")
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("booked by")
    )
    by_staff = models.BooleanField(_("booked by staff"), default=False)
    walk_in = models.BooleanField(_("came without a booking"), default=False)
    adults = models.PositiveSmallIntegerField(_("adults"))
    children = models.PositiveSmallIntegerField(_("children"), default=0)
    people = PEOPLE.clone()
    step_free = models.BooleanField(_("way without steps"), default=False)
    needs = models.CharField(_("needs"), max_length=200, blank=True, validators=[one_line])
    exclusive = models.BooleanField(default=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.BOOKED)
    rules_version = models.PositiveSmallIntegerField(_("version of the rules accepted"), default=0)
    accepted_at = models.DateTimeField(_("rules accepted"), null=True)
    created_at = models.DateTimeField(_("booked at"))
    moved_at = models.DateTimeField(_("moved"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    cancelled_because = models.CharField(_("cancelled because"), max_length=10, choices=Because, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True)
    left_at = models.DateTimeField(_("left"), null=True)
    code_version = models.PositiveSmallIntegerField(default=1)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.UniqueConstraint(
                fields=["open_day", "home"],
                condition=Q(exclusive=True, state__in=LIVE),
                name="one_live_booking_a_home_and_open_day",
            ),
            models.CheckConstraint(condition=Q(home__isnull=False) | Q(walk_in=True), name="booking_has_a_home"),
            models.CheckConstraint(condition=Q(adults__gte=1), name="booking_has_an_adult"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_because="")
                | ~Q(state="cancelled") & Q(cancelled_at__isnull=True, cancelled_because=""),
                name="booking_cancelled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="arrived", arrived_at__isnull=False, left_at__isnull=True)
                | Q(state="left", arrived_at__isnull=False, left_at__isnull=False)
                | Q(state__in=["booked", "missed", "cancelled"], arrived_at__isnull=True, left_at__isnull=True),
                name="booking_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, rules_version=0)
                | Q(accepted_at__isnull=False, rules_version__gt=0),
                name="booking_accepted_has_a_version",
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "people"], condition=Q(state__in=LIVE), name="booking_takes_places"),
            models.Index(fields=["open_day", "created_at"], name="booking_of_open_day"),
        ]

    def __str__(self):
        return f"{self.home or _('came without a booking')}, {self.slot}"

    @property
    def is_live(self):
        return self.state in LIVE

    @property
    def is_booked(self):
        return self.state == self.State.BOOKED

    @property
    def accepts_rules_again(self):
        """Whether the rules have changed since somebody of the party accepted them, or nobody has."""
        return self.rules_version < self.open_day.rules_version


class VisitorQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(booking__in=Booking.objects.for_user(user))


class Visitor(models.Model):
    """One person of the party. The name may follow later, at the gate at the latest."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="visitors", verbose_name=_("booking"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=80, blank=True, validators=[one_line])
    is_child = models.BooleanField(_("child"), default=False)
    rules_version = models.PositiveSmallIntegerField(_("version of the rules accepted"), default=0)
    accepted_at = models.DateTimeField(_("rules accepted"), null=True)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "order"]
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        constraints = [
            models.UniqueConstraint(fields=["booking", "order"], name="visitor_once_a_place"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, rules_version=0)
                | Q(accepted_at__isnull=False, rules_version__gt=0),
                name="visitor_accepted_has_a_version",
            ),
        ]

    def __str__(self):
        return self.name


class PassageQuerySet(models.QuerySet):
    def for_user(self, user):
        """The gate's own log: owners see the state of their booking instead."""
        return self.filter(scope.of_assigned(user, Booking, "booking__open_day__development"))


class Passage(models.Model):
    """One entry of the gate's log, never changed. Its key is the phone's, so what is sent twice counts once."""

    class Act(models.TextChoices):
        IN = "in", pgettext_lazy("at the gate", "came in")
        OUT = "out", pgettext_lazy("at the gate", "went out")
        MISSED = "missed", pgettext_lazy("at the gate", "did not come")
        UNDO = "undo", pgettext_lazy("at the gate", "taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="passages", verbose_name=_("booking"))
    act = models.CharField(_("what"), max_length=10, choices=Act)
    at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        verbose_name = _("entry of the gate's log")
        verbose_name_plural = _("the gate's log")
        constraints = [
            models.CheckConstraint(condition=Q(act__in=["in", "out", "missed", "undo"]), name="passage_act_known"),
            models.CheckConstraint(condition=Q(at__lte=F("received_at")), name="passage_before_it_is_heard_of"),
        ]

    def __str__(self):
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("The gate's log is append-only.")
        super().save(*args, **kwargs)
