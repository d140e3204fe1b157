"""What is written into a question, added to it, and answered."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import LONGEST


class WordsField(forms.CharField):
    """Some paragraphs. Browsers count a line's end as one character and send two."""

    def __init__(self, *, max_length=LONGEST, rows=6, **kwargs):
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class QuestionForm(forms.Form):
    question_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = WordsField(label=_("Your question"))


class FollowUpForm(forms.Form):
    reply_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = WordsField(label=_("Add something"))


class AnswerForm(forms.Form):
    """`seen` is how many replies stood on the page: what came since must be read first."""

    reply_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=1_000_000, widget=forms.HiddenInput)
    text = WordsField(label=_("Your answer"))

    def look_again(self, *, seen):
        """Offer the same words once more, to somebody who has `seen` so many replies now."""
        self.data = self.data.copy()
        self.data["seen"] = seen
