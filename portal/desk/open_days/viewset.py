"""Open days in the Wagtail admin: the list, and the addresses of everything that is done with one."""

from django.db.models import Exists, OuterRef
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from portal.bookings.figures import with_totals
from portal.bookings.models import OpenDay

from ..scoped import ScopedIndexView, ScopedModelViewSet
from . import booking_views, bookings, calls, diary, editing, export, messages, page, reach, slots, statistics
from .access import EDIT


def page_of(open_day):
    return reverse("desk_openday:page", args=[open_day.pk])


def first_day(open_day):
    if not open_day.first_starts:
        return ""
    return date_format(timezone.localtime(open_day.first_starts, open_day.zone), "SHORT_DATETIME_FORMAT")


class PlacesColumn(Column):
    """Places taken, drawn and in numbers."""

    cell_template_name = "desk/open_days/places_cell.html"

    def get_value(self, instance):
        return instance


class OpenDayIndexView(ScopedIndexView):
    default_ordering = None  # the next first
    columns = [
        TitleColumn("title", label=_("Open day"), accessor=str, get_url=page_of),
        Column("development", label=_("Development"), sort_key="development__name_en"),
        Column("first_starts", label=_("First time"), accessor=first_day, sort_key="first_starts"),
        PlacesColumn("places", label=_("Places taken")),
        Column("waiting", label=_("Parties waiting"), sort_key="waiting"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        Column("guide", label=_("In charge"), accessor=lambda open_day: open_day.guide or ""),
    ]

    def get_base_queryset(self):
        """Those to come and those without a time yet, the next first; then those that are over, the last first."""
        coming = OpenDay.objects.upcoming(at=timezone.now()).filter(pk=OuterRef("pk"))
        rows = with_totals(super().get_base_queryset().with_times()).annotate(coming=Exists(coming))
        return rows.order_by("-coming", "-first_starts", "pk")

    def get_add_url(self):
        return reverse("desk_openday:new") if self.request.user.has_perm(EDIT) else None

    def get_edit_url(self, instance):
        return page_of(instance)

    @cached_property
    def header_buttons(self):
        ways = [
            (_("Week"), reverse("desk_openday:week"), "calendar-alt"),
            (_("Month"), reverse("desk_openday:month"), "calendar"),
            (_("Figures"), reverse("desk_openday:figures"), "history"),
        ]
        return [*super().header_buttons, *(HeaderButton(label, url, icon_name=icon) for label, url, icon in ways)]


class OpenDayViewSet(ScopedModelViewSet):
    model = OpenDay
    icon = "group"
    menu_label = _("Open days")
    menu_name = "open-days"
    menu_order = 14
    add_to_admin_menu = True
    select_related = ("development", "guide")
    list_filter = ["development", "state"]
    search_fields = ("title_en", "title_zh")
    index_view_class = OpenDayIndexView
    inspect_view_enabled = False
    without = ("add", "edit", "delete", "usage")
    panels = ()

    @cached_property
    def url_finder_class(self):
        finder = super().url_finder_class
        finder.edit_url_name = "desk_openday:page"
        return finder

    def get_urlpatterns(self):
        own = [
            path("new/", editing.new, name="new"),
            path("reach/", reach.reach, name="reach"),
            path("week/", diary.week, name="week"),
            path("month/", diary.month, name="month"),
            path("figures/", statistics.figures, name="figures"),
            path("<uuid:pk>/", page.page, name="page"),
            path("<uuid:pk>/change/", editing.change, name="change"),
            path("<uuid:pk>/rules/", editing.rules, name="rules"),
            path("<uuid:pk>/copy/", editing.copy, name="copy_to"),
            path("<uuid:pk>/publish/", editing.publish, name="publish"),
            path("<uuid:pk>/cancel/", editing.cancel, name="cancel"),
            path("<uuid:pk>/times/add/", slots.add, name="slots_add"),
            path("times/<uuid:pk>/", slots.change, name="slot"),
            path("times/<uuid:pk>/cancel/", slots.cancel, name="slot_cancel"),
            path("<uuid:pk>/bookings/", bookings.bookings, name="bookings"),
            path("<uuid:pk>/bookings/export/", export.export, name="export"),
            path("<uuid:pk>/waiting/", bookings.waiting, name="waiting"),
            path("waiting/<uuid:pk>/take-off/", bookings.take_off, name="take_off"),
            path("<uuid:pk>/call/", calls.find, name="call"),
            path("<uuid:pk>/call/<uuid:home_id>/", calls.book, name="call_book"),
            path("bookings/<uuid:pk>/", booking_views.booking, name="booking"),
            path("bookings/<uuid:pk>/party/", booking_views.party, name="booking_party"),
            path("bookings/<uuid:pk>/move/", booking_views.move, name="booking_move"),
            path("bookings/<uuid:pk>/cancel/", booking_views.cancel, name="booking_cancel"),
            path("<uuid:pk>/messages/", messages.messages, name="messages"),
        ]
        return [*super().get_urlpatterns(), *own]
