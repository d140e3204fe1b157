"""The forms in which staff write updates, on the desk and on site."""

import re
import uuid
from datetime import UTC, datetime
from itertools import groupby

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import PhotosField
from accounts.models import one_line
from progress.journeys.models import JourneyTemplate, StageTemplate
from progress.models import Building, Development, Home
from progress.updates.models import Update

from .scoped import within
from .site_announcements import POST, AnnouncementFields

TEXT_FIELDS = ("title_en", "title_zh", "body_en", "body_zh")


class TextsForm(forms.ModelForm):
    """Title and text per language; one language is enough, and the reader sees that it is another's."""

    update_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    class Meta:
        model = Update
        fields = TEXT_FIELDS
        widgets = {
            "body_en": forms.Textarea(attrs={"rows": 6}),
            "body_zh": forms.Textarea(attrs={"rows": 6}),
        }

    def clean(self):
        cleaned = super().clean()
        written = [bool(cleaned.get(f"title_{code}")) and bool(cleaned.get(f"body_{code}")) for code in ("en", "zh")]
        if not any(written) and not self.errors:
            raise forms.ValidationError(_("Please write a title and a text in at least one language."))
        return cleaned

    def validate_constraints(self):
        """Left out: `clean` asks for the same, in words for the one who writes."""

    def texts(self):
        """The four text fields by name, as the actions take them."""
        return {field: self.cleaned_data[field] for field in TEXT_FIELDS}


class UpdateForm(AnnouncementFields, TextsForm):
    """An update: whom it is for, its stage, its texts and photos. Choices are what `user` may post for."""

    places = forms.MultipleChoiceField(label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple)
    home_numbers = forms.CharField(
        label=_("Single homes"),
        required=False,
        max_length=2000,
        help_text=_(
            "Numbers with commas between them, such as 3-1102, 3-1103. If buildings share a number: Building 3/1102."
        ),
    )
    stage_code = forms.ChoiceField(label=_("Stage"), required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Take them here, or choose several from the phone. The first one leads."),
    )

    class Meta(TextsForm.Meta):
        fields = ("places", "home_numbers", "stage_code", *TEXT_FIELDS, "photos")

    def __init__(self, *args, user, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        if not user.has_perm(POST):
            self.only_announcements()
        self.developments = {str(d.pk): d for d in within(Development, user)}
        buildings = within(Building, user).select_related("development")
        self.buildings = {str(b.pk): b for b in buildings if str(b.development_id) in self.developments}
        self.fields["places"].choices = self._place_choices()
        self.fields["stage_code"].choices = [("", _("No particular stage")), *stage_choices(self.developments)]
        self.order_fields(["kind", *self.Meta.fields])

    def _place_choices(self):
        by_development = groupby(self.buildings.values(), key=lambda building: building.development_id)
        buildings = {key: list(group) for key, group in by_development}
        choices = []
        for pk, development in self.developments.items():
            choices.append((f"development:{pk}", _("%(place)s, everyone") % {"place": development}))
            choices += [
                (f"building:{b.pk}", _("%(place)s, %(building)s") % {"place": development, "building": b.name})
                for b in buildings.get(development.pk, [])
            ]
        return choices

    def clean_home_numbers(self):
        """The homes that are named, each found once among those the person may post for."""
        written = [part.strip() for part in re.split(r"[,，;；\n、]", self.cleaned_data["home_numbers"])]
        numbers = [number for number in written if number]
        found = {home.pk: home for number in numbers for home in self._homes_called(number)}
        return list(found.values())

    def _homes_called(self, number):
        homes = within(Home, self.user).with_place()
        building, slash, plain = number.rpartition("/")
        homes = (
            homes.filter(number=plain.strip(), building__name=building.strip())
            if slash
            else homes.filter(number=number)
        )
        homes = list(homes[:2])
        if not homes:
            raise forms.ValidationError(_("There is no home %(number)s among yours."), params={"number": number})
        if len(homes) > 1:
            raise forms.ValidationError(
                _("More than one home has the number %(number)s. Please write the building too, such as %(example)s."),
                params={"number": number, "example": f"{homes[0].building.name if homes[0].building else ''}/{number}"},
            )
        return homes

    def clean(self):
        cleaned = super().clean()
        named = [self._place(value) for value in cleaned.get("places", [])]
        places = named + (cleaned.get("home_numbers") or [])
        if not places and not ({"places", "home_numbers"} & set(self.errors)):
            self.add_error("places", _("Please choose whom this update is for."))
        if len({getattr(place, "development_id", place.pk) for place in places}) > 1:
            self.add_error(
                "places", _("These places belong to different developments. Please write one update for each.")
            )
        cleaned["chosen"] = places
        self.clean_terms(places, at=self.at)
        return cleaned

    def _place(self, value):
        kind, _colon, pk = value.partition(":")
        return (self.developments if kind == "development" else self.buildings)[pk]

    def draft(self):
        """The keyword arguments of `draft_update` and `edit_update`."""
        return {
            "places": self.cleaned_data["chosen"],
            "texts": self.texts(),
            "stage_code": self.cleaned_data["stage_code"],
            "photos": self.cleaned_data["photos"] or [],
            "announcement": self.terms(),
        }


def stage_choices(developments):
    """The ordered stages by kind of work: of the kinds that go on in these developments, or of all if none does yet."""
    templates = JourneyTemplate.objects.known().order_by("kind", "version").distinct()
    under_way = templates.filter(journey__home__development__in=developments, journey__ended=None)
    templates = {template.kind: template for template in under_way or templates}.values()
    stages = StageTemplate.objects.filter(template__in=templates, order__isnull=False).order_by("template", "order")
    return [
        (str(template.get_kind_display()), [(s.code, str(s.name)) for s in stages if s.template_id == template.pk])
        for template in templates
    ]


def initial_audience(update):
    """What the form shows of an update's audience."""
    audience = list(update.audience.select_related("building", "home__building"))
    return {
        "places": [f"development:{a.development_id}" for a in audience if a.development_id]
        + [f"building:{a.building_id}" for a in audience if a.building_id],
        "home_numbers": ", ".join(
            f"{a.home.building.name}/{a.home.number}" if a.home.building else a.home.number for a in audience if a.home
        ),
    }


class ScheduleForm(forms.Form):
    """When an update shall be published, in the development's own time."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[MaxValueValidator(datetime(2100, 1, 1, tzinfo=UTC))],  # the year 9999 ends nowhere else
    )


class CaptionForm(forms.Form):
    """What one photo shows, in each language; read aloud to those who do not see it."""

    caption_en = forms.CharField(label=_("Caption in English"), max_length=200, required=False, validators=[one_line])
    caption_zh = forms.CharField(label=_("Caption in Chinese"), max_length=200, required=False, validators=[one_line])
