"""The forms in which staff write an open day, copy it, publish it and call it off."""

import uuid
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User, one_line
from cms.models import OpenDayPage
from portal.bookings.models import OpenDay, SafetyRule
from progress.journeys.models import JourneyTemplate, MilestoneTemplate
from progress.models import Assignment, Building, Development

from ..scoped import within
from .times import DAY, InZone, WallClockField, shown

AREA = forms.Textarea(attrs={"rows": 3})
CLOCKS = ("opens_at", "closes_at", "change_until")
TEXTS = ("title", "summary", "meeting_point", "route", "bring")
WORDS = [f"{text}_{language}" for text in TEXTS for language in ("en", "zh")]
LINES = [name for name in WORDS if name.startswith(("title", "meeting_point"))]  # they head mails and calendars
TERMS = ("max_party", "min_age", "offer_hours", "one_per_home", "guide", "page")


def colleagues_at(developments):
    """Those assigned there today, or everywhere: who may be in charge."""
    posts = Assignment.objects.live().filter(Q(development=None) | Q(development__in=developments))
    return User.objects.filter(is_active=True, assignments__in=posts).distinct().order_by("name", "pk")


def milestone_choices():
    """The steps of the templates in force by code, as their homes know them."""
    steps = MilestoneTemplate.objects.filter(stage__template__in=JourneyTemplate.objects.known())
    steps = steps.select_related("stage").order_by("stage__template__kind", "stage__order", "order")
    return list({step.code: f"{step.name} ({step.stage.name})" for step in steps}.items())


class OpenDayForm(InZone, forms.ModelForm):
    """What it is, for whom, when one books. `user`: only where they work is offered, and accepted."""

    clock_fields = CLOCKS

    open_day_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    past_milestone = forms.ChoiceField(
        label=gettext_lazy("Only homes that have reached"),
        required=False,
        help_text=gettext_lazy("Leave it empty to invite homes at any step."),
    )
    opens_at = WallClockField(label=gettext_lazy("Booking opens"))
    closes_at = WallClockField(label=gettext_lazy("Booking closes"))
    change_until = WallClockField(label=gettext_lazy("Owners change or cancel until"))

    class Meta:
        model = OpenDay
        fields = ["development", "buildings", *WORDS, *TERMS]
        widgets = {
            "buildings": forms.CheckboxSelectMultiple,
            **{f"{text}_{language}": AREA for text in ("summary", "route", "bring") for language in ("en", "zh")},
        }
        help_texts = {"meeting_point_en": gettext_lazy("Short, such as “North gate”. The way there comes below.")}

    def __init__(self, *args, user, **kwargs):
        instance = kwargs.get("instance")
        if instance:
            times = {name: shown(getattr(instance, name), instance.zone) for name in CLOCKS}
            known = {**times, "past_milestone": instance.past_milestone, "open_day_id": instance.pk}
            kwargs["initial"] = known | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in LINES:
            self.fields[name].validators.append(one_line)
        self._offer(within(Development, user), user)
        self.order_fields(["development", "buildings", "past_milestone", *WORDS, *CLOCKS, *TERMS])

    def _offer(self, developments, user):
        if not self.instance._state.adding:
            developments = developments.filter(pk=self.instance.development_id)
            self.fields["development"].disabled = True
        elif developments.count() == 1:
            self.initial["development"] = developments.get().pk
        buildings = within(Building, user).filter(development__in=developments).select_related("development")
        self.fields["development"].queryset = developments
        self.fields["buildings"].queryset = buildings.order_by("development", "name")
        self.fields["guide"].queryset = colleagues_at(developments.values("pk"))
        self.fields["page"].queryset = OpenDayPage.objects.at_developments(developments)
        self.fields["past_milestone"].choices = [("", _("all homes")), *milestone_choices()]
        if code := self.initial.get("past_milestone"):
            choices = self.fields["past_milestone"].choices
            self.fields["past_milestone"].choices = dict([*choices, *([] if code in dict(choices) else [(code, code)])])

    def audience_fields(self):
        return [self[name] for name in ("development", "buildings", "past_milestone")]

    def text_fields(self):
        return [self[name] for name in WORDS]

    def term_fields(self):
        return [self[name] for name in (*CLOCKS, *TERMS)]

    def clean(self):
        cleaned = super().clean()
        development = cleaned.get("development")
        if not development:
            return cleaned
        self.to_zone(cleaned, ZoneInfo(development.time_zone))
        self._check_place(cleaned, development)
        self._check_times(cleaned)
        if not (cleaned.get("title_en") or cleaned.get("title_zh")) and not {"title_en", "title_zh"} & {*self.errors}:
            self.add_error("title_en", _("Please write a title in at least one language."))
        return cleaned

    def _check_place(self, cleaned, development):
        if any(building.development_id != development.pk for building in cleaned.get("buildings") or ()):
            self.add_error("buildings", _("These buildings belong to another development."))
        guide = cleaned.get("guide")
        if guide and not colleagues_at([development.pk]).filter(pk=guide.pk).exists():
            self.add_error("guide", _("This colleague does not work at this development."))

    def _check_times(self, cleaned):
        opens, closes, until = (cleaned.get(name) for name in CLOCKS)
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        if opens and until and until < opens:
            self.add_error("change_until", _("This is before booking opens."))

    def validate_constraints(self):
        """Left out: `clean` says the same in words for the one who writes."""

    def _post_clean(self):
        """The row is left as it is: the actions change it, and preview and refusal need it unchanged."""

    def values(self):
        """Every field by name, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "open_day_id"}

    def changes(self):
        """Those that differ from the row."""
        row, values = self.instance, self.values()
        values.pop("development")
        return {name: value for name, value in values.items() if _of(row, name) != _plain(value)}


def _of(row, name):
    """As the form would say it: it knows no seconds."""
    if name in CLOCKS:
        return getattr(row, name).replace(second=0, microsecond=0)
    return {building.pk for building in row.buildings.all()} if name == "buildings" else getattr(row, name)


def _plain(value):
    return {row.pk for row in value} if hasattr(value, "model") and hasattr(value, "all") else value


class RuleForm(forms.Form):
    """One rule that each visitor accepts."""

    icon = forms.ChoiceField(label=gettext_lazy("Pictogram"), choices=SafetyRule.Icon)
    text_en = forms.CharField(
        label=gettext_lazy("Rule in English"), max_length=300, required=False, validators=[one_line]
    )
    text_zh = forms.CharField(
        label=gettext_lazy("Rule in Chinese"), max_length=300, required=False, validators=[one_line]
    )

    def has_changed(self):
        """A spare line counts once something is written in it; its picture is chosen from the start."""
        written = any(self[name].value() for name in ("text_en", "text_zh"))
        return super().has_changed() and (written or not self.empty_permitted)

    def clean(self):
        cleaned = super().clean()
        if self.has_changed() and not self.errors and not (cleaned.get("text_en") or cleaned.get("text_zh")):
            raise forms.ValidationError(_("Please write the rule in at least one language, or take it out."))
        return cleaned


class BaseRulesFormSet(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Position")
        form.fields["DELETE"].label = _("Take it out")

    def rules(self):
        """The rules in the order in which they shall stand, as the action takes them."""
        rows = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data]
        rows = [row for row in rows if row["text_en"] or row["text_zh"]]
        return [{name: row[name] for name in ("icon", "text_en", "text_zh")} for row in rows]


RulesFormSet = formset_factory(
    RuleForm, formset=BaseRulesFormSet, extra=2, can_order=True, can_delete=True, max_num=20, absolute_max=24
)


def rules_of(open_day):
    """What the formset shows of an open day that is there."""
    return [{"icon": rule.icon, "text_en": rule.text_en, "text_zh": rule.text_zh} for rule in open_day.rules.all()]


class CopyForm(forms.Form):
    first_day = forms.DateField(
        label=gettext_lazy("First day of the new one"),
        widget=DAY,
        help_text=gettext_lazy("All times move with it and stay the same by the clock."),
    )


class ReasonForm(forms.Form):
    """Why, in at least one language; owners read it."""

    reason_en = forms.CharField(
        label=gettext_lazy("Reason in English"), max_length=200, required=False, validators=[one_line]
    )
    reason_zh = forms.CharField(
        label=gettext_lazy("Reason in Chinese"), max_length=200, required=False, validators=[one_line]
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("reason_en") or cleaned.get("reason_zh")):
            self.add_error("reason_en", _("Please say why; the owners read it."))
        return cleaned


class CancelForm(ReasonForm):
    because = forms.ChoiceField(
        label=gettext_lazy("What it is for"),
        choices=[
            ("open_day", pgettext_lazy("an open day is called off", "something else")),
            ("weather", pgettext_lazy("an open day is called off", "the weather")),
        ],
        widget=forms.RadioSelect,
        initial="open_day",
    )
