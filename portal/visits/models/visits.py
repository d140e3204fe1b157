"""The visits themselves, and the quarter hours that they take of a colleague."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Owner, one_line
from progress import scope
from progress.enquiries.models import Enquiry
from progress.models import FOLLOWS_PROGRESS, Development, Home

from .kinds import AT_OURS, VisitKind

CONFIRMED_BY = time(17, 30)  # of the day before, on the wall clock of the place
SETTLED = ("done", "cancelled", "missed")
LIVE = ("booked", "confirmed", "on_way", "arrived")


class VisitQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of this person's own homes, since it is theirs; a tenant sees checks alone.

        For staff, those of the developments assigned to them, and those that they make themselves.
        """
        followed = scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
        lived_in = scope.of_own_homes(user, "home", "home") & Q(kind=VisitKind.CHECK)
        household = (followed | lived_in) & Q(of_former_household=False)
        return self.filter(household | self._of_staff(user))

    def of_staff(self, user):
        """What a member of staff works with: without what they may see as somebody's household."""
        return self.filter(self._of_staff(user))

    def _of_staff(self, user):
        theirs = scope.of_assigned(user, self.model, "development")
        if scope.may_view(user, self.model):
            theirs |= Q(person=user)
        return theirs

    def of_household(self):
        """Without those of whoever lived there before."""
        return self.filter(of_former_household=False)

    def asked(self):
        """Wished for, and without a time as yet."""
        return self.filter(state=Visit.State.ASKED)

    def live(self):
        """With a time at which somebody comes."""
        return self.filter(state__in=LIVE)

    def open(self):
        """Asked for or to come: something is still to be done."""
        return self.exclude(state__in=SETTLED)

    def settled(self):
        return self.filter(state__in=SETTLED)

    def between(self, begins, ends):
        """Those that begin from the moment `begins` on, before `ends`."""
        return self.filter(starts__gte=begins, starts__lt=ends)

    def to_remind(self, *, at):
        return self.live().filter(remind_at__lte=at).order_by("remind_at", "pk")

    def with_place(self):
        """With all that a page shows of them."""
        return self.select_related(
            "development", "home__development", "home__building", "enquiry", "person__card", "owner"
        )

    def in_order(self):
        """By time; those without one come first, the oldest wish first."""
        return self.order_by(models.F("starts").asc(nulls_first=True), "asked_at", "pk")


class Visit(models.Model):
    """One colleague at one home: of a customer, or of somebody who enquired. `id` comes from the form.

    `asked` has no time as yet. While it is live, its cells keep the colleague's time free of others.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a visit", "time to be chosen")
        BOOKED = "booked", pgettext_lazy("a visit", "booked")
        CONFIRMED = "confirmed", pgettext_lazy("a visit", "confirmed")
        ON_WAY = "on_way", pgettext_lazy("a visit", "on the way")
        ARRIVED = "arrived", pgettext_lazy("a visit", "there")
        DONE = "done", pgettext_lazy("a visit", "done")
        CANCELLED = "cancelled", pgettext_lazy("a visit", "cancelled")
        MISSED = "missed", pgettext_lazy("a visit", "nobody was met")

    class Because(models.TextChoices):
        HOUSEHOLD = "household", pgettext_lazy("a visit cancelled by", "the household")
        STAFF = "staff", pgettext_lazy("a visit cancelled by", "us")
        TRANSFER = "transfer", pgettext_lazy("a visit cancelled because", "the home changed hands")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(
        Home, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("home")
    )
    enquiry = models.ForeignKey(
        Enquiry, on_delete=models.CASCADE, null=True, blank=True, related_name="visits", verbose_name=_("enquiry")
    )
    development = models.ForeignKey(  # that of the home, or of the enquiry: whose staff see it
        Development,
        on_delete=models.PROTECT,
        null=True,
        related_name="visits",
        verbose_name=_("development"),
        editable=False,
    )
    owner = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("for whom")
    )
    kind = models.CharField(pgettext_lazy("a visit", "kind"), max_length=10, choices=VisitKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("who comes"),
    )
    starts = models.DateTimeField(_("begins"), null=True, blank=True)
    ends = models.DateTimeField(_("ends"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    urgent = models.BooleanField(_("urgent"), default=False)
    note = models.CharField(_("what we should know"), max_length=300, blank=True, validators=[one_line])
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True, validators=[one_line])
    subject_kind = models.CharField(max_length=60, blank=True, editable=False)  # what asked for it
    subject_id = models.CharField(max_length=36, blank=True, editable=False)
    not_before = models.DateField(_("not before"), null=True, blank=True)
    not_after = models.DateField(_("not after"), null=True, blank=True)
    by_staff = models.BooleanField(_("booked by staff"), default=False)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("booked by"),
    )
    moved = models.PositiveSmallIntegerField(_("times moved"), default=0)
    of_former_household = models.BooleanField(default=False, editable=False)
    cancelled_because = models.CharField(_("cancelled by"), max_length=10, choices=Because, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    on_way_at = models.DateTimeField(_("on the way"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    settled_at = models.DateTimeField(_("over"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "asked_at", "pk"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(home__isnull=False, enquiry__isnull=True) | Q(home__isnull=True, enquiry__isnull=False),
                name="visit_of_home_or_enquiry",
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(ends__gt=models.F("starts")),
                name="visit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", starts__isnull=True, person__isnull=True)
                | Q(state="cancelled")
                | Q(
                    state__in=["booked", "confirmed", "on_way", "arrived", "done", "missed"],
                    starts__isnull=False,
                    person__isnull=False,
                ),
                name="visit_with_a_time_and_a_person",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_because=""))
                | (~Q(state="cancelled") & Q(cancelled_because="")),
                name="visit_cancelled_because",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False)
                | (~Q(state__in=SETTLED) & Q(settled_at__isnull=True)),
                name="visit_settled_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["home", "starts"], name="visit_of_home"),
            models.Index(fields=["person", "starts"], name="visit_of_person"),
            models.Index(fields=["development", "starts"], name="visit_there"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="visit_to_remind"),
            models.Index(fields=["subject_kind", "subject_id"], name="visit_subject"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.home or self.enquiry}"

    @property
    def zone(self):
        """The name of the time zone in which its times are written."""
        return self.development.time_zone if self.development else settings.TIME_ZONE

    @property
    def is_asked(self):
        return self.state == self.State.ASKED

    @property
    def is_live(self):
        return self.state in LIVE

    @property
    def is_over(self):
        return self.state in SETTLED

    @property
    def at_ours(self):
        """Whether they come to us."""
        return self.kind in AT_OURS

    @property
    def sequence(self):
        """Rises with every change that a calendar has to hear of."""
        return 2 * self.moved + (self.state == self.State.CANCELLED)

    def changes_until(self):
        """Until when the household moves or cancels it by themselves: 17:30 of the day before. None without a time.

        Afterwards whoever comes has confirmed it and planned the way: by telephone with us.
        """
        return day_before(self.starts, self.zone) if self.starts else None

    def can_be_changed(self, *, at):
        """Whether the household may still move or cancel it here."""
        if self.is_asked:
            return True
        return self.state in (self.State.BOOKED, self.State.CONFIRMED) and at <= self.changes_until()


def day_before(starts, zone):
    """17:30 on the calendar day before `starts`, working day or not, on the wall clock of `zone`."""
    zone = ZoneInfo(zone)
    day = starts.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, CONFIRMED_BY, tzinfo=zone).astimezone(ZoneInfo("UTC"))


class VisitCell(models.Model):
    """A quarter hour of a colleague that a live visit takes, way to the next one included. Nobody has one twice."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="cells")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateTimeField()  # its beginning, UTC

    class Meta:
        verbose_name = _("quarter hour of a visit")
        verbose_name_plural = _("quarter hours of visits")
        constraints = [models.UniqueConstraint(fields=["person", "quarter"], name="visit_cell_once")]

    def __str__(self):
        return f"{self.person_id} {self.quarter:%Y-%m-%d %H:%M}"
