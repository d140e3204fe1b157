"""What is written into a ticket on the desk: a reply to the owner, a note for colleagues."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.files.forms import MediaField, MediaInput
from portal.tickets.macros.models import Macro
from portal.tickets.macros.variables import unfilled
from progress.questions.forms import WordsField

LONGEST = 4000


class SeenForm(forms.Form):
    """`seen`: the version of the ticket that stood on the page; `steps`: how much had happened until then."""

    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    steps = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ticket, **kwargs):
        self.ticket = ticket
        given = {"seen": ticket.version, "steps": ticket.steps.count() if not args or args[0] is None else None}
        super().__init__(*args, initial=given | kwargs.pop("initial", {}), **kwargs)

    def look_again(self, ticket):
        """Offer the same words once more, to somebody who sees now what has come meanwhile."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = ticket.version
        self.data[self.add_prefix("steps")] = ticket.steps.count()

    @property
    def seen_steps(self):
        """How much of the ticket's history the writer had seen; None where the form doesn't say."""
        return getattr(self, "cleaned_data", {}).get("steps")

    def given(self):
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "steps"}


class WritingForm(SeenForm):
    message_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = WordsField(label=gettext_lazy("Message"), max_length=LONGEST, rows=5)
    files = MediaField(
        label=gettext_lazy("Add photos or videos"), required=False, widget=MediaInput(attrs={"multiple": True})
    )


class ReplyForm(WritingForm):
    """To the owner: nothing goes out in which a ready sentence still waits for a word."""

    prefix = "reply"

    def clean_text(self):
        text = self.cleaned_data["text"]
        if names := unfilled(text):
            open_names = ", ".join(f"{{{name}}}" for name in names)
            raise forms.ValidationError(
                ngettext(
                    "Please write yourself what stands for %(names)s: it is not known yet.",
                    "Please write yourself what stands for %(names)s: they are not known yet.",
                    len(names),
                )
                % {"names": open_names}
            )
        return text

    def with_sentence(self, words):
        """The same form, unsent, with these words after what is in it."""
        self.data = self.data.copy()
        name = self.add_prefix("text")
        self.data[name] = "\n\n".join(filter(None, (self.data.get(name, "").rstrip(), words)))
        self._errors, self.cleaned_data = {}, {}


class NoteForm(WritingForm):
    prefix = "note"


class MacroForm(forms.Form):
    macro = forms.ModelChoiceField(queryset=Macro.objects.in_use())


def overtaken_words():
    return _("Somebody changed this ticket in the meantime. What is new is marked; your words are still here.")
