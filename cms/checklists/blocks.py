"""The checklist in a guide: what the household does, and what we do for it, each with its day where it has one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.blocks.choices import OptionBlock

from .reading import lines_of
from .steps import milestone_choices

A_YEAR = 366


class ChecklistItemBlock(blocks.StructBlock):
    """One entry. Its id stays when it is edited or translated, and with it what was ticked."""

    text = blocks.CharBlock(label=_("What to do"), max_length=200)
    note = blocks.TextBlock(label=_("Note"), max_length=600, required=False, rows=2)
    milestone = OptionBlock(
        label=_("Dated by"),
        choices=milestone_choices,
        required=False,
        help_text=_("The step of the home's journey by which the day is reckoned. Empty: no day."),
    )
    days = blocks.IntegerBlock(
        label=_("Days from then"),
        min_value=-A_YEAR,
        max_value=A_YEAR * 5,
        required=False,
        help_text=_("-7 is a week before that step, 0 its own day, 30 a month after."),
    )
    ours = blocks.BooleanBlock(
        label=_("We do this for the owner"),
        required=False,
        help_text=_("It is promised to each home for its day, and your colleagues tick it off."),
    )

    class Meta:
        icon = "check"
        label = _("entry")

    def clean(self, value):
        value = super().clean(value)
        dated, days = bool(value.get("milestone")), value.get("days") is not None
        errors = {}
        if dated and not days:
            errors["days"] = ValidationError(gettext("How many days before or after this step?"))
        if days and not dated:
            errors["milestone"] = ValidationError(gettext("Days from which step?"))
        if value.get("ours") and not dated and not days:
            errors["milestone"] = ValidationError(gettext("What we promise needs a day. By which step is it dated?"))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value


class ChecklistBlock(blocks.StructBlock):
    """A list that households tick off. Without a home around it, as in the preview, it is shown with empty boxes."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    items = blocks.ListBlock(ChecklistItemBlock(), label=_("Entries"), min_num=1, max_num=60)

    class Meta:
        icon = "list-ul"
        label = _("Checklist")
        template = "cms/blocks/checklist.html"

    def get_context(self, value, parent_context=None):
        """Adds `lines`: the entries as the page's `ticking` shows them (`reading.ticking_of`), and `list_id`."""
        context = super().get_context(value, parent_context)
        lines = lines_of(value, context.get("ticking"))
        return context | {"lines": lines, "list_id": f"list-{lines[0].id}" if lines else ""}
