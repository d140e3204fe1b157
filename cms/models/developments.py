"""Developments and their house types, as the public sees them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock, FactBlock, MapBlock, PictureBlock, PlanBlock, RisksBlock
from cms.blocks.risks import WITHOUT_RISKS
from cms.open_days import open_days_of
from progress.journeys.public import public_progress
from progress.models import Home

from .base import PublicPage

SCENES = {
    "planned": "ui/art/site-ground.svg",
    "building": "ui/art/site-windows.svg",
    "renewing": "ui/art/alley.svg",
    "lived_in": "ui/art/riverside.svg",
}


def _facts():
    return StreamField([("fact", FactBlock())], verbose_name=_("facts"), blank=True)


class DevelopmentIndexPage(PublicPage):
    """All developments."""

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.DevelopmentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of all developments")

    def to_show(self, request):
        return {"places": list(DevelopmentPage.objects.below(self).order_by("path"))}


class DevelopmentPage(PublicPage):
    """One development: what it is, what speaks against it, how far it is."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a development", "planned")
        BUILDING = "building", pgettext_lazy("a development", "being built")
        RENEWING = "renewing", pgettext_lazy("a development", "being renewed")
        LIVED_IN = "lived_in", pgettext_lazy("a development", "lived in")

    development = models.ForeignKey(
        "progress.Development",
        verbose_name=_("development"),
        help_text=_("Its milestones, open days and homes are shown on this page."),
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.BUILDING)
    overline = models.CharField(
        _("words above the title"),
        help_text=_("Such as “Being built, keys from June 2027”."),
        max_length=80,
        blank=True,
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    facts = _facts()
    gallery = StreamField([("picture", PictureBlock())], verbose_name=_("gallery"), max_num=12, blank=True)
    gallery_note = models.TextField(_("words under the gallery"), max_length=400, blank=True)
    risks_lead = models.TextField(_("lead of the risks"), max_length=400, blank=True)
    risks = StreamField(
        RisksBlock(),
        verbose_name=_("risks inside and around the site"),
        help_text=_("Without them the page can't be published."),
        blank=True,
    )
    location = StreamField([("map", MapBlock())], verbose_name=_("location"), max_num=1, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("development"), FieldPanel("state"), FieldPanel("overline"), FieldPanel("address")],
            heading=_("Development"),
        ),
        FieldPanel("facts"),
        MultiFieldPanel([FieldPanel("gallery"), FieldPanel("gallery_note")], heading=_("Gallery")),
        MultiFieldPanel([FieldPanel("risks_lead"), FieldPanel("risks")], heading=_("Risks inside and around the site")),
        FieldPanel("location"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.DevelopmentIndexPage"]
    subpage_types = ["cms.HouseTypePage", "cms.OpenDayPage"]

    class Meta:
        verbose_name = _("page of a development")

    def clean(self):
        """What goes on line has its risks, by whichever way it gets there; a draft may still lack them."""
        super().clean()
        if self.live and not (self.risks_around or self.risks_inside):
            raise ValidationError({"risks": str(WITHOUT_RISKS)})

    def to_show(self, request):
        house_types = HouseTypePage.objects.below(self).select_related("house_type").order_by("path")
        return {
            "progress": public_progress(self.development_id),
            "open_days": open_days_of(self.development, at=timezone.now()),
            "house_types": list(house_types),
        }

    @property
    def is_for_sale(self):
        """Whether there may be homes left to buy."""
        return self.state in {self.State.PLANNED, self.State.BUILDING}

    @property
    def tone(self):
        return "good" if self.state == self.State.LIVED_IN else "warning"

    @property
    def scene(self):
        """The drawing that stands for a place without a picture of its own."""
        return SCENES[self.state]

    @property
    def pictures_shown(self):
        return [block.value for block in self.gallery]

    @property
    def risks_around(self):
        return [block.value for block in self.risks if block.block_type == "outer"]

    @property
    def risks_inside(self):
        return [block.value for block in self.risks if block.block_type == "inner"]

    @property
    def risks_plan(self):
        return next((block.value for block in self.risks if block.block_type == "plan"), None)

    @property
    def risks_notes(self):
        return [block.value for block in self.risks if block.block_type == "note"]


class HouseTypePage(PublicPage):
    """One kind of home in a development."""

    house_type = models.ForeignKey(
        "progress.HouseType",
        verbose_name=_("house type"),
        help_text=_("How many of its homes are left is counted."),
        on_delete=models.PROTECT,
        related_name="+",
    )
    rooms = models.CharField(
        _("rooms in a word"), help_text=_("Such as “three rooms, two baths”."), max_length=80, blank=True
    )
    plan = StreamField([("plan", PlanBlock())], verbose_name=_("floor plan"), max_num=2, blank=True)
    facts = _facts()
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("house_type"),
        FieldPanel("rooms"),
        FieldPanel("plan"),
        FieldPanel("facts"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.DevelopmentPage"]
    subpage_types = []

    class Meta:
        verbose_name = _("page of a house type")

    def to_show(self, request):
        place = DevelopmentPage.objects.parent_of(self).first()
        homes = Home.objects.filter(house_type=self.house_type_id)
        return {
            "place": place,
            "homes": homes.count(),
            "homes_left": homes.without_owner().count() if place and place.is_for_sale else None,
        }

    @property
    def area(self):
        """98.6 m², or nothing where nobody has measured it."""
        return f"{self.house_type.area.normalize():f} m²" if self.house_type.area else ""

    @property
    def summary(self):
        return " · ".join(words for words in (self.area, self.rooms) if words)
