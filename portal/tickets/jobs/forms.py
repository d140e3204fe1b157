"""What a contractor sends by their link."""

import uuid
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import MediaField
from progress.enquiries.fields import plain

from .models import LONGEST_NOTE, MOST_COST


class TextField(forms.CharField):
    """Some paragraphs. Browsers count a line's end as one character and send two."""

    def __init__(self, *, rows=4, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class CostField(forms.CharField):
    """Yuan, as people type them: 1,280.50, ¥1280, ３００元. Cleans to a Decimal of two places, or None."""

    def __init__(self, **kwargs):
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value):
        typed = super().clean(plain(value))
        for sign in (",", "，", "¥", "￥", "元", " "):
            typed = typed.replace(sign, "")
        if not typed:
            return None
        try:
            cost = Decimal(typed)
        except InvalidOperation as error:
            raise ValidationError(_("Please give a number.")) from error
        if not cost.is_finite() or not 0 <= cost <= MOST_COST:
            raise ValidationError(_("This can't be right. Please look at the number again."))
        return cost.quantize(Decimal("0.01"))


class PhotosForm(forms.Form):
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    photos = MediaField(label=_("Photos or short videos"), help_text=_("Before and after, if you can."))
    text = TextField(label=_("What they show"), max_length=LONGEST_NOTE, rows=2, required=False)

    def given(self):
        return self.cleaned_data


class DoneForm(forms.Form):
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    note = TextField(label=_("What you have done"), max_length=LONGEST_NOTE)
    photos = MediaField(label=_("Photos of the finished work"), required=False)
    cost = CostField(label=_("What it cost, in yuan"), required=False, help_text=_("Only we read it."))

    def given(self):
        return self.cleaned_data
