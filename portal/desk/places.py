"""Developments, buildings, house types and homes on the desk."""

from django.db.models import Count
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from cms.checklists.models import Tick
from cms.checklists.report import at_home
from progress.models import Building, Development, Home, HouseType, Ownership
from progress.scope import may_view

from .looks import who_looked
from .scoped import ScopedForm, ScopedInspectView, ScopedModelViewSet, ScopedPolicy, works_everywhere


class DevelopmentPolicy(ScopedPolicy):
    """A new one is added by whoever works everywhere; others would not see what they have added."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and (action != "add" or works_everywhere(user))


class DevelopmentViewSet(ScopedModelViewSet):
    model = Development
    path = "pk"
    policy_class = DevelopmentPolicy
    icon = "site"
    annotations = {"home_count": Count("homes", distinct=True), "building_count": Count("buildings", distinct=True)}
    list_display = [
        "__str__",
        Column("building_count", label=_("Buildings"), sort_key="building_count"),
        Column("home_count", label=_("Homes"), sort_key="home_count"),
        "time_zone",
    ]
    search_fields = ("name_en", "name_zh")
    inspect_view_fields = ["name_en", "name_zh", "time_zone", "calendar"]
    panels = [
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_zh")], heading=_("Name, in at least one language")),
        FieldRowPanel([FieldPanel("time_zone"), FieldPanel("calendar")]),
    ]


class StandsForm(ScopedForm):
    """Where it stands stays: its homes would be left behind in another development."""

    fixed = ("development",)


class BuildingViewSet(ScopedModelViewSet):
    model = Building
    form_class = StandsForm
    icon = "table"
    select_related = ("development",)
    annotations = {"home_count": Count("homes")}
    list_display = ["name", "development", Column("home_count", label=_("Homes"), sort_key="home_count")]
    list_filter = ["development"]
    search_fields = ("name", "development__name_en", "development__name_zh")
    inspect_view_fields = ["name", "development"]
    panels = [FieldPanel("development"), FieldPanel("name")]


class HouseTypeViewSet(ScopedModelViewSet):
    model = HouseType
    form_class = StandsForm
    icon = "doc-full"
    select_related = ("development",)
    list_display = ["name", "development", "area"]
    list_filter = ["development"]
    search_fields = ("name",)
    inspect_view_fields = ["name", "development", "area"]
    panels = [FieldPanel("development"), FieldRowPanel([FieldPanel("name"), FieldPanel("area")])]


class HomeInspectView(ScopedInspectView):
    template_name = "desk/home.html"

    def get_context_data(self, **kwargs):
        done = at_home(self.object, on=timezone.localdate()) if may_view(self.request.user, Tick) else []
        return super().get_context_data(checklists=done, looks=who_looked(self.object, self.request.user), **kwargs)

    def get_fields(self):
        """Who lives there is for those who may see ownerships."""
        fields = super().get_fields()
        return fields if may_view(self.request.user, Ownership) else [name for name in fields if name != "ownerships"]

    def get_field_label(self, field_name, field):
        return _("Who belongs to it") if field_name == "ownerships" else super().get_field_label(field_name, field)

    def get_ownerships_display_value(self):
        ties = self.object.ownerships.select_related("owner").order_by("state", "since")
        lines = ((tie.owner, tie.get_role_display(), tie.get_state_display()) for tie in ties)
        return format_html_join("", "<p>{}: {}, {}</p>", lines) or _("nobody yet")


class HomeViewSet(ScopedModelViewSet):
    model = Home
    icon = "home"
    select_related = ("development", "building", "house_type")
    list_display = [
        "number",
        "development",
        Column("building", label=_("Building"), accessor="building.name"),
        "house_type",
        "area",
    ]
    list_filter = ["development", "building"]
    list_per_page = 50
    search_fields = ("number", "building__name")
    inspect_view_class = HomeInspectView
    inspect_view_fields = ["number", "development", "building", "house_type", "area", "ownerships"]
    panels = [
        FieldPanel("development"),
        FieldRowPanel([FieldPanel("building"), FieldPanel("number")]),
        FieldRowPanel([FieldPanel("house_type"), FieldPanel("area")]),
    ]
