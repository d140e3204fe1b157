"""A check item by item, as an owner reads it, or fills it in themselves."""

import uuid
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.files.forms import PhotosField, PhotosInput
from portal.bookings.passages import how_long_ago
from portal.care.checks.filling import MOST_PHOTOS
from portal.care.checks.models import LONGEST, Check, FormItem, Result

TONES = {"pass": "good", "fail": "warning", "no_access": "quiet"}


class FindingForm(forms.Form):
    """What an owner sees at their home. A phone that sends it later says when it was seen."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    made_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    sent_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("How is it?"),
        widget=forms.RadioSelect,
        choices=[
            ("pass", pgettext_lazy("an item of a check", "in order")),
            ("fail", pgettext_lazy("an item of a check", "not in order")),
            ("no_access", pgettext_lazy("an item of a check", "I cannot tell")),
        ],
    )
    value = forms.DecimalField(max_digits=9, decimal_places=3, required=False)
    note = forms.CharField(label=gettext_lazy("What do you see?"), max_length=LONGEST, required=False)
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        widget=PhotosInput(attrs={"data-max-files": MOST_PHOTOS, "multiple": True}),
    )

    def __init__(self, *args, item, **kwargs):
        super().__init__(*args, auto_id=f"{item.pk}-%s", **kwargs)
        self.item = item
        if item.measured:
            self.fields["value"].label = _("Measured, in %(unit)s") % {"unit": item.unit}
        else:
            del self.fields["value"]

    @property
    def shown(self):
        return [self[name] for name in ("verdict", "value", "note", "photos") if name in self.fields]

    def found(self, *, at):
        data = self.cleaned_data
        return {
            "result_id": data["op"],
            "verdict": data["verdict"],
            "value": data.get("value"),
            "note": " ".join(data["note"].split()),
            "photos": data["photos"],
            "done_at": how_long_ago(made_at=data["made_at"], sent_at=data["sent_at"], at=at),
            "at": at,
        }


@dataclass
class Line:
    """One item, what stands of it, its photos, and the form to answer it."""

    item: FormItem
    result: Result | None
    photos: list
    form: FindingForm | None

    @property
    def tone(self):
        return TONES[self.result.verdict] if self.result else ""


def lines_of(check, *, editable, refused=None):
    """[Line] in the order of the form. Three queries."""
    rows = check.results.filter(stands=True).select_related("ticket", "item").prefetch_related("photos__file")
    standing = {row.item_id: row for row in rows}
    editable = editable and check.stage in (Check.Stage.PLANNED, Check.Stage.BEGUN)
    lines = []
    for item in check.form.items.order_by("order", "pk"):
        form = FindingForm(item=item, initial={"op": uuid.uuid4()}) if editable else None
        form = refused if refused and refused.item.pk == item.pk else form
        result = standing.get(item.pk)
        lines.append(Line(item, result, photos_of(result) if result else [], form))
    return lines


def next_of(lines):
    return next((line.item for line in lines if line.result is None), None)


def photos_of(result):
    return [_photo(each, number) for number, each in enumerate(result.photos.all(), start=1)]


def _photo(each, number):
    large = reverse("home:check-photo", args=[each.pk, "large"])
    return {
        "page_url": large,
        "thumb_url": reverse("home:check-photo", args=[each.pk, "thumb"]),
        "large_url": large,
        "alt": _("Photo %(number)s") % {"number": number},
        "width": each.file.width,
        "height": each.file.height,
    }
