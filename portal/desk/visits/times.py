"""When colleagues can come, on the desk: hours by weekday, absences, and how long each kind of visit takes."""

from django.contrib import messages
from django.forms import DateInput, TimeInput
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.events.actions import record
from portal.visits.models import Absence, Availability, VisitSetting

from ..scoped import ScopedCreateView, ScopedEditView, ScopedIndexView, ScopedModelViewSet, ScopedPolicy, within
from .times_forms import AbsenceForm, AvailabilityForm, OfPlaceForm

DAY = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M")


def remover(model, permission, back):
    """A view that takes one row away, and notes it."""

    @require_POST
    def remove(request, pk):
        if not request.user.has_perm(permission):
            raise Http404
        row = get_object_or_404(within(model, request.user), pk=pk)
        record("removed", row, by=request.user)
        row.delete()
        messages.success(request, gettext("Taken away. Visits that are booked stay."))
        return redirect(back)

    return remove


class RemovableEditView(ScopedEditView):
    template_name = "desk/visits/removable.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"remove_url_name": f"desk_{self.model._meta.model_name}:remove"}


class AvailabilityIndexView(ScopedIndexView):
    default_ordering = ("team", "person", "weekday", "starts")
    columns = [
        TitleColumn(
            "who",
            label=_("Who"),
            accessor=lambda row: row.person or row.get_team_display(),
            url_name="desk_availability:edit",
        ),
        Column("weekday", label=_("Weekday"), accessor="get_weekday_display", sort_key="weekday"),
        Column("hours", label=_("Hours"), accessor=lambda row: f"{row.starts:%H:%M}–{row.ends:%H:%M}"),
        Column("kind", label=_("Kind"), accessor=lambda row: row.get_kind_display() or gettext("all kinds")),
        Column("place", label=_("Where"), accessor=lambda row: row.development or gettext("all developments")),
        Column("valid_from", label=_("Valid from"), sort_key="valid_from"),
        Column("valid_until", label=_("Last day"), accessor=lambda row: row.valid_until or ""),
    ]


class AvailabilityCreateView(ScopedCreateView):
    def get_initial(self):
        return super().get_initial() | {"valid_from": timezone.localdate()}

    def save_instance(self):
        """One row a weekday. Returns the first."""
        rows = []
        for weekday in self.form.cleaned_data["weekdays"]:
            row = self.form.instance
            row.pk, row.weekday = None, weekday
            row._state.adding = True
            row.save()
            record("created", row, by=self.request.user)
            rows.append(row.pk)
        return Availability.objects.get(pk=rows[0])


class AvailabilityViewSet(ScopedModelViewSet):
    model = Availability
    icon = "time"
    menu_label = _("When we can come")
    form_class = AvailabilityForm
    select_related = ("development", "person")
    list_filter = ["team", "person", "kind", "weekday", "development"]
    index_view_class = AvailabilityIndexView
    add_view_class = AvailabilityCreateView
    edit_view_class = RemovableEditView
    inspect_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("person"), FieldPanel("team")]),
        FieldRowPanel([FieldPanel("development"), FieldPanel("kind")]),
        FieldPanel("weekdays"),
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("starts", widget=CLOCK), FieldPanel("ends", widget=CLOCK)]),
        FieldRowPanel([FieldPanel("valid_from", widget=DAY), FieldPanel("valid_until", widget=DAY)]),
        FieldPanel("on_days_off"),
    ]

    def get_urlpatterns(self):
        remove = remover(Availability, "visits.change_availability", "desk_availability:index")
        return [*super().get_urlpatterns(), path("<int:pk>/remove/", remove, name="remove")]


class AbsencePolicy(ScopedPolicy):
    """An absence is of a colleague, wherever; those who work with them see it."""

    def within(self, user):
        return Absence.objects.for_user(user)


class AbsenceIndexView(ScopedIndexView):
    default_ordering = ("-first_day", "person")


class AbsenceCreateView(ScopedCreateView):
    def get_initial(self):
        return super().get_initial() | {"person": self.request.user.pk}


class AbsenceViewSet(ScopedModelViewSet):
    model = Absence
    path = "pk"
    policy_class = AbsencePolicy
    icon = "calendar"
    menu_label = _("Absences")
    form_class = AbsenceForm
    select_related = ("person",)
    list_display = ["person", "first_day", "last_day", "note"]
    list_filter = ["person"]
    index_view_class = AbsenceIndexView
    add_view_class = AbsenceCreateView
    edit_view_class = RemovableEditView
    inspect_view_enabled = False
    panels = [
        FieldPanel("person"),
        FieldRowPanel([FieldPanel("first_day", widget=DAY), FieldPanel("last_day", widget=DAY)]),
        FieldPanel("note"),
    ]

    def get_urlpatterns(self):
        remove = remover(Absence, "visits.change_absence", "desk_absence:index")
        return [*super().get_urlpatterns(), path("<int:pk>/remove/", remove, name="remove")]


class SettingForm(OfPlaceForm):
    fixed = ("development", "kind")


class VisitSettingViewSet(ScopedModelViewSet):
    model = VisitSetting
    icon = "cog"
    menu_label = _("Settings of visits")
    form_class = SettingForm
    select_related = ("development",)
    list_display = ["kind", "development", "minutes", "buffer_minutes", "notice_days", "horizon_days", "by_owners"]
    inspect_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("development")]),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("buffer_minutes")]),
        FieldRowPanel([FieldPanel("notice_days"), FieldPanel("horizon_days")]),
        FieldPanel("by_owners"),
    ]
