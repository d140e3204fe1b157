"""The forms of the board: which homes, and what is said of their milestones."""

import json
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import DocumentsField
from accounts.models import one_line
from progress.documents.models import HomeDocument, MinRole
from progress.journeys.evidence import Proof
from progress.journeys.models import Kind
from progress.models import Building, Development, Home
from progress.scope import may_view

from .scoped import within

MANY = 100  # buildings: as many stand in one list
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass(frozen=True)
class Place:
    """Somewhere with homes: a building, a whole development, or what stands in none of its buildings."""

    key: str
    name: str
    development: Development
    homes: dict  # the filter of its homes


class PlaceForm(forms.Form):
    """Where, and the kind of work. Nothing chosen: the first building, or else the first place there is."""

    place = forms.ChoiceField(label=_("Where"), required=False)
    kind = forms.ChoiceField(label=_("Kind of work"), required=False, choices=Kind.choices)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = str((self.data or self.initial).get("place") or "")
        self.places = {place.key: place for place in _places(user, chosen)}
        self.fields["place"].choices = [(place.key, place.name) for place in self.places.values()]

    def chosen(self):
        """(Place or None, kind of work)."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        by_default = sorted(self.places.values(), key=lambda place: not place.key.startswith("building"))
        place = self.places.get(cleaned.get("place")) or next(iter(by_default), None)
        return place, cleaned.get("kind") or Kind.NEW_HOME


def _places(user, chosen):
    """Each development of this person as a whole, then its buildings, then what stands in none.

    Where there are very many, the buildings are those of the development that is `chosen`, or of the first.
    """
    buildings, many = _buildings(user, chosen)
    without = Home.objects.filter(development=OuterRef("pk"), building=None).order_by()
    for development in within(Development, user).annotate(has_others=Exists(without)):
        here, words = buildings.get(development.pk, []), {"place": development}
        others = development.has_others or not here
        if many or len(here) + others > 1:
            name = _("%(place)s, all homes") % words
            yield Place(f"estate:{development.pk}", name, development, {"home__development": development})
        if many and not here:
            continue
        for building in here:
            yield Place(f"building:{building.pk}", str(building), development, {"home__building": building})
        if others:
            name = _("%(place)s, homes without a building") % words if here else str(development)
            homes = {"home__development": development, "home__building": None}
            yield Place(f"development:{development.pk}", name, development, homes)


def _buildings(user, chosen):
    """({development's id: its buildings}, whether those of the other developments are left out)."""
    rows = (
        within(Building, user)
        .select_related("development")
        .order_by("development__name_en", "development__name_zh", "name")
    )
    many = rows.count() > MANY
    if many:
        there, first = (some.values("development")[:1] for some in (rows.filter(_chosen(chosen)), rows))
        rows = rows.filter(development=Coalesce(Subquery(there), Subquery(first)))
    buildings = {}
    for building in rows:
        buildings.setdefault(building.development_id, []).append(building)
    return buildings, many


def _chosen(key):
    """The buildings that are named by the key of a Place, or stand in it."""
    kind, _colon, pk = key.partition(":")
    try:
        return Q(pk=UUID(pk)) if kind == "building" else Q(development=UUID(pk))
    except ValueError:
        return Q(pk=UUID(int=0))  # none; an empty list would take the other with it


class SeenForm(forms.Form):
    """`seen`: the row versions that the person saw, so that nobody's change is lost. `choice`: a Choice.

    Of many homes in several buildings, some buildings can be left out.
    """

    among = forms.MultipleChoiceField(label=_("Buildings"), widget=forms.CheckboxSelectMultiple)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=200_000)

    def __init__(self, *args, choice, **kwargs):
        super().__init__(*args, **kwargs)
        if len(choice.groups) > 1:
            self.fields["among"].choices = [
                (group.key, f"{group.name} · {len(group.steps)}") for group in choice.groups
            ]
            self.fields["among"].initial = [group.key for group in choice.groups]
        else:
            del self.fields["among"]

    def clean_seen(self):
        try:
            seen = json.loads(self.cleaned_data["seen"])
            return {str(key): int(value) for key, value in seen.items()}
        except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
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
    field_order = ["among", "to", "later_by", "reason_en", "reason_zh", "seen"]

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(name) is not None for name in ("to", "later_by")]
        if sum(given) != 1 and not {"to", "later_by"} & set(self.errors):
            self.add_error("to", _("Please give either a date or a number of days."))
        return cleaned


class ReachedForm(ReasonForm):
    """The day, and what shows it: sent with the report or, of one home, a document that it has already."""

    on = forms.DateField(label=_("Reached on"), widget=DAY)
    evidence = DocumentsField(
        label=_("Photos or documents that show it"),
        help_text=_("Take them here, or choose several from the phone."),
        required=False,
    )
    document = forms.ModelChoiceField(
        label=_("Or a document of this home"), queryset=None, required=False, empty_label=_("No document")
    )
    taken_on = forms.DateField(label=_("Taken, or dated"), widget=DAY)
    caption_en = forms.CharField(label=_("Caption in English"), max_length=200, required=False, validators=[one_line])
    caption_zh = forms.CharField(label=_("Caption in Chinese"), max_length=200, required=False, validators=[one_line])
    field_order = [
        "among",
        "on",
        "evidence",
        "document",
        "taken_on",
        "caption_en",
        "caption_zh",
        "reason_en",
        "reason_zh",
    ]
    needs_reason = False

    def __init__(self, *args, choice, **kwargs):
        super().__init__(*args, choice=choice, **kwargs)
        self.fields["reason_en"].label, self.fields["reason_zh"].label = _("Note in English"), _("Note in Chinese")
        documents = documents_that_show(choice.only_home, choice.user)
        if documents:
            self.fields["document"].queryset = documents
        else:
            del self.fields["document"]

    def clean_evidence(self):
        uploads = self.cleaned_data["evidence"]
        if problems := [upload.problem for upload in uploads if upload.problem]:
            raise forms.ValidationError(problems)
        return uploads

    def clean(self):
        cleaned = super().clean()
        if "evidence" not in self.errors and not cleaned.get("evidence") and not cleaned.get("document"):
            self.add_error("evidence", _("Please add a dated photo or document that shows it."))
        return cleaned


def documents_that_show(home, user):
    """Those of `home` that all who follow it may see; none for who looks after no documents."""
    if home is None or not may_view(user, HomeDocument):
        return HomeDocument.objects.none()
    return within(HomeDocument, user).current().filter(home=home).exclude(min_role=MinRole.OWNER)


def proofs(given):
    """The evidence of `claim_reached` from what a ReachedForm was given."""
    words = {name: given[name] for name in ("taken_on", "caption_en", "caption_zh")}
    sent = [Proof(upload.checked, **words) for upload in given["evidence"]]
    stored = given.get("document")
    return sent + ([Proof(None, document=stored, **words)] if stored else [])


class WithdrawForm(ReasonForm):
    forecast = forms.DateField(label=_("Expected now, if known"), required=False, widget=DAY)
    field_order = ["among", "reason_en", "reason_zh", "forecast", "seen"]


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why not"), max_length=200, validators=[one_line])


def seen_of(milestones):
    """What the hidden field carries."""
    return json.dumps({str(milestone.pk): milestone.row_version for milestone in milestones})
