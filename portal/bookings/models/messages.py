"""What staff wrote to those who come, or wait, and how many were told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.models import Ownership

from .bookings import Booking
from .waiting import WaitingEntry


class OpenDayMessageQuerySet(models.QuerySet):
    def for_user(self, user):
        """For staff of the development; owners read theirs among their messages."""
        return self.filter(scope.of_assigned(user, self.model, "open_day__development"))


class OpenDayMessage(models.Model):
    """One message, never changed. Its key is the form's, so what is sent twice is told once."""

    class To(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("readers of a message", "those booked")
        WAITING = "waiting", pgettext_lazy("readers of a message", "those on the waiting list")
        ARRIVED = "arrived", pgettext_lazy("readers of a message", "those who came")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    open_day = models.ForeignKey(
        "bookings.OpenDay", on_delete=models.PROTECT, related_name="messages", verbose_name=_("open day")
    )
    slot = models.ForeignKey(
        "bookings.Slot", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("time")
    )
    to = models.CharField(pgettext_lazy("of a message", "to"), max_length=10, choices=To, default=To.BOOKED)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True, validators=[one_line])
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True)
    text_zh = models.TextField(_("text in Chinese"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    sent_at = models.DateTimeField(_("sent"))
    people = models.PositiveIntegerField(_("people told"))

    objects = OpenDayMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "pk"]
        verbose_name = _("message to those booked")
        verbose_name_plural = _("messages to those booked")
        constraints = [
            models.CheckConstraint(
                condition=(~Q(title_en="") & ~Q(text_en="")) | (~Q(title_zh="") & ~Q(text_zh="")),
                name="open_day_message_has_a_language",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="open_day_message_has_readers"),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    @property
    def text(self):
        return LocalizedText.of(self, "text")

    def readers(self):
        """The Owners whom it concerns now, each once."""
        return readers_of(self.open_day, slot=self.slot, to=self.to)


def readers_of(open_day, *, slot=None, to=OpenDayMessage.To.BOOKED):
    """The Owners who are booked at an open day, wait for a place or came; at one of its slots, or at any.

    Whoever has left the household since is none of them.
    """
    rows = _rows(to).filter(slot__open_day=open_day)
    if slot is not None:
        rows = rows.filter(slot=slot)
    return Owner.objects.active().filter(pk__in=of_today(rows).order_by().values("owner"))


def of_today(rows):
    """Those of bookings or places in the line whose owner follows the progress of the home still."""
    ties = Ownership.objects.live().follows_progress()
    return rows.filter(Exists(ties.filter(home=OuterRef("home"), owner=OuterRef("owner"))))


def _rows(to):
    if to == OpenDayMessage.To.WAITING:
        return WaitingEntry.objects.live()
    if to == OpenDayMessage.To.ARRIVED:
        return Booking.objects.filter(state__in=(Booking.State.ARRIVED, Booking.State.LEFT))
    return Booking.objects.booked()
