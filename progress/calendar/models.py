"""Days on which a calendar differs from what the public holidays say: staff know better."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line

from . import changes
from .holidays import known_calendar
from .hours import read_hours, valid_hours


class CalendarOverride(models.Model):
    """One day of one calendar: working or not, and if so, when. It wins over holidays, weekends and usual hours."""

    calendar = models.CharField(
        _("calendar"), max_length=12, default=settings.WORK_CALENDAR, validators=[known_calendar]
    )
    date = models.DateField(_("day"))
    working = models.BooleanField(_("working day"), default=False)
    hours = models.CharField(
        _("hours"),
        max_length=80,
        blank=True,
        validators=[valid_hours],
        help_text=_("Such as 09:00-12:00. Empty: the usual hours."),
    )
    note = models.CharField(_("why"), max_length=120, blank=True, validators=[one_line])

    class Meta:
        ordering = ["calendar", "date"]
        verbose_name = _("changed day")
        verbose_name_plural = _("changed days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date"],
                name="calendar_day_once",
                violation_error_message=_("This day has been changed already."),
            ),
            models.CheckConstraint(
                condition=models.Q(working=True) | models.Q(hours=""), name="calendar_day_off_has_no_hours"
            ),
        ]

    def __str__(self):
        return f"{self.date} ({self.calendar})"

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            changes.changed()

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            changes.changed()
        return gone

    def clean(self):
        if self.hours and not self.working:
            raise ValidationError({"hours": _("A day off has no hours.")})

    @property
    def stretches(self):
        """When this day is open, for WorkDays: nothing on a day off, None for the usual hours."""
        if not self.working:
            return ()
        return read_hours(self.hours) if self.hours else None
