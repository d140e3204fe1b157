"""Words: text, a quotation, a call to act, questions and answers."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
)
from wagtail.blocks import TextBlock as PlainTextBlock

LINKS = ["link", "document-link"]
WRITING = ["h2", "h3", "bold", "ol", "ul", *LINKS]
ANSWER = ["bold", "ol", "ul", *LINKS]
ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?!/)|#)\S+|/", re.IGNORECASE)


def plain_address(value):
    """A validator: an address a link may lead to, of this site or another; no script."""
    if not ADDRESS.fullmatch(value):
        raise ValidationError(_("Please give an address such as https://example.com or /enquire/."))


class TextBlock(RichTextBlock):
    """Text with headings, lists and links. No italics, which Chinese does not know."""

    def __init__(self, **kwargs):
        super().__init__(**({"features": WRITING} | kwargs))

    class Meta:
        icon = "pilcrow"
        label = gettext_lazy("Text")
        template = "cms/blocks/text.html"


class QuoteBlock(StructBlock):
    text = PlainTextBlock(label=gettext_lazy("words"), rows=3, max_length=600)
    who = CharBlock(label=gettext_lazy("who said it"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = gettext_lazy("Quotation")
        template = "cms/blocks/quote.html"


class CallBlock(StructBlock):
    """One thing to do, with one button that leads to a page or an address."""

    heading = CharBlock(label=gettext_lazy("heading"), max_length=120)
    text = PlainTextBlock(label=gettext_lazy("text"), rows=2, max_length=400, required=False)
    label = CharBlock(label=gettext_lazy("words on the button"), max_length=40)
    page = PageChooserBlock(label=gettext_lazy("page"), required=False)
    url = CharBlock(
        label=gettext_lazy("or an address"),
        help_text=gettext_lazy("Such as /enquire/ or https://example.com."),
        max_length=300,
        required=False,
        validators=[plain_address],
    )

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation and bool(value["page"]) == bool(value["url"]):
            said = ValidationError(_("Please choose a page or give an address, one of the two."))
            raise StructBlockValidationError(block_errors={"page": said})
        return value

    class Meta:
        icon = "link"
        label = gettext_lazy("Call to act")
        template = "cms/blocks/call.html"


class EntryBlock(StructBlock):
    question = CharBlock(label=gettext_lazy("question"), max_length=200)
    answer = RichTextBlock(label=gettext_lazy("answer"), features=ANSWER)


class AccordionBlock(StructBlock):
    """Questions that open to their answers."""

    heading = CharBlock(label=gettext_lazy("heading"), max_length=120, required=False)
    entries = ListBlock(EntryBlock(label=gettext_lazy("entry")), label=gettext_lazy("entries"))

    class Meta:
        icon = "help"
        label = gettext_lazy("Questions that open")
        template = "cms/blocks/accordion.html"


class ServiceBlock(StructBlock):
    """One thing that the company does for people."""

    title = CharBlock(label=gettext_lazy("heading"), max_length=120)
    text = RichTextBlock(label=gettext_lazy("text"), features=ANSWER)
    price = CharBlock(
        label=pgettext_lazy("of a service", "price in a word"),
        help_text=gettext_lazy("Such as “free in town” or “30 a square metre”."),
        max_length=80,
        required=False,
    )

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("what the company does", "Service")
        template = "cms/blocks/service.html"
