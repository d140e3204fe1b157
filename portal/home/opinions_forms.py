"""What an owner says after an open day."""

import uuid

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.files.forms import PhotosField
from accounts.models import one_line
from portal.bookings.opinions.areas import Area, Verdict
from portal.bookings.opinions.models import LONGEST_ON_AREA
from progress.questions.forms import WordsField

RATINGS = [
    ("5", pgettext_lazy("a rating", "5: very good")),
    ("4", pgettext_lazy("a rating", "4: good")),
    ("3", pgettext_lazy("a rating", "3: fair")),
    ("2", pgettext_lazy("a rating", "2: poor")),
    ("1", pgettext_lazy("a rating", "1: very poor")),
]


class OpinionForm(forms.Form):
    """`opinion`: the one that is edited; each Area has a verdict and words."""

    opinion_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    rating = forms.ChoiceField(label=gettext_lazy("How was it, all in all?"), choices=RATINGS, widget=forms.RadioSelect)
    text = WordsField(label=gettext_lazy("What do you want to tell us?"), required=False)
    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("Take them here, or choose several from the phone."),
    )

    def __init__(self, *args, opinion=None, **kwargs):
        initial = _initial_of(opinion) if opinion else {}
        super().__init__(*args, initial=initial, **kwargs)
        for area in Area:
            verdicts = [("", gettext_lazy("nothing to say")), *Verdict.choices]
            self.fields[f"{area}-verdict"] = forms.ChoiceField(
                label=capfirst(area.label), choices=verdicts, required=False
            )
            self.fields[f"{area}-text"] = forms.CharField(
                label=gettext_lazy("In a few words"),
                max_length=LONGEST_ON_AREA,
                required=False,
                validators=[one_line],
            )

    def area_fields(self):
        """[(name of the area, verdict, words, whether something stands there)]."""
        pairs = [(area, self[f"{area}-verdict"], self[f"{area}-text"]) for area in Area]
        return [
            (capfirst(area.label), verdict, text, bool(verdict.value() or text.value()))
            for area, verdict, text in pairs
        ]

    def clean(self):
        cleaned = super().clean()
        for area in Area:
            if cleaned.get(f"{area}-text") and not cleaned.get(f"{area}-verdict"):
                self.add_error(f"{area}-verdict", _("Please say what you think of it, too."))
        return cleaned

    def said(self):
        """The keyword arguments of `leave_opinion`."""
        given = self.cleaned_data
        return {
            "opinion_id": given["opinion_id"],
            "rating": int(given["rating"]),
            "text": given["text"],
            "areas": {
                area: (given[f"{area}-verdict"], given[f"{area}-text"]) for area in Area if given[f"{area}-verdict"]
            },
            "photos": given["photos"] or [],
        }


def _initial_of(opinion):
    initial = {"opinion_id": opinion.pk, "rating": str(opinion.rating), "text": opinion.text}
    for said in opinion.areas.all():
        initial |= {f"{said.area}-verdict": said.verdict, f"{said.area}-text": said.text}
    return initial
