"""The forms in which a rule is drafted: closed choices, so that what can be chosen can be kept."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.care.checks.models import CheckForm
from portal.care.choosing import FARTHEST_STEP, LONGEST_CODE, MOST_STEPS, codes_of, needs_code
from portal.care.models import FARTHEST, Anchor, Rule
from progress.models import Development

from ..scoped import within, works_everywhere
from .words import ALL, HEARS

BEFORE, AFTER = "before", "after"
DIRECTIONS = [(AFTER, gettext_lazy("after it")), (BEFORE, gettext_lazy("before it"))]
WORDS = ("name_en", "name_zh", "message_en", "message_zh")
PARTS = [  # as the form shows them
    (gettext_lazy("What it is called"), ("name_en", "name_zh")),
    (
        gettext_lazy("When"),
        ("occasion", "weekday", "on_day", "every_year", "length", "unit", "direction", "roll", "at_time"),
    ),
    (gettext_lazy("What is owed, and by whom"), ("product", "form", "team", "touchpoint")),
    (pgettext_lazy("a rule", "For whom"), ("development", "sample_percent", "starts_on", "late_days")),
    (gettext_lazy("What the owners read"), ("message_en", "message_zh")),
]


def occasions():
    """All that a rule can count from, by kind: what belongs together is one choice, "anchor:code"."""
    groups = []
    for anchor in Anchor:
        pairs = [(f"{anchor}:{code}", label) for code, label in codes_of(anchor)]
        if not pairs or not needs_code(anchor):
            pairs.insert(0, (f"{anchor}:", ALL.get(anchor, anchor.label)))
        groups.append((anchor.label, pairs))
    return groups


class RuleForm(forms.ModelForm):
    """A draft. `user`: only where they work is offered; a rule for all developments, to whoever works everywhere."""

    occasion = forms.ChoiceField(label=gettext_lazy("Counts from"))
    length = forms.IntegerField(
        label=pgettext_lazy("a rule", "How long"),
        min_value=0,
        max_value=FARTHEST,
        help_text=gettext_lazy("0: on the day itself."),
    )
    direction = forms.ChoiceField(label=gettext_lazy("After or before"), choices=DIRECTIONS)
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        required=False,
        help_text=gettext_lazy("For a check, or for a message that brings a form to fill in."),
    )

    class Meta:
        model = Rule
        fields = [
            *WORDS,
            *("weekday", "on_day", "every_year", "unit", "roll", "at_time", "product", "team", "touchpoint"),
            *("development", "sample_percent", "starts_on", "late_days"),
        ]
        labels = {"at_time": gettext_lazy("By what time")}
        widgets = {
            "message_en": forms.Textarea(attrs={"rows": 4}),
            "message_zh": forms.Textarea(attrs={"rows": 4}),
            "on_day": forms.DateInput,
            "starts_on": forms.DateInput,
            "at_time": forms.TimeInput,
        }
        help_texts = {
            "weekday": gettext_lazy("Only for what comes each week."),
            "on_day": gettext_lazy("Only for what counts from a day."),
            "message_en": gettext_lazy("{people} becomes the names of those who look after the home."),
            "message_zh": gettext_lazy("{people} becomes the names of those who look after the home."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        rule = self.instance
        self.fields["occasion"].choices = occasions()
        self.fields["form"].choices = _forms(rule)
        self.fields["development"].queryset = within(Development, user)
        self.fields["development"].required = not works_everywhere(user)
        self.initial |= {
            "occasion": f"{rule.anchor}:{rule.anchor_code}",
            "length": abs(rule.offset),
            "direction": BEFORE if rule.offset < 0 else AFTER,
            "form": rule.form,
        }

    def parts(self):
        """[(heading, fields)]"""
        return [(heading, [self[name] for name in names]) for heading, names in PARTS]

    def clean(self):
        given = super().clean()
        if "occasion" in given:
            self.instance.anchor, self.instance.anchor_code = given["occasion"].split(":", 1)
        if "length" in given and "direction" in given:
            self.instance.offset = -given["length"] if given["direction"] == BEFORE else given["length"]
        self.instance.form = given.get("form", "")
        return given

    def _post_clean(self):
        """Whether it fits together, and is worded for people, `save_draft` says."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)

    def add_errors(self, error):
        """What `save_draft` found, beside the field that it concerns."""
        beside = {"anchor_code": "occasion", "offset": "length"}
        for name, problems in error.message_dict.items():
            name = beside.get(name, name)
            self.add_error(name if name in self.fields else None, ValidationError(problems))


def _forms(rule):
    """The forms in use by code; one that is in use no more stays where it was chosen."""
    known = {form.code: str(form) for form in CheckForm.objects.filter(state=CheckForm.State.ON).order_by("code")}
    if rule.form:
        known.setdefault(rule.form, rule.form)
    return [("", _("No form")), *known.items()]


class StepForm(forms.Form):
    """Who hears of it on which day."""

    days = forms.IntegerField(label=gettext_lazy("Working days"), min_value=1, max_value=FARTHEST_STEP)
    direction = forms.ChoiceField(label=gettext_lazy("After or before"), choices=DIRECTIONS[::-1])
    to = forms.MultipleChoiceField(
        label=gettext_lazy("Who hears of it"), choices=list(HEARS.items()), widget=forms.CheckboxSelectMultiple
    )

    def has_changed(self):
        """A row without days and people was left empty, whatever its direction."""
        return bool({"days", "to"} & set(self.changed_data))


class BaseStepsFormSet(forms.BaseFormSet):
    def steps(self):
        """As the rule keeps them, earliest first."""
        rows = [form.cleaned_data for form in self if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        days = [(-row["days"] if row["direction"] == BEFORE else row["days"], row["to"]) for row in rows if "to" in row]
        return [{"days": number, "to": to} for number, to in sorted(days)]


StepsFormSet = formset_factory(
    StepForm, formset=BaseStepsFormSet, extra=1, can_delete=True, max_num=MOST_STEPS, absolute_max=2 * MOST_STEPS
)


def rows_of(rule):
    """What the formset shows of the steps that a rule has."""
    return [
        {"days": abs(step["days"]), "direction": BEFORE if step["days"] < 0 else AFTER, "to": step["to"]}
        for step in rule.steps or ()
    ]


class OffForm(forms.Form):
    """What becomes of the promises that are open."""

    STAND, GO = "stand", "go"
    CHOICES = [
        (STAND, gettext_lazy("What is promised stays promised")),
        (GO, gettext_lazy("What is open no longer applies")),
    ]
    promises = forms.ChoiceField(
        label=gettext_lazy("Promises that are open"), choices=CHOICES, initial=STAND, widget=forms.RadioSelect
    )


def free_code(name):
    """A code for a new rule after its English name, that no other rule has."""
    stem = slugify(name)[: LONGEST_CODE - 3].strip("-") or "rule"
    taken = set(Rule.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in [stem, *(f"{stem}-{n}" for n in range(2, 100))] if code not in taken)
