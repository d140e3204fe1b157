"""What staff write for the board, and what the owner says to it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import TEXTS, Entry


class WordsForm(forms.ModelForm):
    """Title, complaint and answer per language, without what says whose it is."""

    class Meta:
        model = Entry
        fields = [f"{name}_{code}" for code in ("en", "zh") for name in TEXTS]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not name.startswith("title"):
                field.widget = forms.Textarea(attrs={"rows": 5})
        self.fields["complaint_en"].help_text = _("Without names, numbers of homes, telephones or dates.")

    def texts(self):
        return {name: self.cleaned_data[name] for name in self.fields}


class AgreeForm(forms.Form):
    """`version` is that of the words on the page."""

    version = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
