"""What has changed in an open day after its publication: what those who have booked were told."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _


class OpenDayChangeQuerySet(models.QuerySet):
    def for_user(self, user):
        from .open_days import OpenDay

        return self.filter(open_day__in=OpenDay.objects.for_user(user))


class OpenDayChange(models.Model):
    """One change, however many times and places it touched.

    `times`: [[slot's id, old begin, old end, new begin, new end], …]; `before`: {field: old text} of the meeting point
    and the way there, where those are others; `rules`: whether the rules of the site are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    open_day = models.ForeignKey("bookings.OpenDay", on_delete=models.CASCADE, related_name="changes")
    times = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    rules = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"))

    objects = OpenDayChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("change of an open day")
        verbose_name_plural = _("changes of open days")

    def __str__(self):
        return f"{self.open_day} {self.at:%Y-%m-%d}"

    @property
    def place(self):
        return bool(self.before)

    def moved(self):
        """[(old begin, old end, new begin, new end), …] as moments."""
        return [tuple(parse_datetime(moment) for moment in row[1:]) for row in self.times]

    def slot_ids(self):
        return [row[0] for row in self.times]
