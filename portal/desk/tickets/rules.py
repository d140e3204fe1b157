"""What decides where a ticket goes and who hears of an emergency: who is on duty, words that mean danger, routes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import policy_registry

from accounts.events.actions import record
from portal.tickets.models import Duty, EmergencyWord, Route

from ..colleagues import colleagues_of
from ..scoped import ScopedEditView, ScopedIndexView, ScopedModelViewSet
from ..touchpoints import TouchpointPolicy
from ..visits.times_forms import OfPlaceForm


class RemovableEditView(ScopedEditView):
    """A row that can also be taken away."""

    template_name = "desk/visits/removable.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"remove_url_name": f"desk_{self.model._meta.model_name}:remove"}


def remover(model):
    """A view that takes one row away, and notes it."""
    name = model._meta.model_name

    @require_POST
    def remove(request, pk):
        row, policy = get_object_or_404(model, pk=pk), policy_registry.get_by_type(model)
        if not policy.user_has_permission_for_instance(request.user, "delete", row):
            raise Http404
        record("removed", row, by=request.user)
        row.delete()
        messages.success(request, gettext("Taken away."))
        return redirect(f"desk_{name}:index")

    return remove


class RuleViewSet(ScopedModelViewSet):
    """Rows that are written, changed and taken away."""

    inspect_view_enabled = False
    edit_view_class = RemovableEditView

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<int:pk>/remove/", remover(self.model), name="remove")]


def moment(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def title(name, label, accessor, namespace):
    return TitleColumn(
        name, label=label, accessor=accessor, get_url=lambda row: reverse(f"{namespace}:edit", args=[row.pk])
    )


class DutyForm(OfPlaceForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues_of(self.for_user)


class DutyIndexView(ScopedIndexView):
    """Those to come and those of now stand first."""

    default_ordering = ("-ends", "pk")


class DutyViewSet(RuleViewSet):
    model = Duty
    icon = "warning"
    menu_label = _("Who is on duty")
    form_class = DutyForm
    select_related = ("development", "user")
    index_view_class = DutyIndexView
    list_filter = ["development"]
    list_display = [
        title("user", _("Who"), "user", "desk_duty"),
        Column("development", label=_("Where"), accessor=lambda row: row.development or gettext("all developments")),
        Column("starts", label=_("From"), accessor=lambda row: moment(row.starts), sort_key="starts"),
        Column("ends", label=_("Until"), accessor=lambda row: moment(row.ends), sort_key="ends"),
    ]
    panels = [
        FieldRowPanel([FieldPanel("user"), FieldPanel("development")]),
        FieldRowPanel([FieldPanel("starts"), FieldPanel("ends")]),
    ]


class WordIndexView(ScopedIndexView):
    default_ordering = ("word",)


class EmergencyWordViewSet(RuleViewSet):
    model = EmergencyWord
    path = "pk"
    policy_class = TouchpointPolicy
    icon = "warning"
    menu_label = _("Words that mean an emergency")
    index_view_class = WordIndexView
    list_per_page = 100
    list_display = [title("word", _("Word"), "word", "desk_emergencyword")]
    search_fields = ("word",)
    panels = [FieldPanel("word")]


class RouteIndexView(ScopedIndexView):
    default_ordering = ("component__code", "kind")


class RouteViewSet(RuleViewSet):
    model = Route
    path = "pk"
    policy_class = TouchpointPolicy
    icon = "crosshairs"
    menu_label = _("Where tickets go")
    select_related = ("component__parent", "touchpoint")
    index_view_class = RouteIndexView
    list_per_page = 100
    list_filter = ["kind", "team"]
    list_display = [
        title("what", _("Kind and part"), lambda row: str(row) or gettext("everything else"), "desk_route"),
        Column("touchpoint", label=_("Touchpoint")),
        Column("team", label=_("Team"), accessor="get_team_display"),
        Column("priority", label=_("Priority"), accessor=lambda row: row.get_priority_display()),
    ]
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("component")]),
        FieldRowPanel([FieldPanel("touchpoint"), FieldPanel("team"), FieldPanel("priority")]),
    ]
