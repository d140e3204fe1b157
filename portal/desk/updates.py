"""The list of updates on the desk. Writing, publishing and correcting them happens on the pages that phones use too."""

from copy import copy

from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.ui.tables import Column

from accounts.languages import LocalizedText
from progress.journeys.models import JourneyTemplate, StageTemplate
from progress.updates.models import Update

from . import site_urls
from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet
from .site_announcements import ANNOUNCE, POST, may_write
from .uploads import sent_by_script


def page_of(update, user):
    """Where this person publishes or corrects the update; None for whoever only reads it."""
    theirs = user.has_perm(POST) or (user.has_perm(ANNOUNCE) and update.concerns_tenants)
    return reverse("desk_updates:update", args=[update.pk]) if theirs else None


class UpdateIndexView(ScopedIndexView):
    def get_edit_url(self, instance):
        return page_of(instance, self.request.user)

    def get_add_url(self):
        return reverse("desk_updates:update-new") if may_write(self.request.user) else None


class UpdateInspectView(ScopedInspectView):
    def get_edit_url(self):
        return page_of(self.object, self.request.user)


def when(update):
    """When it went out, or will, in words; Wagtail's own column calls everything to come "just now"."""
    moment = update.published_at or update.publish_at
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


class UpdateURLFinder(ModelAdminURLFinder):
    edit_url_name = "desk_updates:update"


STAGES = StageTemplate.objects.filter(code=OuterRef("stage_code"), template__in=JourneyTemplate.objects.known())


class UpdateViewSet(ScopedModelViewSet):
    model = Update
    icon = "doc-full"
    menu_label = _("Updates")
    menu_order = 10
    add_to_admin_menu = True
    select_related = ("development", "author", "corrects")
    annotations = {field: Subquery(STAGES.values(f"name_{field[-2:]}")[:1]) for field in ("stage_en", "stage_zh")}
    list_display = [
        "__str__",
        "development",
        Column(
            "stage", label=_("Stage"), accessor=lambda update: update.stage_en and LocalizedText.of(update, "stage")
        ),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("when", label=_("When"), accessor=when),
        "author",
    ]
    list_filter = ["development", "state", "kind"]
    search_fields = ("title_en", "title_zh")
    inspect_view_fields = [
        "title_en",
        "title_zh",
        "body_en",
        "body_zh",
        "development",
        "kind",
        "state",
        "published_at",
        "author",
    ]
    index_view_class = UpdateIndexView
    inspect_view_class = UpdateInspectView
    url_finder_class = UpdateURLFinder
    without = ("add", "edit", "delete", "usage")
    panels = ()


def to_the_list(request):
    return redirect("desk_update:index")


def desk_updates():
    """The addresses of the phones' pages once more, for the frame of the desk; the list there is ours.

    Copies, since Wagtail wraps the views of whatever is registered with it.
    """
    patterns = [copy(each) for each in site_urls.urlpatterns if each not in site_urls.PHONES_ALONE]
    for pattern in patterns:
        pattern.callback = to_the_list if pattern.name == "front" else sent_by_script(pattern.callback)
    return patterns
