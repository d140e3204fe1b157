"""Touchpoints on the desk: everybody reads the standards; who works everywhere changes them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from progress.touchpoints.models import Touchpoint

from .scoped import ScopedForm, ScopedIndexView, ScopedModelViewSet, ScopedPolicy, works_everywhere


class TouchpointPolicy(ScopedPolicy):
    """They are nobody's data and count in all developments."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and (action == "view" or works_everywhere(user))

    def within(self, user):
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, ["view", "change"]) else rows.none()


class TouchpointForm(ScopedForm):
    """The code is what promises were named by."""

    fixed = ("code",)


class TouchpointIndexView(ScopedIndexView):
    default_ordering = ("stage", "sensitivity", "code")


def page_of(touchpoint):
    return reverse("desk_touchpoint:inspect", args=[touchpoint.pk])


class TouchpointViewSet(ScopedModelViewSet):
    model = Touchpoint
    path = "pk"
    policy_class = TouchpointPolicy
    form_class = TouchpointForm
    icon = "crosshairs"
    list_display = [
        TitleColumn("name", label=_("Touchpoint"), accessor="name", get_url=page_of),
        Column("stage", label=_("Stage of a development"), accessor="get_stage_display", sort_key="stage"),
        Column("sensitivity", label=_("Sensitivity"), accessor="sensitivity", sort_key="sensitivity"),
        Column("department", label=_("Department"), accessor="department"),
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_per_page = 50
    list_filter = ["stage", "sensitivity", "in_use"]
    search_fields = ("code", "name_en", "name_zh", "standard_en", "standard_zh")
    index_view_class = TouchpointIndexView
    inspect_view_fields = [
        "code",
        "stage",
        "sensitivity",
        "name_en",
        "name_zh",
        "department_en",
        "department_zh",
        "standard_en",
        "standard_zh",
        "in_use",
    ]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("in_use")]),
        FieldRowPanel([FieldPanel("stage"), FieldPanel("sensitivity")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
        FieldRowPanel([FieldPanel("department_en"), FieldPanel("department_zh")]),
        FieldPanel("standard_en"),
        FieldPanel("standard_zh"),
    ]
