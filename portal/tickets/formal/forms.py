"""What is written in the course of a formal complaint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .models import LONGEST_LETTER, LONGEST_WISH, FormalComplaint, Step


class WordsField(forms.CharField):
    """Some paragraphs. Browsers count a line's end as one character and send two."""

    def __init__(self, *, max_length, rows=6, **kwargs):
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class ComplainForm(forms.Form):
    wish = WordsField(
        label=_("What should come of it?"),
        help_text=_("You need not tell the story again: whoever reviews it reads the whole ticket."),
        max_length=LONGEST_WISH,
    )


class ReviewerForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who reviews it"),
        help_text=_("Supervisors and managers of the place who had no part in the case."),
    )

    def __init__(self, *args, reviewers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = User.objects.filter(pk__in=[user.pk for user in reviewers]).order_by("name")


class LetterForm(forms.Form):
    """The letter that is due next. The last one says what is decided."""

    step = forms.ChoiceField(choices=Step, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("What is decided"), choices=FormalComplaint.Verdict, widget=forms.RadioSelect, required=False
    )
    text = WordsField(label=_("Letter"), max_length=LONGEST_LETTER, rows=12)

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, initial={"step": step}, **kwargs)
        self.fields["text"].label = Step(step).label
        if step == Step.FINAL:
            self.fields["verdict"].required = True
        else:
            del self.fields["verdict"]
