"""The forms of the board: which homes, and what is said of their milestones."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import DocumentsField
from accounts.models import one_line
from progress.journeys.changing import Proof
from progress.journeys.models import Kind
from progress.models import Building, Development

from .scoped import within

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlaceForm(forms.Form):
    """A building, or a development's homes without one; and the kind of work. Nothing chosen: the first there is."""

    place = forms.ChoiceField(label=_("Where"), required=False)
    kind = forms.ChoiceField(label=_("Kind of work"), required=False, choices=Kind.choices)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        buildings = within(Building, user).select_related("development").order_by("development", "name")
        developments = within(Development, user)
        self.places = {f"building:{each.pk}": each for each in buildings}
        self.places |= {f"development:{each.pk}": each for each in developments}
        names = [
            (key, _("%(place)s, homes without a building") % {"place": place} if key[0] == "d" else str(place))
            for key, place in self.places.items()
        ]
        self.fields["place"].choices = names

    def chosen(self):
        """(place or None, kind of work)."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        place = self.places.get(cleaned.get("place")) or next(iter(self.places.values()), None)
        return place, cleaned.get("kind") or Kind.NEW_HOME


class SeenForm(forms.Form):
    """`seen`: the row versions that the person saw, so that nobody's change is lost."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100_000)

    def clean_seen(self):
        try:
            seen = json.loads(self.cleaned_data["seen"])
            return {str(key): int(value) for key, value in seen.items()}
        except (ValueError, AttributeError, TypeError):
            raise forms.ValidationError(_("Please choose the homes again.")) from None


class PlanForm(SeenForm):
    """The first date, for milestones that have none."""

    on = forms.DateField(
        label=_("Planned for"), widget=DAY, help_text=_("The first date needs no reason. Each later one does.")
    )


class ReasonForm(SeenForm):
    """What owners read of why."""

    reason_en = forms.CharField(label=_("Reason in English"), max_length=300, required=False, validators=[one_line])
    reason_zh = forms.CharField(label=_("Reason in Chinese"), max_length=300, required=False, validators=[one_line])
    needs_reason = True

    def clean(self):
        cleaned = super().clean()
        if self.needs_reason and not (cleaned.get("reason_en") or cleaned.get("reason_zh")) and not self.errors:
            self.add_error("reason_en", _("Please say why; the owners read it."))
        return cleaned


class ForecastForm(ReasonForm):
    """Another day for all of them, or so many days later than each was expected."""

    to = forms.DateField(label=_("New date"), required=False, widget=DAY, help_text=_("The same for all homes."))
    later_by = forms.IntegerField(
        label=_("Or days later"), required=False, min_value=-1000, max_value=1000, help_text=_("Earlier: -7.")
    )
    field_order = ["to", "later_by", "reason_en", "reason_zh", "seen"]

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(name) is not None for name in ("to", "later_by")]
        if sum(given) != 1 and not {"to", "later_by"} & set(self.errors):
            self.add_error("to", _("Please give either a date or a number of days."))
        return cleaned


class ReachedForm(ReasonForm):
    """The day, and what shows it."""

    on = forms.DateField(label=_("Reached on"), widget=DAY)
    evidence = DocumentsField(
        label=_("Photos or documents that show it"), help_text=_("Take them here, or choose several from the phone.")
    )
    taken_on = forms.DateField(label=_("Taken on"), widget=DAY)
    caption_en = forms.CharField(label=_("Caption in English"), max_length=200, required=False, validators=[one_line])
    caption_zh = forms.CharField(label=_("Caption in Chinese"), max_length=200, required=False, validators=[one_line])
    field_order = ["on", "evidence", "taken_on", "caption_en", "caption_zh", "reason_en", "reason_zh", "seen"]
    needs_reason = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason_en"].label, self.fields["reason_zh"].label = _("Note in English"), _("Note in Chinese")

    def clean_evidence(self):
        uploads = self.cleaned_data["evidence"]
        if problems := [upload.problem for upload in uploads if upload.problem]:
            raise forms.ValidationError(problems)
        return uploads


def proofs(given):
    """The evidence of `claim_reached` from what a ReachedForm was given."""
    words = {name: given[name] for name in ("taken_on", "caption_en", "caption_zh")}
    return [Proof(upload.checked, **words) for upload in given["evidence"]]


class WithdrawForm(ReasonForm):
    forecast = forms.DateField(label=_("Expected now, if known"), required=False, widget=DAY)
    field_order = ["reason_en", "reason_zh", "forecast", "seen"]


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=200, validators=[one_line])


def seen_of(milestones):
    """What the hidden field carries."""
    return json.dumps({str(milestone.pk): milestone.row_version for milestone in milestones})
