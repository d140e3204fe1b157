"""The public site's front page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import BodyBlock, FigureBlock

from .base import PublicPage
from .developments import DevelopmentIndexPage, DevelopmentPage
from .news import ArticlePage, NewsIndexPage


class HomePage(PublicPage):
    """The public site's front page, one a language."""

    headline = models.CharField(_("headline"), max_length=120)
    cover_on_top = models.BooleanField(
        _("the page's picture at its top"),
        help_text=_("Instead of the drawing, which follows the colours of day and night."),
        default=False,
    )
    highlights = StreamField(
        [("figure", FigureBlock())],
        verbose_name=_("figures under the picture"),
        max_num=3,
        blank=True,
    )
    promises_heading = models.CharField(_("heading of the promises"), max_length=120, blank=True)
    promises_lead = models.TextField(_("lead of the promises"), max_length=400, blank=True)
    promises = StreamField([("figure", FigureBlock())], verbose_name=_("how we keep promises"), max_num=6, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("lead"),
        PublicPage.cover_panel,
        FieldPanel("cover_on_top"),
        FieldPanel("highlights"),
        MultiFieldPanel(
            [FieldPanel("promises_heading"), FieldPanel("promises_lead"), FieldPanel("promises")],
            heading=_("How we keep promises"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.DevelopmentIndexPage",
        "cms.NewsIndexPage",
        "cms.ServicesPage",
        "cms.DesignersPage",
        "cms.QuestionsPage",
        "cms.ComplaintsBoardPage",
        "cms.ContactPage",
        "cms.StandardPage",
        "guides.GuideIndexPage",
    ]
    max_count_per_parent = 2

    class Meta:
        verbose_name = _("home page")

    def to_show(self, request):
        return {
            "places": list(DevelopmentPage.objects.below(self).order_by("path")[:6]),
            "places_page": DevelopmentIndexPage.objects.below(self).first(),
            "news": list(ArticlePage.objects.below(self).newest()[:3]),
            "news_page": NewsIndexPage.objects.below(self).first(),
        }
