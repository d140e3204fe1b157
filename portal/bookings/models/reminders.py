"""That somebody was reminded of what they booked, and of which time: so nobody is reminded twice, or of a time gone."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .bookings import Booking


class ReminderQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(booking__in=Booking.objects.for_user(user))


class Reminder(models.Model):
    """One reminder of one time. Who moves to another time, or whose time is moved, is reminded of that one anew."""

    class Step(models.TextChoices):
        WEEK = "7-days", pgettext_lazy("a reminder", "a week before")
        DAY = "1-day", pgettext_lazy("a reminder", "the day before")
        HOURS = "2-hours", pgettext_lazy("a reminder", "two hours before")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=8, choices=Step)
    starts = models.DateTimeField()  # of the slot, as it stood then
    made_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("reminder of a booking")
        verbose_name_plural = _("reminders of bookings")
        constraints = [
            models.UniqueConstraint(fields=["booking", "step", "starts"], name="reminder_once_a_time"),
            models.CheckConstraint(condition=Q(step__in=["7-days", "1-day", "2-hours"]), name="reminder_step_known"),
        ]

    def __str__(self):
        return f"{self.step} {self.starts:%Y-%m-%d %H:%M}"

    @property
    def holds(self):
        """Whether the party is still expected, at the time that this reminds of."""
        slot = self.booking.slot
        open_day = self.booking.open_day
        return self.booking.is_booked and slot.is_open and open_day.is_published and slot.starts == self.starts
