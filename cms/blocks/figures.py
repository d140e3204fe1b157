"""Things to look up: facts, figures, steps, prices."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock

from .texts import ANSWER


class FactBlock(StructBlock):
    label = CharBlock(label=_("what"), max_length=80)
    value = CharBlock(label=pgettext_lazy("of a fact", "value"), max_length=300)

    class Meta:
        icon = "list-ul"
        label = _("Fact")


class FactsBlock(StructBlock):
    heading = CharBlock(label=_("heading"), max_length=120, required=False)
    facts = ListBlock(FactBlock(), label=_("facts"))

    class Meta:
        icon = "table"
        label = _("Facts")
        template = "cms/blocks/facts.html"


class FigureBlock(StructBlock):
    """A number worth a line of its own: “98.2 %”, and what it means."""

    label = CharBlock(label=_("what"), max_length=80)
    value = CharBlock(label=_("figure"), max_length=20)
    unit = CharBlock(label=_("unit"), max_length=30, required=False)
    note = CharBlock(label=_("how it comes about"), max_length=200, required=False)

    class Meta:
        icon = "order"
        label = _("Figure")


class StepBlock(StructBlock):
    title = CharBlock(label=_("heading"), max_length=120)
    text = RichTextBlock(label=_("text"), features=ANSWER, required=False)


class StepsBlock(StructBlock):
    heading = CharBlock(label=_("heading"), max_length=120, required=False)
    steps = ListBlock(StepBlock(label=_("step")), label=_("steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "cms/blocks/steps.html"


class PriceRowBlock(StructBlock):
    """A line of a price table. The price is text: “200”, “1 year”, “55 %, 40 %, 5 %”."""

    what = CharBlock(label=_("what"), max_length=160)
    price = CharBlock(label=_("price or term"), max_length=80)
    note = PlainTextBlock(label=_("note"), rows=2, max_length=300, required=False)

    class Meta:
        icon = "table"
        label = _("Line")
