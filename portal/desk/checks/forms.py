"""What is said of one item of a check, and the signature under all of them."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.forms import PhotosField, PhotosInput
from accounts.models import one_line
from portal.bookings.passages import how_long_ago
from portal.care.checks.filling import MOST_PHOTOS
from portal.care.checks.models import LONGEST, CheckForm, FormItem, Result

from ..gate.forms import EntryForm
from ..repairs.signatures import DrawnField, PaperField

CALLED = [
    ("pass", pgettext_lazy("asked on the telephone", "yes")),
    ("fail", pgettext_lazy("asked on the telephone", "no")),
    ("no_access", pgettext_lazy("asked on the telephone", "they cannot say")),
]


class FindingForm(EntryForm):
    """`op`, from EntryForm, is the id of the finding; a phone that sends it later says when it was made."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("an item of a check", "Found"), choices=Result.Verdict, widget=forms.RadioSelect
    )
    value = forms.CharField(
        label=_("Measured"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    unit = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), max_length=LONGEST, required=False, validators=[one_line])
    photos = PhotosField(
        label=_("Photos"), required=False, widget=PhotosInput(attrs={"data-max-files": MOST_PHOTOS, "multiple": True})
    )

    def __init__(self, *args, item, before=None, **kwargs):
        """`before`: the Result that stands, to begin with what was found."""
        known = {"verdict": before.verdict, "value": before.value, "note": before.note} if before else {}
        initial = {"op": uuid.uuid4(), "unit": item.unit} | known
        super().__init__(*args, initial=initial, auto_id=f"{item.pk}-%s", **kwargs)
        self.item = item
        self._ask_for_photos(item.photo)
        if item.form.by == CheckForm.By.CALL:
            self.fields["verdict"].label = pgettext_lazy("an item of a check", "They say")
            self.fields["verdict"].choices = CALLED
        if item.measured:
            self.fields["value"].label = _("Measured, in %(unit)s") % {"unit": item.unit}
            self.fields["value"].help_text = limits_of(item)
        else:
            del self.fields["value"]

    def _ask_for_photos(self, when):
        if when == FormItem.Photo.NEVER:
            del self.fields["photos"]
        elif when == FormItem.Photo.ALWAYS:
            self.fields["photos"].help_text = _("A photo is needed here.")
        else:
            self.fields["photos"].help_text = _("Needed where it is not in order.")

    @property
    def shown(self):
        return [self[name] for name in ("value", "verdict", "note", "photos") if name in self.fields]

    def found(self, *, at):
        """What `filling.record` takes."""
        data = self.cleaned_data
        return {
            "result_id": data["op"],
            "verdict": data["verdict"],
            "value": data.get("value"),
            "unit": data["unit"],
            "note": data["note"],
            "photos": data.get("photos", ()),
            "done_at": how_long_ago(made_at=data["made_at"], sent_at=data["sent_at"], at=at),
            "at": at,
        }


def limits_of(item):
    """“198 to 235.4 V”, as the form says it."""
    low, high = (None if limit is None else f"{limit.normalize():f}" for limit in (item.low, item.high))
    if low is None:
        return _("At most %(high)s %(unit)s") % {"high": high, "unit": item.unit}
    if high is None:
        return _("At least %(low)s %(unit)s") % {"low": low, "unit": item.unit}
    return _("%(low)s to %(high)s %(unit)s") % {"low": low, "high": high, "unit": item.unit}


class SignForm(EntryForm):
    signed_name = forms.CharField(label=_("Who signs"), max_length=80, validators=[one_line])
    signature = DrawnField(required=False)
    paper = PaperField(
        label=_("Or a photo of the signed paper"),
        required=False,
        widget=PhotosInput(attrs={"data-paper": "", "data-max-files": 1, "multiple": False}),
    )

    def clean(self):
        cleaned = super().clean()
        signed = cleaned.get("signature") or cleaned.get("paper")
        if not signed and not self.errors.keys() & {"signature", "paper"}:
            self.add_error("paper", _("Please let them sign, or take a photo of the signed paper."))
        return cleaned
