"""The ledger of promises as a list on the desk: all of them, whoever answers. One's own are under "My day"."""

import django_filters
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from progress.promises import kinds
from progress.promises.models import Promise

from .kept import kept
from .scoped import ScopedFilterSet, ScopedIndexView, ScopedModelViewSet


class PromiseFilterSet(ScopedFilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kinds.choices)

    class Meta:
        model = Promise
        fields = ["development", "kind", "state", "team"]


def page_of(promise):
    return reverse("desk_updates:promise", args=[promise.pk])


class PromiseIndexView(ScopedIndexView):
    filterset_class = PromiseFilterSet

    @cached_property
    def header_buttons(self):
        return [HeaderButton(_("Promises kept"), reverse("desk_promise:kept"), icon_name="history")]

    def get_table(self, object_list):
        return super().get_table(kinds.prepare(object_list))

    default_ordering = "due_at"
    columns = [
        TitleColumn("words", label=_("What"), accessor=str, get_url=page_of),
        Column("place", label=_("Where"), accessor=lambda promise: promise.home or promise.development or ""),
        Column("due_at", label=_("Promised for"), accessor="due_at", sort_key="due_at"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column(
            "responsible",
            label=_("Who answers for it"),
            accessor=lambda promise: promise.responsible or promise.get_team_display(),
        ),
    ]


class PromiseViewSet(ScopedModelViewSet):
    model = Promise
    icon = "tasks"
    menu_label = _("Promises")
    add_to_admin_menu = True
    menu_order = 25
    select_related = ("development", "home__building", "home__development", "owner", "responsible")
    index_view_class = PromiseIndexView
    inspect_view_enabled = False
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("kept/", kept, name="kept")]
