"""The forms in which staff note materials, write recalls, and say what was done about them."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from progress.components.models import Component
from progress.materials.models import Material
from progress.models import Building

from ..scoped import ScopedForm, within

KEYS = {"maker_key", "product_key", "batch_key"}
NOTED = ("component", "maker", "product", "batch", "telephone", "contact", "note", "installed_on")
DAY = forms.DateInput(attrs={"type": "date"})


def components():
    return Component.objects.in_use().select_related("parent").order_by("parent__order", "order", "code")


class MaterialForm(ScopedForm):
    """What it is stays; telephone, contact, note and days may be put right. Twice at one place is refused here."""

    fixed = ("home",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["component"].queryset = components()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - KEYS  # reckoned from what is written, and told apart by


class BuildingForm(forms.ModelForm):
    """One material for all homes of a building. `seen` is what the person saw counted before they agreed."""

    building = forms.ModelChoiceField(label=_("Building"), queryset=Building.objects.none())
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Material
        fields = NOTED
        widgets = {"installed_on": DAY}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["building"].queryset = within(Building, user).select_related("development")
        self.fields["component"].queryset = components()
        self.order_fields(["building", *NOTED])

    def values(self):
        return {name: self.cleaned_data[name] for name in NOTED}

    def digest(self, *counted):
        """Of what would be written where: another one, and it is counted anew."""
        said = repr([self.cleaned_data["building"].pk, sorted(map(str, self.values().items())), counted])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Why it ends"), max_length=300, validators=[one_line])


class SettleForm(forms.Form):
    """What the owner reads, in at least one language, and what was replaced."""

    outcome_en = forms.CharField(
        label=_("What was done, in English"), max_length=200, required=False, validators=[one_line]
    )
    outcome_zh = forms.CharField(
        label=_("What was done, in Chinese"), max_length=200, required=False, validators=[one_line]
    )
    replaced = forms.ModelMultipleChoiceField(
        label=_("Taken out"),
        queryset=Material.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It stays on the list of the home as taken out today."),
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaced"].queryset = found.materials.built_in()
        if not self.fields["replaced"].queryset.exists():
            del self.fields["replaced"]
