"""The forms in which a form of checks is drafted: what it is called, and what is looked at."""

from django import forms
from django.forms import formset_factory
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.care.checks.models import CheckForm, FormItem
from portal.care.checks.versions import MOST_ITEMS
from progress.components.models import Component
from progress.touchpoints.models import Touchpoint

ITEM = ("code", "section_en", "section_zh", "text_en", "text_zh", "component", "touchpoint", "unit", "low", "high")
LONGEST_CODE = 40


class HeadForm(forms.ModelForm):
    """Who fills it in is decided once: checks that were planned count on it."""

    class Meta:
        model = CheckForm
        fields = ["name_en", "name_zh", "intro_en", "intro_zh", "by"]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("intro_en", "intro_zh")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["by"].disabled = self.instance.version > 1

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("name_en") or cleaned.get("name_zh")):
            self.add_error("name_en", _("Please give the name in at least one language."))
        return cleaned


class ItemForm(forms.ModelForm):
    """One thing to look at; with a unit and limits it is measured."""

    code = forms.SlugField(max_length=LONGEST_CODE, required=False, widget=forms.HiddenInput)

    class Meta:
        model = FormItem
        fields = [*ITEM, "photo"]

    def __init__(self, *args, components, touchpoints, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["component"].choices = components
        self.fields["touchpoint"].choices = touchpoints

    def clean(self):
        cleaned = super().clean()
        unit, low, high = (cleaned.get(name) for name in ("unit", "low", "high"))
        self.instance.measured = bool(unit)
        if not (cleaned.get("text_en") or cleaned.get("text_zh")):
            self.add_error("text_en", _("Please say what is looked at, in at least one language."))
        if unit and low is None and high is None:
            self.add_error("low", _("Please say within which limits it is in order."))
        if not unit and (low, high) != (None, None):
            self.add_error("unit", _("Please say in which unit it is measured."))
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The upper limit is below the lower one."))
        return cleaned


class BaseItemsFormSet(forms.BaseFormSet):
    def get_form_kwargs(self, index):
        if not hasattr(self, "_choices"):
            empty = [("", "–")]
            rows = Component.objects.select_related("parent")
            self._choices = {
                "components": empty + [(row.pk, str(row)) for row in rows],
                "touchpoints": empty + [(row.pk, str(row)) for row in Touchpoint.objects.all()],
            }
        return super().get_form_kwargs(index) | self._choices

    def items(self):
        """The FormItems in the order in which they shall stand."""
        return [form.instance for form in self.ordered_forms if form.cleaned_data.get("photo")]


ItemsFormSet = formset_factory(
    ItemForm,
    formset=BaseItemsFormSet,
    extra=2,
    can_order=True,
    can_delete=True,
    max_num=MOST_ITEMS,
    absolute_max=MOST_ITEMS + 10,
)


def rows_of(form):
    """What the formset shows of the items that are there."""
    return [
        {name: getattr(item, name) for name in (*ITEM, "photo") if name not in ("component", "touchpoint")}
        | {"component": item.component_id, "touchpoint": item.touchpoint_id}
        for item in form.items.order_by("order", "pk")
    ]


def free_code(name):
    """A code for a new form after its English name, that no other form has."""
    stem = slugify(name)[: LONGEST_CODE - 3].strip("-") or "form"
    taken = set(CheckForm.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in [stem, *(f"{stem}-{n}" for n in range(2, 100))] if code not in taken)
