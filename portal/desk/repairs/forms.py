"""What a repairer writes on the phone. `op` is the id under which it is kept: a phone's queue makes its own."""

import uuid
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.forms import MediaField
from accounts.models import one_line
from portal.tickets.clocks.models import Pause
from portal.tickets.jobs.forms import TextField

LONGEST = 4000


class WritingForm(forms.Form):
    op = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    text = TextField(max_length=LONGEST, rows=3)

    def given(self):
        return {"message_id": self.cleaned_data["op"], "text": self.cleaned_data["text"]}


class ReplyForm(WritingForm):
    """`seen`: the version that stood on the page; `again`: the writer has read what came since, and means it."""

    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, initial={"seen": ticket.version}, auto_id="reply_%s", **kwargs)
        self.fields["text"].label = _("Write to the owner")

    def given(self):
        again = self.cleaned_data["again"]
        return {**super().given(), "seen": None if again else self.cleaned_data["seen"]}

    def look_again(self, ticket):
        """The same words once more, for somebody who sees now what has come meanwhile."""
        self.data = self.data.copy()
        self.data["seen"] = ticket.version


class NoteForm(WritingForm):
    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, auto_id="note_%s", **kwargs)
        self.fields["text"].label = _("Note for colleagues")


class PhotosForm(forms.Form):
    """Taken on the spot. The owner sees them unless they are only for us."""

    WHICH = [
        ("before", pgettext_lazy("photos of a repair", "before")),
        ("after", pgettext_lazy("photos of a repair", "after")),
    ]
    op = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    which = forms.ChoiceField(label=_("Taken"), choices=WHICH, initial="after", widget=forms.RadioSelect)
    files = MediaField(label=_("Photos or short videos"))
    internal = forms.BooleanField(label=_("Only for colleagues"), required=False)


class PauseForm(forms.Form):
    """Why it has to wait, and when somebody looks again."""

    why = forms.ChoiceField(label=_("It waits for"), choices=Pause.Why, initial=Pause.Why.PART)
    reason_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False, validators=[one_line])
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=300, required=False, validators=[one_line])
    review_on = forms.DateField(
        label=_("We look again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="pause_%s", **kwargs)
        self.fields["review_on"].initial = timezone.localdate() + timedelta(days=3)

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("reason_en") or cleaned.get("reason_zh")):
            self.add_error("reason_en", _("Please give the reason in at least one language."))
        return cleaned
