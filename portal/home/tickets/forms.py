"""What an owner fills in about a ticket."""

import uuid

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.files.forms import MediaField, MediaInput
from accounts.models import one_line
from portal.surveys.models import Satisfaction
from portal.tickets.files import MOST
from portal.tickets.models import Ticket
from portal.tickets.models.tickets import LONGEST
from progress.components.models import Component

KINDS = [
    (Ticket.Kind.REPAIR, pgettext_lazy("choosing what to tell us", "Something is broken or not right")),
    (Ticket.Kind.COMPLAINT, pgettext_lazy("choosing what to tell us", "A complaint")),
    (Ticket.Kind.QUESTION, pgettext_lazy("choosing what to tell us", "A question")),
    (Ticket.Kind.SUGGESTION, pgettext_lazy("choosing what to tell us", "A suggestion")),
    (Ticket.Kind.PRAISE, pgettext_lazy("choosing what to tell us", "Praise")),
]


def component_choices():
    """[("", …), (room, [(key, what is in it), …]), …], as a select shows them; one query."""
    rooms, parts = [], {}
    for each in Component.objects.in_use():
        if each.parent_id is None:
            rooms.append(each)
        else:
            parts.setdefault(each.parent_id, []).append((str(each.pk), str(each.name)))
    something = _("Something else there")
    groups = [(str(room.name), [*parts.get(room.pk, []), (str(room.pk), something)]) for room in rooms]
    return [("", _("I don't know, or nowhere in particular")), *groups]


class FilesField(MediaField):
    def __init__(self):
        label = gettext_lazy("Photos or a short video")
        hint = gettext_lazy("Up to ten; a video of a minute at most. One from near, one from afar helps most.")
        widget = MediaInput(attrs={"data-max-files": MOST})
        super().__init__(label=label, help_text=hint, required=False, widget=widget)


def text_field(label, *, rows=4, required=True, hint="", longest=LONGEST):
    attrs = {"rows": rows, "maxlength": longest}
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs=attrs),
        error_messages={"required": gettext_lazy("Please write a few words.")},
    )


class OnceForm(forms.Form):
    """`op` makes one of what is sent twice; a phone without a line gives it anew for each that it keeps."""

    op = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class RaiseForm(OnceForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=KINDS, initial=Ticket.Kind.REPAIR, widget=forms.RadioSelect
    )
    component = forms.ChoiceField(label=gettext_lazy("Where is it?"), required=False)
    text = text_field(
        gettext_lazy("What has happened?"), hint=gettext_lazy("Since when, how much, what you have tried.")
    )
    files = FilesField()
    when_possible = forms.CharField(
        label=gettext_lazy("When can somebody come?"),
        help_text=gettext_lazy("Such as: weekdays after 17:00; ring first, my mother is at home."),
        max_length=300,
        required=False,
        validators=[one_line],
    )
    personal = forms.BooleanField(label=gettext_lazy("Only I see it, nobody else of my household"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = component_choices()

    def clean_component(self):
        chosen = self.cleaned_data["component"]
        return Component.objects.select_related("parent").get(pk=chosen) if chosen else None

    def given(self):
        """As `raise_ticket` takes it."""
        given = dict(self.cleaned_data)
        return {"ticket_id": given.pop("op"), **given}


class ReplyForm(OnceForm):
    text = text_field(gettext_lazy("Your message"), required=False)
    files = FilesField()


class NotFixedForm(forms.Form):
    text = text_field(gettext_lazy("What is still wrong?"), rows=3)


class ScoreForm(forms.Form):
    score = forms.TypedChoiceField(
        label=gettext_lazy("How content are you with how it went?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose from 1 to 5.")},
    )
    words = text_field(gettext_lazy("In a few words"), rows=2, required=False, longest=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].choices = [(score.value, f"{score.value} – {score.label}") for score in Satisfaction.Score]


class SimilarForm(forms.Form):
    """What has been typed so far, however little."""

    component = forms.CharField(required=False, max_length=36)
    text = forms.CharField(required=False, max_length=LONGEST)

    def clean_component(self):
        try:
            chosen = uuid.UUID(self.cleaned_data["component"])
        except ValueError:
            return None
        return Component.objects.select_related("parent").filter(pk=chosen).first()
