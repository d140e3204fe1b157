"""Choices of what is kept once and shown on several pages."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock


class CardBlock(SnippetChooserBlock):
    def __init__(self, **kwargs):
        super().__init__(**({"target_model": "cms.ContactCard"} | kwargs))

    class Meta:
        icon = "group"
        label = _("Contact")
        template = "cms/blocks/card.html"


class TableBlock(SnippetChooserBlock):
    def __init__(self, **kwargs):
        super().__init__(**({"target_model": "cms.PriceTable"} | kwargs))

    class Meta:
        icon = "table"
        label = _("Price table")
        template = "cms/blocks/price_table.html"
