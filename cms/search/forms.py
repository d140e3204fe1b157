"""The one box."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .words import LONGEST


class SearchForm(forms.Form):
    """What is asked for. A longer text is cut, not refused: somebody has pasted something."""

    q = forms.CharField(
        label=pgettext_lazy("what to look for", "Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": LONGEST, "autocomplete": "off"}),
        help_text=_("A word or two, in English or Chinese."),
    )

    def clean_q(self):
        return self.cleaned_data["q"].replace("\x00", "")[:LONGEST].strip()

    @property
    def question(self):
        """What was asked for, "" for nothing."""
        return self.cleaned_data["q"] if self.is_valid() else ""
