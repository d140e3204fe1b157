"""The terms of the warranty: for which kind of work, on what, how long, and the words of the clause."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line
from progress.components.models import Component, System
from progress.journeys.models import Kind
from progress.warranties.periods import months_after, seasons_after

ALWAYS = "2000-01-01"
OURS = _("Empty: our company.")


class TermQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(in_use=True)


class Term(models.Model):
    """What holds for one kind of work on one component, on all of one system, or on whatever no other term names.

    It holds for work finished from the day `since` on, until a later one for the same takes over: what was promised
    with a home that is handed over already never changes. A term that has been in force is never edited but set out
    of use, or followed by one with a later day.
    """

    kind = models.CharField(_("kind of work"), max_length=20, choices=Kind)
    system = models.CharField(_("system"), max_length=20, choices=System, blank=True)
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("component")
    )
    since = models.DateField(_("for work finished from"), default=ALWAYS)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    seasons = models.PositiveSmallIntegerField(_("heating seasons"), null=True, blank=True)
    excluded = models.BooleanField(_("not covered"), default=False)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True, validators=[one_line])
    clause_en = models.TextField(_("clause in English"), max_length=1000, blank=True)
    clause_zh = models.TextField(_("clause in Chinese"), max_length=1000, blank=True)
    exclusions_en = models.TextField(_("what is not covered, in English"), max_length=1000, blank=True)
    exclusions_zh = models.TextField(_("what is not covered, in Chinese"), max_length=1000, blank=True)
    provider_en = models.CharField(
        _("who stands for it, in English"), max_length=120, blank=True, validators=[one_line], help_text=OURS
    )
    provider_zh = models.CharField(
        _("who stands for it, in Chinese"), max_length=120, blank=True, validators=[one_line], help_text=OURS
    )
    phone = models.CharField(
        pgettext_lazy("of whoever stands for a warranty", "telephone"), max_length=32, blank=True, validators=[one_line]
    )
    renews = models.BooleanField(
        _("begins anew after a repair"),
        default=False,
        help_text=_("The time begins anew for the component that was repaired under it."),
    )
    in_use = models.BooleanField(_("in use"), default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "system", "component", "-since"]
        verbose_name = _("term of the warranty")
        verbose_name_plural = _("terms of the warranty")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "system", "since"],
                condition=Q(component__isnull=True),
                name="warranty_term_once_a_system",
            ),
            models.UniqueConstraint(
                fields=["kind", "component", "since"],
                condition=Q(component__isnull=False),
                name="warranty_term_once_a_component",
            ),
            models.CheckConstraint(
                condition=Q(system="") | Q(component__isnull=True), name="warranty_term_of_system_or_component"
            ),
            models.CheckConstraint(
                condition=Q(excluded=True, months__isnull=True, seasons__isnull=True)
                | Q(excluded=False, months__gte=1, seasons__isnull=True)
                | Q(excluded=False, months__isnull=True, seasons__gte=1),
                name="warranty_term_lasts_or_excludes",
            ),
            models.CheckConstraint(
                condition=Q(renews=False) | Q(excluded=False), name="warranty_term_excluded_never_renews"
            ),
            models.CheckConstraint(
                condition=(~Q(name_en="") | ~Q(name_zh="")) & (~Q(clause_en="") | ~Q(clause_zh="")),
                name="warranty_term_has_words",
            ),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    @property
    def clause(self):
        return LocalizedText.of(self, "clause")

    @property
    def exclusions(self):
        return LocalizedText.of(self, "exclusions")

    @property
    def provider(self):
        return LocalizedText.of(self, "provider")

    def last_day(self, start):
        """The last day of a warranty that began on the day `start`; None where the term excludes."""
        if self.excluded:
            return None
        return months_after(start, self.months) if self.months else seasons_after(start, self.seasons)

    def clean(self):
        lasts = [self.months, self.seasons, self.excluded]
        if sum(bool(each) for each in lasts) != 1:
            raise ValidationError(
                {"months": _("Please give either months or heating seasons, or say that it is not covered.")}
            )
        if self.system and self.component_id:
            raise ValidationError({"component": _("Please choose either a system or a component.")})
        if self.excluded and self.renews:
            raise ValidationError({"renews": _("What is not covered can't begin anew.")})
        for field, words in (
            ("name", _("Please give a name in at least one language.")),
            ("clause", _("Please write the clause in at least one language.")),
        ):
            if not any(getattr(self, f"{field}_{language}").strip() for language in ("en", "zh")):
                raise ValidationError({f"{field}_en": words})
