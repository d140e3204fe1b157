"""What the company does, and what it costs."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock, ServiceBlock, TableBlock

from .base import PublicPage


class ServicesPage(PublicPage):
    """Services and the price list: fees of surveys, terms of warranty and payment, from price tables."""

    services = StreamField([("service", ServiceBlock())], verbose_name=_("services"), blank=True)
    prices = StreamField([("table", TableBlock())], verbose_name=_("price list"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("services"),
        FieldPanel("prices"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("page of services and prices")
