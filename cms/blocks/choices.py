"""Choices: of what is kept once and shown on several pages, and of what editors settle without a word for readers."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import ChoiceBlock
from wagtail.snippets.blocks import SnippetChooserBlock


class OptionBlock(ChoiceBlock):
    """One of the editors' own words, such as the tone of a note: no page says it, so no search finds it."""

    def get_searchable_content(self, value):
        return []


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
