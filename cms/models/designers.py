"""Designers and what they take."""

import re

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock, PictureBlock

from .base import PublicPage


class Grade(models.TextChoices):
    """How experienced a designer is; the fee follows from it."""

    STANDARD = "standard", pgettext_lazy("grade of a designer", "standard")
    SENIOR = "senior", pgettext_lazy("grade of a designer", "senior")
    ASSOCIATE = "associate", pgettext_lazy("grade of a designer", "associate principal")
    PRINCIPAL = "principal", pgettext_lazy("grade of a designer", "principal")


def _fee(grade, amount):
    return models.PositiveSmallIntegerField(grade.label, default=amount, validators=[MaxValueValidator(9999)])


class DesignersPage(PublicPage):
    """All designers, and the fees by grade in currency units a square metre."""

    fee_standard = _fee(Grade.STANDARD, 30)
    fee_senior = _fee(Grade.SENIOR, 60)
    fee_associate = _fee(Grade.ASSOCIATE, 120)
    fee_principal = _fee(Grade.PRINCIPAL, 200)
    fee_package = models.PositiveSmallIntegerField(
        _("the A6 package adds"), default=30, validators=[MaxValueValidator(9999)]
    )
    fees_note = models.TextField(_("words under the fees"), max_length=400, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("fee_standard"), FieldPanel("fee_senior")]),
                FieldRowPanel([FieldPanel("fee_associate"), FieldPanel("fee_principal")]),
                FieldPanel("fee_package"),
                FieldPanel("fees_note"),
            ],
            heading=_("Fees a square metre"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.DesignerPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of all designers")

    def to_show(self, request):
        return {"designers": list(DesignerPage.objects.below(self).order_by("path"))}

    @property
    def fees(self):
        """(grade in words, fee, fee with the package) of each grade."""
        fees = [(grade.label, getattr(self, f"fee_{grade.value}")) for grade in Grade]
        return [(label, fee, fee + self.fee_package) for label, fee in fees]

    def fee_of(self, grade):
        return getattr(self, f"fee_{grade}")


class DesignerPage(PublicPage):
    """One designer. The title is the name, the picture of the page the portrait."""

    grade = models.CharField(_("grade"), max_length=10, choices=Grade, default=Grade.STANDARD)
    styles = models.CharField(_("styles"), help_text=_("With commas between them."), max_length=200, blank=True)
    awards = models.TextField(_("awards"), help_text=_("One a line."), max_length=1000, blank=True)
    homes_done = models.PositiveIntegerField(_("homes done"), null=True, blank=True)
    years = models.PositiveSmallIntegerField(_("years in the profession"), null=True, blank=True)
    clients_a_year = models.PositiveSmallIntegerField(_("clients a year"), null=True, blank=True)
    works = StreamField([("picture", PictureBlock())], verbose_name=_("works"), max_num=12, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("grade"),
                FieldPanel("styles"),
                FieldPanel("awards"),
                FieldRowPanel([FieldPanel("homes_done"), FieldPanel("years"), FieldPanel("clients_a_year")]),
            ],
            heading=_("Designer"),
        ),
        FieldPanel("works"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.DesignersPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("page of a designer")

    def to_show(self, request):
        designers = DesignersPage.objects.parent_of(self).first()
        return {
            "fee": designers.fee_of(self.grade),
            "with_package": designers.fee_of(self.grade) + designers.fee_package,
        }

    @property
    def pictures_shown(self):
        return [block.value for block in self.works]

    @property
    def style_names(self):
        return [name.strip() for name in re.split("[,，、]", self.styles) if name.strip()]

    @property
    def award_names(self):
        return [name.strip() for name in self.awards.splitlines() if name.strip()]
