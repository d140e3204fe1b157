"""Touchpoints: the moments at which the company promises something to an owner, with the standard that holds there."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line


class TouchpointQuerySet(models.QuerySet):
    def in_use(self):
        """Those that new promises name; the others stay with what they were named for."""
        return self.filter(in_use=True)


class Touchpoint(models.Model):
    """One of them. `code` is what kinds of promises name; the words and the standard are the company's to change."""

    class Stage(models.TextChoices):
        """The stages of a development, in order."""

        INVESTMENT = "1-investment", _("investment")
        DESIGN = "2-design", pgettext_lazy("a stage", "design")
        CONSTRUCTION = "3-construction", pgettext_lazy("a stage", "construction")
        SALE = "4-sale", pgettext_lazy("a stage", "sale")
        HANDOVER = "5-handover", pgettext_lazy("a stage", "handover")
        AFTER_HANDOVER = "6-after-handover", _("after handover")
        LIVING = "7-living", _("living there")

    class Sensitivity(models.TextChoices):
        A = "A", _("A: safety, basic needs, peace of mind, the wish or means to buy")
        B = "B", _("B: quality of life beyond basic needs")
        C = "C", _("C: the rest")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    stage = models.CharField(_("stage of a development"), max_length=20, choices=Stage)
    sensitivity = models.CharField(_("sensitivity"), max_length=1, choices=Sensitivity)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True, validators=[one_line])
    department_en = models.CharField(
        _("responsible department, in English"), max_length=80, blank=True, validators=[one_line]
    )
    department_zh = models.CharField(
        _("responsible department, in Chinese"), max_length=80, blank=True, validators=[one_line]
    )
    standard_en = models.TextField(_("standard in English"), max_length=1000, blank=True)
    standard_zh = models.TextField(_("standard in Chinese"), max_length=1000, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = TouchpointQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "sensitivity", "code"]
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        constraints = [
            models.CheckConstraint(condition=Q(sensitivity__in=["A", "B", "C"]), name="touchpoint_sensitivity_known"),
            models.CheckConstraint(condition=~Q(name_en="") | ~Q(name_zh=""), name="touchpoint_has_a_name"),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    @property
    def department(self):
        return LocalizedText.of(self, "department")

    @property
    def standard(self):
        return LocalizedText.of(self, "standard")

    def clean(self):
        """Each text is there in one language at least; owners' and colleagues' pages fall back to the other."""
        for field, words in (
            ("name", _("Please give a name in at least one language.")),
            ("department", _("Please name the department in at least one language.")),
            ("standard", _("Please write the standard in at least one language.")),
        ):
            if not any(getattr(self, f"{field}_{language}").strip() for language in ("en", "zh")):
                raise ValidationError({f"{field}_en": words})
