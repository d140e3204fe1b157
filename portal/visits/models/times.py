"""When colleagues can come: by weekday, for one person or a whole team; and the days on which somebody is away."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import one_line
from progress import scope
from progress.models import Assignment, Development

from .kinds import VisitKind


class AvailabilityQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the developments assigned to this member of staff; the company's, for whoever works everywhere."""
        return self.filter(scope.of_assigned(user, self.model, "development"))

    def between(self, first, last):
        """Those that count on a day from `first` to `last`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=first), valid_from__lte=last)

    def at_place(self, development):
        """Those of a development and those of everywhere; of none: the latter."""
        here = Q(development=None)
        return self.filter(here if development is None else here | Q(development=development))

    def of_kind(self, kind):
        return self.filter(kind__in=("", kind))


class Availability(models.Model):
    """On this weekday, between these hours, one colleague or each of a team can come for a visit.

    Hours are those of the wall clock of the place. On days off by the working calendar it counts only `on_days_off`.
    """

    development = models.ForeignKey(
        Development,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("development"),
        help_text=_("Empty: all developments, and whoever enquires without naming one."),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="availabilities",
        verbose_name=_("who"),
    )
    team = models.CharField(
        _("team"), max_length=20, choices=Assignment.Role, blank=True, help_text=_("Everybody who is assigned as it.")
    )
    kind = models.CharField(
        pgettext_lazy("a visit", "kind"), max_length=10, choices=VisitKind, blank=True, help_text=_("Empty: all kinds.")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(WEEKDAYS.items()))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    on_days_off = models.BooleanField(
        _("also on days off"), default=False, help_text=_("On weekends and holidays of the working calendar, too.")
    )

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        ordering = ["development", "team", "person", "weekday", "starts"]
        verbose_name = pgettext_lazy("visits", "availability")
        verbose_name_plural = pgettext_lazy("visits", "availabilities")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team="") | (Q(person__isnull=True) & ~Q(team="")),
                name="availability_of_person_or_team",
                violation_error_message=_("Please choose either one colleague or one team."),
            ),
            models.CheckConstraint(
                condition=Q(ends__gt=models.F("starts")),
                name="availability_ends_after_it_begins",
                violation_error_message=_("Hours end later than they begin, on the same day."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_weekday_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="availability_last_day_after_first",
                violation_error_message=_("The end comes before the beginning."),
            ),
        ]
        indexes = [models.Index(fields=["development", "valid_from"], name="availability_there")]

    def __str__(self):
        who = self.person or self.get_team_display()
        return f"{who}: {self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


class AbsenceQuerySet(models.QuerySet):
    def for_user(self, user):
        """This person's own; for those who may see absences, those of the colleagues at their developments."""
        own = Q(person=user if user.is_authenticated else None)
        if not scope.may_view(user, self.model):
            return self.filter(own & scope.NOTHING)
        posts = Assignment.objects.live()
        if not (user.is_superuser or posts.filter(user=user, development=None).exists()):
            places = posts.filter(user=user).values("development")
            posts = posts.filter(Q(development=None) | Q(development__in=places))
        return self.filter(own | Q(person__in=posts.values("user")))

    def between(self, first, last):
        return self.filter(first_day__lte=last, last_day__gte=first)


class Absence(models.Model):
    """Whole days on which somebody makes no visits, wherever."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", verbose_name=_("who")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=120, blank=True, validators=[one_line])

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "person"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The end comes before the beginning."),
            ),
        ]
        indexes = [models.Index(fields=["person", "first_day"], name="absence_of_person")]

    def __str__(self):
        return f"{self.person}: {self.first_day} – {self.last_day}"

    def clean(self):
        if self.first_day and self.last_day and (self.last_day - self.first_day).days > 366:
            raise ValidationError({"last_day": _("Please choose a day within a year.")})
