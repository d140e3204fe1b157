"""The list of design changes on the desk. Writing, publishing and calling happens on the pages that phones use too."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from progress.designs.models import DesignChange

from .designs import WRITE
from .scoped import ScopedIndexView, ScopedModelViewSet


def page_of(change):
    return reverse("desk_updates:design", args=[change.pk])


class DesignIndexView(ScopedIndexView):
    columns = [
        TitleColumn("words", label=_("Design change"), accessor=str, get_url=page_of),
        Column("development", label=_("Development"), sort_key="development__name_en"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("published_at", label=_("Published"), sort_key="published_at"),
        Column("answer_by", label=_("Answer by"), sort_key="answer_by"),
        Column("author", label=_("Author")),
    ]

    def get_add_url(self):
        return reverse("desk_updates:design-new") if self.request.user.has_perm(WRITE) else None

    def get_edit_url(self, instance):
        return page_of(instance)


class DesignURLFinder(ModelAdminURLFinder):
    edit_url_name = "desk_updates:design"


class DesignChangeViewSet(ScopedModelViewSet):
    model = DesignChange
    icon = "edit"
    menu_label = _("Design changes")
    menu_order = 11
    add_to_admin_menu = True
    select_related = ("development", "author")
    list_filter = ["development", "state"]
    search_fields = ("title_en", "title_zh")
    index_view_class = DesignIndexView
    url_finder_class = DesignURLFinder
    inspect_view_enabled = False
    without = ("add", "edit", "delete", "usage")
    panels = ()
