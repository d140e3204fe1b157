"""What staff answer to opinions, and which words of them an update cites."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import one_line
from progress.questions.forms import WordsField

from .site_forms import TextsForm

LONGEST = 300


class AnswerForm(forms.Form):
    """`seen`: the version that stood on the page; what was edited since must be read first."""

    seen = forms.IntegerField(min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
    text = WordsField(label=gettext_lazy("Your answer"))

    def look_again(self, *, seen):
        """Offer the same words once more, to somebody who has `seen` this version now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


class ChangedForm(TextsForm):
    """An update that says what was changed, with the words that are cited of each opinion; without, it isn't cited."""

    def __init__(self, *args, opinions, **kwargs):
        super().__init__(*args, **kwargs)
        self.opinions = opinions
        for opinion in opinions:
            for code, label in (("en", gettext_lazy("Words in English")), ("zh", gettext_lazy("Words in Chinese"))):
                self.fields[f"{opinion.pk}-{code}"] = forms.CharField(
                    label=label, max_length=LONGEST, required=False, validators=[one_line]
                )

    def main_fields(self):
        return [self[name] for name in ("update_id", *self.Meta.fields)]

    def opinion_fields(self):
        return [(each, self[f"{each.pk}-en"], self[f"{each.pk}-zh"]) for each in self.opinions]

    def words(self):
        """{Opinion: (in English, in Chinese)} of those that are cited."""
        given = {
            each: (self.cleaned_data[f"{each.pk}-en"], self.cleaned_data[f"{each.pk}-zh"]) for each in self.opinions
        }
        return {opinion: words for opinion, words in given.items() if any(words)}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.words():
            raise forms.ValidationError(_("Please write at least at one opinion which of its words you cite."))
        return cleaned
