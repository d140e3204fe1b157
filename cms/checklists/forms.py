"""What a press on a box sends."""

import uuid

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from .entries import LONGEST_ID


class MomentField(forms.CharField):
    """When it was done, by the clock of the phone: a moment with its zone, or None for anything else."""

    def clean(self, value):
        try:
            moment = parse_datetime(str(value or "")[:40])
        except ValueError:
            return None
        return moment if moment and is_aware(moment) else None


class TickForm(forms.Form):
    op = forms.UUIDField(initial=uuid.uuid4)
    item = forms.CharField(max_length=LONGEST_ID)
    ticked = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    made_at = MomentField(required=False)
