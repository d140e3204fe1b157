"""A check as whoever does it needs it at the home: section by section, what is answered and what is left."""

from dataclasses import dataclass

from portal.care.checks.filling import disputed
from portal.care.checks.models import Check, FormItem, Result

from .forms import FindingForm

TONES = {"pass": "good", "fail": "warning", "no_access": "quiet"}


@dataclass
class Line:
    """One item with what stands of it, what people disagree about, and the form to answer it."""

    item: FormItem
    result: Result | None
    disputed: list
    form: FindingForm | None

    @property
    def tone(self):
        return TONES[self.result.verdict] if self.result else ""


def lines_of(check, *, refused=None):
    """[Line] in the order of the form. `refused`: the FindingForm that could not be kept, as it was filled in."""
    standing = {row.item_id: row for row in check.results.filter(stands=True).select_related("by", "ticket", "item")}
    torn, editable = disputed(check), check.stage in (Check.Stage.PLANNED, Check.Stage.BEGUN)
    lines = []
    for item in check.form.items.select_related("component", "form").order_by("order", "pk"):
        result = standing.get(item.pk)
        form = refused if refused and refused.item.pk == item.pk else FindingForm(item=item, before=result)
        lines.append(Line(item, result, torn.get(item.pk, []), form if editable else None))
    return lines


def next_of(lines):
    """The first item that is still to be answered; None when all are."""
    return next((line.item for line in lines if line.result is None), None)
