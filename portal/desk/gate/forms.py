"""What comes from the gate: entries of a phone's queue, people who have not booked, and the weather."""

import uuid

from django import forms
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from portal.bookings.models import Slot
from portal.bookings.models.open_days import LARGEST_PARTY
from portal.bookings.passages import how_long_ago
from progress.models import Home


class EntryForm(forms.Form):
    """One entry of one phone: its key, and when it was made and sent by the phone's own clock."""

    op = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    made_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    sent_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def entry(self, *, at):
        """The fields that every action at the gate takes."""
        data = self.cleaned_data
        said_at = how_long_ago(made_at=data["made_at"], sent_at=data["sent_at"], at=at)
        return {"op_id": data["op"], "at": at, "said_at": said_at}


def accepted_in(data):
    """{id of the Visitor: the name given} of the boxes ticked."""
    return {pk: _name(data.get(f"name-{pk}", "")) for pk in numbers_in(data, "accepted")}


def numbers_in(data, name):
    """The ids sent under this name; what can't be one is passed over."""
    return [int(value) for value in data.getlist(name) if value.isascii() and value.isdigit() and len(value) < 19]


def _name(text):
    return " ".join(text.split())[:80]


class WalkInForm(EntryForm):
    """A party that has not booked, of a home given by its number, or of none."""

    slot = forms.ModelChoiceField(label=_("Time"), queryset=None, widget=forms.RadioSelect, empty_label=None)
    home = forms.CharField(
        label=_("Number of their home"),
        max_length=80,
        required=False,
        help_text=_("Empty: they have no home here."),
        widget=forms.TextInput(attrs={"list": "homes", "autocomplete": "off"}),
    )
    adults = forms.IntegerField(label=_("Adults"), min_value=1, max_value=LARGEST_PARTY, initial=1)
    children = forms.IntegerField(label=_("Children"), min_value=0, max_value=LARGEST_PARTY, initial=0, required=False)
    names = forms.CharField(
        label=_("Their names"),
        max_length=800,
        required=False,
        help_text=_("One line each, children last."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    anyway = forms.CharField(
        label=_("Why they may come along although it is full"), max_length=200, required=False, validators=[one_line]
    )
    accepted = forms.BooleanField(
        label=_("Each of them has read the rules and accepts them"),
        error_messages={"required": _("Nobody goes in without having accepted the rules.")},
    )

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.development = open_day.development
        self.fields["slot"].queryset = Slot.objects.open().filter(open_day=open_day)
        self.fields["slot"].label_from_instance = lambda slot: time_format(localtime(slot.starts), "TIME_FORMAT")

    def clean_home(self):
        typed = self.cleaned_data["home"].strip()
        if not typed:
            return None
        found = list(homes_at(self.development, number=typed.rpartition(", ")[2]))
        found = [home for home in found if name_of(home) == typed] or found
        if not found:
            raise forms.ValidationError(_("There is no home with that number here."))
        if len(found) > 1:
            raise forms.ValidationError(_("Please choose one from the list: there are several with that number."))
        return found[0]

    def clean_children(self):
        return self.cleaned_data["children"] or 0

    def clean_names(self):
        return [name for line in self.cleaned_data["names"].splitlines() if (name := _name(line))]

    def party(self):
        return {name: self.cleaned_data[name] for name in ("slot", "home", "adults", "children", "names", "anyway")}


def homes_at(development, **wanted):
    return Home.objects.filter(development=development, **wanted).select_related("building")


def name_of(home):
    """How the list of homes writes it, and whoever types it may."""
    return f"{home.building.name}, {home.number}" if home.building else home.number


class WeatherForm(forms.Form):
    """What is called off, why, and that it is meant."""

    slot = forms.ChoiceField(label=_("What is called off"), widget=forms.RadioSelect)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=200, required=False, validators=[one_line])
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=200, required=False, validators=[one_line])
    sure = forms.BooleanField(
        label=_("Yes, call it off and tell all of them now"),
        error_messages={"required": _("Please tick that you mean it: it can't be taken back.")},
    )

    def __init__(self, *args, reach, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [(each.key, each.label) for each in reach]

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("reason_en") or cleaned.get("reason_zh")):
            self.add_error("reason_en", _("Please give the reason in at least one language."))
        return cleaned
