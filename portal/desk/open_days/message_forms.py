"""The form of a message to those who come, wait or came."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import one_line
from portal.bookings.models import OpenDayMessage

from .booking_filters import clock

WORDS = ("title_en", "text_en", "title_zh", "text_zh")
AREA = forms.Textarea(attrs={"rows": 6})


class MessageForm(forms.Form):
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label=pgettext_lazy("of a message", "To whom"), choices=OpenDayMessage.To, widget=forms.RadioSelect
    )
    slot = forms.ModelChoiceField(
        label=gettext_lazy("Time"), queryset=None, required=False, empty_label=gettext_lazy("All times")
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), max_length=120, required=False, validators=[one_line]
    )
    text_en = forms.CharField(label=gettext_lazy("Text in English"), max_length=2000, required=False, widget=AREA)
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=120, required=False, validators=[one_line]
    )
    text_zh = forms.CharField(label=gettext_lazy("Text in Chinese"), max_length=2000, required=False, widget=AREA)

    def __init__(self, *args, open_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = open_day.slots.all()
        self.fields["slot"].label_from_instance = clock
        self.fields["to"].initial = OpenDayMessage.To.BOOKED

    def clean(self):
        cleaned = super().clean()
        halves = [(cleaned.get(f"title_{code}"), cleaned.get(f"text_{code}")) for code in ("en", "zh")]
        if not self.errors and not any(all(half) for half in halves):
            raise forms.ValidationError(_("Please write title and text in at least one language."))
        if not self.errors and any(any(half) and not all(half) for half in halves):
            raise forms.ValidationError(_("Please write both title and text of a language, or neither."))
        return cleaned

    def texts(self):
        return {name: self.cleaned_data[name] for name in WORDS}

    def in_words(self):
        """(lang, title, text) of each language that is written."""
        given = self.cleaned_data
        both = (("en", "en"), ("zh-Hans", "zh"))
        return [(lang, given[f"title_{own}"], given[f"text_{own}"]) for lang, own in both if given[f"title_{own}"]]
