"""What somebody writes who asks for work; and what staff write about it."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import one_line
from progress.questions.forms import WordsField

from .fields import (
    PlainDateField,
    PlainEmailField,
    PlainTelephoneField,
    area_field,
    budget_field,
    residents_field,
)
from .models import Enquiry

OPTIONAL = {"required": False}
UNKNOWN = [("", _("Please choose"))]


class LineField(forms.CharField):
    def __init__(self, **kwargs):
        super().__init__(validators=[one_line], **kwargs)


class EnquiryForm(forms.Form):
    """`developments`: those that the public knows. `website` is for programs alone: people don't see it."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=Enquiry.Kind, widget=forms.RadioSelect)
    emergency = forms.BooleanField(
        label=_("It can't wait: a leak, gas, electric shock, somebody in danger"),
        help_text=_("We call at once, day or night. If there is danger, please ring us now instead of writing."),
        **OPTIONAL,
    )
    name = LineField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PlainTelephoneField(
        label=pgettext_lazy("an enquiry", "Telephone"), help_text=_("We call you on this number.")
    )
    email = PlainEmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}), **OPTIONAL
    )
    call_when = forms.ChoiceField(
        label=_("When may we call?"),
        choices=Enquiry.Hours,
        initial=Enquiry.Hours.ANY,
        help_text=_("Never before 8:00 and never after 22:00."),
    )
    development = forms.ModelChoiceField(
        label=_("Which development?"), queryset=None, empty_label=_("Another place, or none of these"), **OPTIONAL
    )
    estate = LineField(label=_("Name of the estate"), max_length=120, **OPTIONAL)
    address = LineField(
        label=_("Address"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "street-address"}), **OPTIONAL
    )
    area = area_field(label=_("Area in m²"), **OPTIONAL)
    received_on = PlainDateField(
        label=_("When do you receive the home?"),
        widget=forms.DateInput(),
        help_text=_("Or when you received it."),
        **OPTIONAL,
    )
    residents = residents_field(label=_("How many people will live there?"), **OPTIONAL)
    start = forms.ChoiceField(
        label=_("When should the work start?"), choices=[*UNKNOWN, *Enquiry.Start.choices], **OPTIONAL
    )
    budget = budget_field(label=_("Budget in yuan"), help_text=_("A rough figure helps; 30万 is fine."), **OPTIONAL)
    focus = WordsField(label=_("What matters most to you?"), max_length=1000, rows=4, **OPTIONAL)
    survey_on = PlainDateField(label=_("On which day?"), widget=forms.DateInput(), **OPTIONAL)
    survey_part = forms.ChoiceField(label=_("Part of the day"), choices=[*UNKNOWN, *Enquiry.Part.choices], **OPTIONAL)
    agreed = forms.BooleanField(
        label=_("I agree that my details are used as written here"),
        error_messages={"required": _("Without this we may not keep your telephone number, and so could not call.")},
    )
    consent_version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput, **OPTIONAL)
    ticket = forms.CharField(max_length=400, widget=forms.HiddenInput, **OPTIONAL)
    website = forms.CharField(label=_("Please leave this empty"), max_length=200, **OPTIONAL)

    def __init__(self, *args, developments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["development"].queryset = developments
        self.fields["phone"].widget.attrs |= {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}

    def clean(self):
        given = super().clean()
        if given.get("survey_on") and not given.get("survey_part") and "survey_part" not in self.errors:
            self.add_error("survey_part", _("Please say whether in the morning or in the afternoon."))
        if given.get("survey_part") and not given.get("survey_on") and "survey_on" not in self.errors:
            self.add_error("survey_on", _("Please say on which day."))
        return given

    @property
    def by_program(self):
        """Whether what nobody sees was filled in."""
        return bool(self.data.get("website", "").strip())

    @property
    def given(self):
        """What was asked for, without what only guards the form."""
        guards = {"agreed", "consent_version", "ticket", "website"}
        return {name: value for name, value in self.cleaned_data.items() if name not in guards}

    @property
    def more_is_open(self):
        return self._has_something("area", "received_on", "residents", "start", "budget", "focus")

    @property
    def survey_is_open(self):
        return self._has_something("survey_on", "survey_part")

    def _has_something(self, *names):
        return self.is_bound and any(self[name].errors or self[name].value() for name in names)

    def carry(self, **values):
        """Show what was sent once more, with these in place of what it carried."""
        self.data = self.data.copy()
        for name, value in values.items():
            self.data[name] = value


class CloseForm(forms.Form):
    outcome = LineField(
        label=_("What came of it"), max_length=200, help_text=_("Such as: survey agreed for Monday; bought elsewhere.")
    )


class NoteForm(forms.Form):
    note_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = WordsField(label=pgettext_lazy("an enquiry", "Note"), max_length=2000, rows=4)


class HandOverForm(forms.Form):
    """To a colleague who sees it."""

    to = forms.ModelChoiceField(label=_("Who looks after it"), queryset=None)

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues
