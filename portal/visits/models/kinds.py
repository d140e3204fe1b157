"""The kinds of visits, and how long each takes, with how much notice: for the company, or for one development."""

from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from progress import scope
from progress.models import Development


class VisitKind(models.TextChoices):
    SURVEY = "survey", _("Survey of the home")
    DESIGN = "design", _("Design meeting")
    HANDOVER = "handover", pgettext_lazy("a visit", "Handover")
    CHECK = "check", pgettext_lazy("a visit", "Check of the home")
    SHOWROOM = "showroom", pgettext_lazy("a visit", "Visit to the showroom")


AT_OURS = (VisitKind.SHOWROOM,)  # they come to us; every other visit comes to them


@dataclass(frozen=True)
class Defaults:
    """What holds where nobody has set anything. Minutes; working days ahead; days that can be looked at."""

    minutes: int
    buffer_minutes: int = 30
    notice_days: int = 1
    horizon_days: int = 60
    by_owners: bool = False


DEFAULTS = {
    VisitKind.SURVEY: Defaults(60, by_owners=True),
    VisitKind.DESIGN: Defaults(90, by_owners=True),
    VisitKind.HANDOVER: Defaults(120, notice_days=3),
    VisitKind.CHECK: Defaults(60),
    VisitKind.SHOWROOM: Defaults(60, buffer_minutes=0, notice_days=0),
}


class VisitSettingQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the developments assigned to this member of staff; the company's, for whoever works everywhere."""
        return self.filter(scope.of_assigned(user, self.model, "development"))

    def in_force(self, kind, development):
        """The setting of a kind at a development (None: of the company), or Defaults. One query."""
        here = Q(development=None) if development is None else Q(development=None) | Q(development=development)
        rows = sorted(self.filter(here, kind=kind), key=lambda row: row.development_id is not None)
        return rows[-1] if rows else DEFAULTS[VisitKind(kind)]


class VisitSetting(models.Model):
    """How long a visit of a kind takes, and how much notice it needs. Of a development, or of the company."""

    development = models.ForeignKey(
        Development,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("development"),
        help_text=_("Empty: wherever a development has none of its own."),
    )
    kind = models.CharField(pgettext_lazy("a visit", "kind"), max_length=10, choices=VisitKind)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(15), MaxValueValidator(480)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("minutes until the next visit"),
        default=30,
        validators=[MaxValueValidator(240)],
        help_text=_("For the way to the next home. Both together are rounded up to quarter hours."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("working days ahead"),
        default=1,
        validators=[MaxValueValidator(30)],
        help_text=_("0: also today. Surveys are booked at least one working day ahead."),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days that can be looked at"), default=60, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    by_owners = models.BooleanField(
        _("owners book it themselves"), default=False, help_text=_("Otherwise only once we have asked them to.")
    )

    objects = VisitSettingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "development"]
        verbose_name = _("setting of visits")
        verbose_name_plural = _("settings of visits")
        constraints = [
            models.UniqueConstraint(
                fields=["development", "kind"],
                name="visit_setting_once_a_development",
                violation_error_message=_("This kind has a setting there already."),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(development__isnull=True),
                name="visit_setting_once_for_the_company",
                violation_error_message=_("This kind has a setting there already."),
            ),
            models.CheckConstraint(condition=Q(minutes__gte=15), name="visit_takes_a_quarter_hour"),
            models.CheckConstraint(
                condition=~Q(kind="survey") | Q(notice_days__gte=1),
                name="survey_a_working_day_ahead",
                violation_error_message=_("A survey is booked at least one working day ahead."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.development or _('all developments')}"
