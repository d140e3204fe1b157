"""What guides have beside text and pictures: notes, checklists, sums for the reader's own home, tolerances."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.blocks import CharBlock, DecimalBlock, IntegerBlock, ListBlock, RichTextBlock, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock

from cms.blocks import ReadingBlock
from cms.blocks.choices import OptionBlock
from cms.blocks.texts import ANSWER
from cms.checklists.blocks import ChecklistBlock

from .sums import Per, sums_for


class NoteBlock(StructBlock):
    """Something to know before all else."""

    tone = OptionBlock(
        label=_("kind of note"),
        choices=[("info", _("good to know")), ("good", _("reassuring")), ("warning", _("take care"))],
        default="info",
    )
    title = CharBlock(label=_("heading"), max_length=120)
    text = RichTextBlock(label=_("text"), features=ANSWER, required=False)

    class Meta:
        icon = "info-circle"
        label = pgettext_lazy("in a guide", "Note")
        template = "cms/blocks/note.html"


class FeeLineBlock(StructBlock):
    label = CharBlock(label=pgettext_lazy("of a fee", "what for"), max_length=120)
    rate = DecimalBlock(label=_("rate"), min_value=0, max_digits=10, decimal_places=4)
    per = OptionBlock(label=pgettext_lazy("of a fee", "for each"), choices=Per.choices, default=Per.M2)
    months = IntegerBlock(
        label=_("months paid at once"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Only of what is paid by the month. Empty: one month."),
    )
    note = CharBlock(label=_("note"), max_length=200, required=False)

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("in a guide", "Fee")


class FeesBlock(StructBlock):
    """A table of fees. To an owner it shows what each comes to for their home."""

    heading = CharBlock(label=_("heading"), max_length=120, required=False)
    lines = ListBlock(FeeLineBlock(), label=_("fees"), min_num=1)

    class Meta:
        icon = "table"
        label = _("Fees")
        template = "cms/blocks/fees.html"

    def get_context(self, value, parent_context=None):
        """Adds `sums`: what the lines come to for the page's `home`."""
        context = super().get_context(value, parent_context)
        home = context.get("home")
        context["sums"] = sums_for(value["lines"], home.area if home else None)
        return context


class ToleranceBlock(StructBlock):
    what = CharBlock(label=_("what is measured"), max_length=120)
    limit = CharBlock(label=_("what is normal"), max_length=160)
    how = PlainTextBlock(label=_("how one looks"), rows=2, max_length=300, required=False)

    class Meta:
        icon = "resize"
        label = _("Tolerance")


class TolerancesBlock(StructBlock):
    """How much is normal. Never a reason to refuse a report, and the table says so."""

    heading = CharBlock(label=_("heading"), max_length=120, required=False)
    rows = ListBlock(ToleranceBlock(), label=_("tolerances"), min_num=1)

    class Meta:
        icon = "resize"
        label = _("Tolerances")
        template = "cms/blocks/tolerances.html"


class GuideBlock(ReadingBlock):
    """The body of a guide."""

    note = NoteBlock()
    checklist = ChecklistBlock()
    fees = FeesBlock()
    tolerances = TolerancesBlock()
