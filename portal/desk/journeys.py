"""Journeys of homes and the dates of their milestones."""

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column

from accounts.events.models import Event
from accounts.languages import LocalizedText
from progress.journeys.actions import JourneyError, date_milestone, start_journey
from progress.journeys.models import Journey, Milestone, StageTemplate

from .choosers import home_chooser
from .people import DAY
from .scoped import ScopedCreateView, ScopedEditView, ScopedIndexView, ScopedModelViewSet, ScopedPolicy

DATES = ("planned", "forecast", "actual")


class JourneyPolicy(ScopedPolicy):
    """To change a journey is to date its milestones."""

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
        others = journey.home.journeys.filter(template=journey.template, ended=None).exclude(pk=journey.pk)
        if ended is None and others.exists():
            raise forms.ValidationError(_("This home is on such a journey already."))
        return ended


class DatesForm(forms.ModelForm):
    """The dates of one milestone. What counts as changed is compared with what the person saw, not with what is there.

    So two people at one journey undo nothing of each other's; at one milestone, the second is shown the first's dates.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Milestone
        fields = DATES
        widgets = dict.fromkeys(DATES, DAY)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in DATES:
            self.fields[name].show_hidden_initial = True
        self.fields["seen"].initial = self.instance.row_version
        self.others = None  # what somebody else wrote meanwhile

    def is_dated(self):
        return bool(set(self.changed_data) & set(DATES))

    def clean(self):
        cleaned = super().clean()
        if self.is_dated() and cleaned.get("seen") not in (None, self.instance.row_version):
            self._show_the_others()
            raise forms.ValidationError(_("Somebody else has changed this step meanwhile. Save again to replace it."))
        return cleaned

    def _show_the_others(self):
        """Keeps what the person wrote. Sent once more, it replaces what they have been shown."""
        event = Event.objects.filter(subject_kind=Milestone._meta.label_lower, subject_id=str(self.instance.pk)).first()
        self.others = {"by": event.actor if event else None, "dates": [self.initial[name] for name in DATES]}
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.instance.row_version
        for name in DATES:
            self.data[self.add_initial_prefix(name)] = self.initial[name] or ""


class JourneyEditView(ScopedEditView):
    """All milestones of one journey with their dates, in one form."""

    @cached_property
    def dates(self):
        steps = self.object.milestones.select_related("template__stage")
        return [DatesForm(self.request.POST or None, instance=step, prefix=str(step.pk)) for step in steps]

    def is_valid(self, form):
        invalid = [step for step in self.dates if not step.is_valid()]  # each, so that each shows its errors
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
        for step in self.dates:
            if step.is_dated():
                dates = {field: step.cleaned_data[field] for field in (*DATES, "seen")}
                date_milestone(step.instance, by=self.request.user, today=timezone.localdate(), **dates)
        return journey

    def get_success_url(self):
        return self.get_edit_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(dates=self.dates, **kwargs)


class JourneyViewSet(ScopedModelViewSet):
    model = Journey
    path = "home__development"
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
