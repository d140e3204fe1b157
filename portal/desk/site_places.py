"""For whom something is: a development, buildings of it, single homes; of those where the person works."""

import re
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from progress.models import Building, Development, Home

from .scoped import within


class PlacesFields(forms.Form):
    """Mixed into a form, before it. Its `__init__` calls `offer_places`, its `clean` calls `chosen_places`."""

    places = forms.MultipleChoiceField(label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple)
    home_numbers = forms.CharField(
        label=_("Single homes"),
        required=False,
        max_length=2000,
        help_text=_(
            "Numbers with commas between them, such as 3-1102, 3-1103. If buildings share a number: Building 3/1102."
        ),
    )
    nobody_chosen = _("Please choose whom this update is for.")
    places_apart = _("These places belong to different developments. Please write one update for each.")

    def offer_places(self, user):
        self.user = user
        self.developments = {str(d.pk): d for d in within(Development, user)}
        buildings = within(Building, user).select_related("development")
        self.buildings = {str(b.pk): b for b in buildings if str(b.development_id) in self.developments}
        self.fields["places"].choices = self._place_choices()

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

    def chosen_places(self, cleaned):
        """The places that were chosen; with an error in the form where there are none, or of several developments."""
        named = [self._place(value) for value in cleaned.get("places", [])]
        places = named + (cleaned.get("home_numbers") or [])
        if not places and not ({"places", "home_numbers"} & set(self.errors)):
            self.add_error("places", self.nobody_chosen)
        if len({getattr(place, "development_id", place.pk) for place in places}) > 1:
            self.add_error("places", self.places_apart)
        return places

    def _place(self, value):
        kind, _colon, pk = value.partition(":")
        return (self.developments if kind == "development" else self.buildings)[pk]


def initial_audience(row):
    """What the form shows of the audience of a row."""
    audience = list(row.audience.select_related("building", "home__building"))
    return {
        "places": [f"development:{a.development_id}" for a in audience if a.development_id]
        + [f"building:{a.building_id}" for a in audience if a.building_id],
        "home_numbers": ", ".join(
            f"{a.home.building.name}/{a.home.number}" if a.home.building else a.home.number for a in audience if a.home
        ),
    }
