"""Journeys of homes and the dates of their milestones."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column

from accounts.languages import LocalizedText
from progress.journeys.actions import JourneyError, start_journey
from progress.journeys.models import Journey, JourneyTemplate, Milestone, StageTemplate
from progress.journeys.planning import plan_milestones

from .choosers import home_chooser
from .people import DAY
from .scoped import ScopedCreateView, ScopedEditView, ScopedForm, ScopedIndexView, ScopedModelViewSet, ScopedPolicy


class JourneyPolicy(ScopedPolicy):
    """To change a journey is to plan its milestones."""

    def user_has_permission(self, user, action):
        if action == "change":
            return user.has_perm("journeys.change_milestone")
        return super().user_has_permission(user, action)


class JourneyIndexView(ScopedIndexView):
    def get_base_queryset(self):
        """With the name of the current stage per language, for `stage_now`."""
        stage = StageTemplate.objects.filter(pk=OuterRef("stage_now"))
        names = {field: Subquery(stage.values(f"name_{field[-2:]}")) for field in ("stage_en", "stage_zh")}
        return super().get_base_queryset().with_stage().annotate(**names)


def stage_now(journey):
    return LocalizedText.of(journey, "stage") if journey.stage_now else _("all done")


class JourneyForm(ScopedForm):
    """New journeys start with the version that is in force."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = JourneyTemplate.objects.in_force()


class JourneyCreateView(ScopedCreateView):
    def get_initial(self):
        return {"started": timezone.localdate()}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except JourneyError as error:
            form.add_error(None, str(error))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def save_instance(self):
        return start_journey(by=self.request.user, **self.form.cleaned_data)


class EndForm(forms.ModelForm):
    """The end of the job, when it has one."""

    class Meta:
        model = Journey
        fields = ["ended"]
        widgets = {"ended": DAY}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended"].show_hidden_initial = True
        self.fields["ended"].validators.append(MinValueValidator(self.instance.started))

    def clean_ended(self):
        """Left as it was seen, it stays as it is by now. Begun again, it must not be the second of its kind."""
        ended, journey = self.cleaned_data["ended"], self.instance
        if "ended" not in self.changed_data:
            return journey.ended
        others = journey.home.journeys.filter(template__kind=journey.template.kind, ended=None).exclude(pk=journey.pk)
        if ended is None and others.exists():
            raise forms.ValidationError(_("This home is on such a journey already."))
        return ended


class FirstDateForm(forms.Form):
    """The first date of a milestone that has none."""

    planned = forms.DateField(label=_("Planned"), required=False, widget=DAY)


@dataclass
class Step:
    """One milestone: to be planned here while it has no date; all that follows is said on the board's pages."""

    milestone: Milestone
    form: FirstDateForm | None

    @property
    def acts(self):
        """(words, address) of what can be said of it."""
        if self.milestone.state == Milestone.State.REACHED:
            return [(_("Withdraw"), self._url("withdraw"))]
        return [(_("New date"), self._url("forecast")), (_("Reached"), self._url("reached"))]

    def _url(self, act):
        query = urlencode({"journey": self.milestone.journey_id, "step": self.milestone.template.code})
        return f"{reverse('desk_updates:milestones', args=[act])}?{query}"


class JourneyEditView(ScopedEditView):
    """All milestones of one journey, in one form for those that nobody has dated yet."""

    @cached_property
    def steps(self):
        data = self.request.POST or None
        return [
            Step(step, FirstDateForm(data, prefix=str(step.pk)) if step.is_undated else None)
            for step in self.object.milestones.select_related("template__stage")
        ]

    @property
    def to_plan(self):
        return [step for step in self.steps if step.form]

    def is_valid(self, form):
        invalid = [step for step in self.to_plan if not step.form.is_valid()]  # each, so that each shows its errors
        valid = super().is_valid(form) and not invalid
        if not valid:
            self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
        return valid

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except JourneyError as error:
            form.add_error(None, str(error))
            self.produced_error_message = str(error)
            return self.form_invalid(form)

    def save_instance(self):
        journey = super().save_instance()
        for step in self.to_plan:
            if step.form.cleaned_data["planned"]:
                plan_milestones([step.milestone], on=step.form.cleaned_data["planned"], by=self.request.user)
        return journey

    def get_success_url(self):
        return self.get_edit_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(steps=self.steps, **kwargs)


class JourneyViewSet(ScopedModelViewSet):
    model = Journey
    path = "home__development"
    form_class = JourneyForm
    policy_class = JourneyPolicy
    icon = "tasks"
    menu_order = 30
    add_to_admin_menu = True
    select_related = ("home__development", "home__building", "template")
    list_display = [
        "home",
        Column("kind", label=_("Kind of work"), accessor="template.get_kind_display", sort_key="template__kind"),
        Column("stage", label=_("Stage now"), accessor=stage_now),
        "started",
        "ended",
    ]
    list_filter = {"home__development": ["exact"], "template__kind": ["exact"]}
    search_fields = ("home__number", "home__building__name")
    inspect_view_fields = ["home", "template", "started", "ended"]
    index_view_class = JourneyIndexView
    add_view_class = JourneyCreateView
    edit_view_class = JourneyEditView
    panels = [
        FieldPanel("home", widget=home_chooser.widget_class),
        FieldPanel("template"),
        FieldPanel("started"),
    ]

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(panel=None, form_class=EndForm, template_name="desk/journey.html", **kwargs)
