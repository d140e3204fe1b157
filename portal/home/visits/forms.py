"""What an owner fills in to have somebody come."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import one_line

GONE = gettext_lazy("This time has just been taken. Please choose another one.")


class TimeForm(forms.Form):
    """One of the free times of the day that is chosen."""

    time = forms.ChoiceField(
        label=gettext_lazy("Time"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose a time."), "invalid_choice": GONE},
    )

    def __init__(self, *args, times, now=None, **kwargs):
        super().__init__(*args, **kwargs)
        offers = times.chosen.offers if times.chosen else []
        self.fields["time"].choices = [
            (offer.starts.isoformat(), f"{timezone.localtime(offer.starts):%H:%M}")
            for offer in offers
            if offer.starts != now
        ]

    @property
    def starts(self):
        return parse_datetime(self.cleaned_data["time"])


class VisitForm(TimeForm):
    """`visit_id` makes one visit of a double click; that of one asked for gives it its time."""

    visit_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("What should we know?"),
        help_text=gettext_lazy("Where to ring, a dog, what it is about."),
        max_length=300,
        required=False,
        validators=[one_line],
    )

    def clean_visit_id(self):
        given = self.cleaned_data["visit_id"]
        if self.initial.get("visit_id", given) != given:
            raise forms.ValidationError(_("Please open this page anew, and try once more."))
        return given
