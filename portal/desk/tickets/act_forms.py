"""The forms of what is done with a ticket: each says why, for colleagues or for the owner."""

from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import one_line
from portal.tickets.clocks.models import Pause
from portal.tickets.closing.warranty import clauses_for, decision_of
from portal.tickets.models import Ticket
from portal.visits.models import VisitKind
from progress.components.models import Component
from progress.models import Assignment
from progress.questions.forms import WordsField
from progress.warranties.covering import Covered

from ..site_announcements import LocalTimeField
from ..visits.forms import colleagues_at
from .forms import LONGEST, SeenForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ENDINGS = [choice for choice in Ticket.Outcome.choices if choice[0] not in ("duplicate", "withdrawn")]


def reason(label, **kwargs):
    return forms.CharField(label=label, max_length=200, validators=[one_line], **kwargs)


class OwnersReason(SeenForm):
    """Why, in the owner's languages: one of the two at least."""

    reason_en = reason(gettext_lazy("Why, in English"), required=False)
    reason_zh = reason(gettext_lazy("Why, in Chinese"), required=False)

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("reason_en") or cleaned.get("reason_zh") or self.errors):
            self.add_error("reason_en", _("Please say why, in at least one language. The owner reads it."))
        return cleaned


class AssignForm(SeenForm):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Who looks after it"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("nobody: it waits for its team"),
    )
    reason = reason(gettext_lazy("Why, for colleagues"))

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, ticket=ticket, **kwargs)
        self.fields["to"].queryset = colleagues_at(ticket.development)
        self.initial["to"] = ticket.assignee_id


class RouteForm(SeenForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Ticket.Kind)
    component = forms.ModelChoiceField(
        label=gettext_lazy("Part of the home"), queryset=None, required=False, empty_label=_("none")
    )
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Ticket.Priority)
    team = forms.ChoiceField(label=gettext_lazy("Team"), choices=Assignment.Role)
    reason = reason(gettext_lazy("Why, for colleagues"))

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, ticket=ticket, **kwargs)
        component_choices(self.fields["component"])
        self.initial |= {name: getattr(ticket, name) for name in ("kind", "priority", "team")}
        self.initial["component"] = ticket.component_id


def component_choices(field):
    """The parts that are in use, each with the room that it is in. One query."""
    field.queryset = Component.objects.in_use().select_related("parent")
    field.label_from_instance = lambda component: component.path


class PauseForm(OwnersReason):
    why = forms.ChoiceField(label=gettext_lazy("It waits"), choices=Pause.Why, widget=forms.RadioSelect)
    review_on = forms.DateField(
        label=gettext_lazy("Looked at again on"),
        widget=DAY,
        help_text=gettext_lazy("On this day the clock runs on, unless it is paused anew."),
    )
    field_order = ["seen", "steps", "why", "review_on", "reason_en", "reason_zh"]

    def given(self):
        return without(super().given(), "seen")


class PostponeForm(OwnersReason):
    due_at = LocalTimeField(label=gettext_lazy("Done by"), required=True)
    field_order = ["seen", "steps", "due_at", "reason_en", "reason_zh"]

    def given(self):
        given = without(super().given(), "seen")
        return given | {"due_at": timezone.make_aware(given["due_at"])}


class ResolveForm(SeenForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it"), choices=ENDINGS, widget=forms.RadioSelect)
    text = WordsField(
        label=gettext_lazy("In words, for the owner"),
        max_length=LONGEST,
        rows=4,
        required=False,
        help_text=gettext_lazy("Not covered: say by which clause, and whom to ask to look again."),
    )
    work_done_en = WordsField(label=gettext_lazy("What was done, in English"), max_length=1000, rows=2, required=False)
    work_done_zh = WordsField(
        label=gettext_lazy("What was done, in Chinese"),
        max_length=1000,
        rows=2,
        required=False,
        help_text=gettext_lazy("For a repair. It stays with the home: the next owner reads it, but nothing else."),
    )


class TakeUpForm(OwnersReason):
    """Open it again ourselves; its owner reads why."""


class WarrantyForm(SeenForm):
    """Decide otherwise than the terms, or what they leave open."""

    covered = forms.ChoiceField(label=gettext_lazy("Covered"), choices=Covered, widget=forms.RadioSelect)
    term = forms.ModelChoiceField(
        label=gettext_lazy("By which term"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("the one that stands"),
    )
    reason_en = reason(gettext_lazy("Why, in English"), required=False)
    reason_zh = reason(gettext_lazy("Why, in Chinese"), required=False)

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, ticket=ticket, **kwargs)
        self.fields["term"].queryset = clauses_for(ticket)
        decision = decision_of(ticket)
        self.initial["seen"] = decision.number if decision else 0

    def look_again(self, ticket):
        super().look_again(ticket)
        decision = decision_of(ticket)
        self.data["seen"] = decision.number if decision else 0


class VisitForm(forms.Form):
    """Ask the household to choose a time for a visit that this ticket needs."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=VisitKind)
    not_before = forms.DateField(label=gettext_lazy("Not before"), required=False, widget=DAY)
    not_after = forms.DateField(label=gettext_lazy("Not after"), required=False, widget=DAY)
    note = reason(gettext_lazy("What we should know"), required=False, help_text=gettext_lazy("They read it, too."))

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, **kwargs)

    def given(self):
        given = dict(self.cleaned_data)
        return given | {"within": (given.pop("not_before"), given.pop("not_after"))}


class CallForm(forms.Form):
    """The call after a repair, by somebody other than whoever repaired."""

    reached = forms.TypedChoiceField(
        label=gettext_lazy("Did you reach them?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No; they get a text message"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = WordsField(label=gettext_lazy("What they said, for colleagues"), max_length=1000, rows=3, required=False)

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, **kwargs)

    def given(self):
        return self.cleaned_data


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Into which"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Of the same home. It can be taken apart again."),
    )

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, **kwargs)
        others = Ticket.objects.filter(home=ticket.home_id).exclude(pk=ticket.pk).exclude(state="merged")
        self.fields["into"].queryset = others.order_by("-reported_at", "-pk")
        self.fields["into"].label_from_instance = lambda other: f"{other.number} · {other.title}"

    def given(self):
        return self.cleaned_data


def without(given, *names):
    return {name: value for name, value in given.items() if name not in names}
