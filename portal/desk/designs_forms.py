"""The forms in which staff write, amend and withdraw design changes, and note calls about them."""

import uuid
from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.forms import DocumentsField
from accounts.models import Owner, one_line
from progress.designs.drafting import FEWEST_DAYS
from progress.designs.models import DesignCall, DesignChange
from progress.designs.models.changes import TEXTS
from progress.models import HOSTS

from .board_forms import DAY
from .site_places import PlacesFields

AREA = forms.Textarea(attrs={"rows": 4})


class DrawingsField(DocumentsField):
    """Cleans to CheckedUploads that can all be stored; what is wrong with any of them is an error of the form."""

    def clean(self, data, initial=None):
        if not data:
            return []
        uploads = super().clean(data, initial)
        if problems := [upload.problem for upload in uploads if upload.problem]:
            raise forms.ValidationError(problems)
        return uploads


class DesignTextsForm(forms.ModelForm):
    """What changes, why, and what it means for the home, per language; one whole language is enough."""

    drawings = DrawingsField(
        label=_("Drawings"), required=False, help_text=_("PDFs and pictures; several can be chosen at once.")
    )

    class Meta:
        model = DesignChange
        fields = (*TEXTS, "answer_by")
        widgets = {name: AREA for name in TEXTS if not name.startswith("title")} | {"answer_by": DAY}
        help_texts = {"answer_by": _("We remind the owners three days before, and one.")}

    def clean(self):
        cleaned = super().clean()
        written = DesignChange(**{name: cleaned.get(name) or "" for name in TEXTS})
        if not self.errors and not written.is_complete():
            words = _("Please write the title, what changes, why, and what it means, in at least one language.")
            raise forms.ValidationError(words)
        return cleaned

    def validate_constraints(self):
        """Left out: `clean` asks for more, in words for the one who writes."""

    def texts(self):
        """The text fields by name, as the actions take them."""
        return {name: self.cleaned_data[name] for name in TEXTS}


class DesignForm(PlacesFields, DesignTextsForm):
    """A draft: whom it concerns, its texts and drawings, until when owners answer."""

    change_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    nobody_chosen = _("Please choose whom this change concerns.")
    places_apart = _("These places belong to different developments. Please write one design change for each.")

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_places(user)
        self.fields["answer_by"].widget.attrs["min"] = (today + timedelta(days=FEWEST_DAYS)).isoformat()
        self.order_fields(["places", "home_numbers", *TEXTS, "drawings", "answer_by"])

    def clean(self):
        cleaned = super().clean()
        cleaned["chosen"] = self.chosen_places(cleaned)
        return cleaned

    def draft(self):
        """The keyword arguments of `draft_change` and `edit_change`."""
        given = self.cleaned_data
        names = {"places": "chosen", "answer_by": "answer_by", "drawings": "drawings"}
        return {"texts": self.texts(), **{name: given[field] for name, field in names.items()}}


class AmendForm(DesignTextsForm):
    """Another text for the same homes, and what is new in it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note_en = forms.CharField(label=_("What is new, in English"), max_length=300, required=False, validators=[one_line])
    note_zh = forms.CharField(label=_("What is new, in Chinese"), max_length=300, required=False, validators=[one_line])
    without = forms.ModelMultipleChoiceField(
        label=_("Drawings that no longer hold"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They stay with the earlier text."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["without"].queryset = self.instance.drawings_now()
        self.order_fields(["note_en", "note_zh", *TEXTS, "without", "drawings", "answer_by"])

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("note_en") or cleaned.get("note_zh")):
            self.add_error("note_en", _("Please say what is new; the owners read it."))
        return cleaned

    def amendment(self):
        """The keyword arguments of `amend_change`."""
        given = self.cleaned_data
        return {
            "seen": given["seen"],
            "texts": self.texts(),
            "answer_by": given["answer_by"],
            "notes": {name: given[name] for name in ("note_en", "note_zh")},
            "drawings": given["drawings"],
            "without": [drawing.pk for drawing in given["without"]],
        }


class WithdrawForm(forms.Form):
    reason_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False, validators=[one_line])
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=300, required=False, validators=[one_line])


class CallForm(forms.Form):
    """What came of a call to one of the home's owners."""

    call_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    owner = forms.ModelChoiceField(label=_("Whom you called"), queryset=None, empty_label=None)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=DesignCall.Outcome, widget=forms.RadioSelect)
    note = forms.CharField(
        label=pgettext_lazy("of a call", "Note"),
        max_length=500,
        required=False,
        validators=[one_line],
        help_text=_("For colleagues. What they said to you is no answer: they give it in the portal themselves."),
    )

    def __init__(self, *args, home, **kwargs):
        super().__init__(*args, **kwargs)
        ties = home.ownerships.live().filter(role__in=HOSTS)
        self.fields["owner"].queryset = Owner.objects.active().filter(pk__in=ties.values("owner"))


class StandingForm(forms.Form):
    """Which homes are listed."""

    CHOICES = [
        ("waiting", _("Not answered")),
        ("objected", _("Objections")),
        ("acknowledged", _("Acknowledged")),
        ("unowned", _("Nobody to ask yet")),
        ("", _("All")),
    ]
    state = forms.ChoiceField(choices=CHOICES, required=False)

    def chosen(self):
        return self.cleaned_data["state"] if self.is_valid() else ""
