"""A time at which a group is let in, and how many people it holds. Its row is the lock of its places."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line

from .bookings import Booking
from .waiting import WaitingEntry

MOST_PLACES = 500


def _number(rows, counted):
    """A subquery: `counted` over those of `rows` that belong to the slot outside, 0 without any."""
    of_slot = rows.filter(slot=OuterRef("pk")).order_by().values("slot").annotate(number=counted).values("number")
    return Coalesce(Subquery(of_slot, output_field=IntegerField()), 0)


class SlotQuerySet(models.QuerySet):
    def for_user(self, user):
        from .open_days import OpenDay

        return self.filter(open_day__in=OpenDay.objects.for_user(user))

    def open(self):
        return self.filter(state=Slot.State.OPEN)

    def coming(self, *, at):
        """Those that have not begun."""
        return self.filter(starts__gt=at)

    def with_places(self):
        """Adds how many people are `booked` and `held` by offers, how many places are `free`, `waiting_parties`.

        Subqueries, since joins would count each booking once for every party that waits.
        """
        return self.annotate(
            booked=_number(Booking.objects.occupying(), Sum("people")),
            held=_number(WaitingEntry.objects.offered(), Sum("people")),
            waiting_parties=_number(WaitingEntry.objects.waiting(), Count("pk")),
        ).annotate(free=F("capacity") - F("booked") - F("held"))

    def locked(self, *pks):
        """These slots, and nobody else's until the transaction ends; always in the order of their keys.

        Without the key: rows that refer to a slot are written meanwhile, such as those of whoever waits for the lock.
        """
        return list(self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


class Slot(models.Model):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a time of an open day", "open")
        CANCELLED = "cancelled", pgettext_lazy("a time of an open day", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    open_day = models.ForeignKey(
        "bookings.OpenDay", on_delete=models.PROTECT, related_name="slots", verbose_name=_("open day")
    )
    starts = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    capacity = models.PositiveSmallIntegerField(_("places for people"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    note_en = models.CharField(_("why, in English"), max_length=200, blank=True, validators=[one_line])
    note_zh = models.CharField(_("why, in Chinese"), max_length=200, blank=True, validators=[one_line])
    guide = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("guide"),
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        verbose_name = _("time of an open day")
        verbose_name_plural = _("times of open days")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(capacity__lte=MOST_PLACES), name="slot_capacity_within_bounds"),
            models.CheckConstraint(condition=Q(state__in=["open", "cancelled"]), name="slot_state_known"),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(note_en="") | ~Q(note_zh=""), name="slot_cancelled_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["open_day", "starts"], name="slot_of_open_day"),
            models.Index(fields=["starts"], name="slot_starts"),
        ]

    def __str__(self):
        return f"{self.starts:%Y-%m-%d %H:%M}"

    @property
    def note(self):
        return LocalizedText.of(self, "note")

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def has_begun(self, *, at):
        return self.starts <= at

    def places_left(self):
        """Counted now: capacity without whoever is booked, and without what offers hold. Exact under the lock only."""
        people = sum(
            _people(rows.filter(slot=self)) for rows in (Booking.objects.occupying(), WaitingEntry.objects.offered())
        )
        return self.capacity - people


def _people(rows):
    return rows.aggregate(people=Sum("people"))["people"] or 0
