"""Visits on the desk: the list with its filters, one visit with all that is done about it."""

from django.forms import DateInput
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from accounts.events.models import Event
from accounts.events.words import verb_in_words
from portal.ui.dates import full_date
from portal.visits.models import Visit
from progress.promises.models import Promise

from ..scoped import ScopedFilterSet, ScopedIndexView, ScopedInspectView, ScopedModelViewSet
from . import booking
from .access import PERMISSION, telephones
from .forms import AssignForm
from .rows import TONES, place_of, row_of

DAY = DateInput(attrs={"type": "date"})
RELATED = ("development", "home__development", "home__building", "enquiry__development", "person", "owner")


def time_of(visit):
    row = row_of(visit)
    return f"{full_date(row.day)} {row.hours}" if row.day else _("to be chosen")


class VisitFilterSet(ScopedFilterSet):
    since = DateFilter(field_name="starts", lookup_expr="date__gte", label=_("From"), widget=DAY)
    until = DateFilter(field_name="starts", lookup_expr="date__lte", label=_("Until"), widget=DAY)

    class Meta:
        model = Visit
        fields = {"state": ["exact"], "kind": ["exact"], "person": ["exact"], "development": ["exact"]}


class VisitIndexView(ScopedIndexView):
    default_ordering = "-starts"
    columns = [
        TitleColumn(
            "time",
            label=_("When"),
            accessor=time_of,
            get_url=lambda visit: reverse("desk_visit:inspect", args=[visit.pk]),
            sort_key="starts",
        ),
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("place", label=_("Where"), accessor=place_of),
        Column("person", label=_("Who comes"), accessor=lambda visit: visit.person or ""),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
    ]

    @cached_property
    def header_buttons(self):
        ways = [
            (_("Book a visit"), "desk_visit:new", "plus"),
            (_("When we can come"), "desk_availability:index", "time"),
            (_("Absences"), "desk_absence:index", "calendar"),
            (_("Settings of visits"), "desk_visitsetting:index", "cog"),
        ]
        return [HeaderButton(label, reverse(name), icon_name=icon) for label, name, icon in ways]


class VisitInspectView(ScopedInspectView):
    template_name = "desk/visits/visit.html"

    def get_context_data(self, **kwargs):
        visit, user = self.object, self.request.user
        timezone.activate(visit.zone)
        own = {
            "visit": visit,
            "place": place_of(visit),
            "tone": TONES.get(visit.state, "quiet"),
            "reached": telephones(visit, user),
            "may_change": user.has_perm(PERMISSION),
            "may_move": visit.is_asked or visit.state in (Visit.State.BOOKED, Visit.State.CONFIRMED),
            "assign_form": AssignForm(visit=visit) if visit.is_live else None,
            "promises": _promises_of(visit),
            "events": _events_of(visit),
        }
        return super().get_context_data(**own, **kwargs)


def _promises_of(visit):
    return Promise.objects.filter(subject_kind="visits.visit", subject_id=str(visit.pk)).order_by("made_at", "key")


def _events_of(visit):
    events = Event.objects.filter(subject_kind="visits.visit", subject_id=str(visit.pk))
    return [(event, capfirst(verb_in_words(event))) for event in events.select_related("actor").order_by("id")[:50]]


class VisitViewSet(ScopedModelViewSet):
    model = Visit
    icon = "date"
    menu_label = _("Visits")
    menu_name = "visits"
    menu_order = 14
    add_to_admin_menu = True
    select_related = RELATED
    filterset_class = VisitFilterSet
    index_view_class = VisitIndexView
    inspect_view_class = VisitInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        own = [
            path("new/", booking.new, name="new"),
            path("homes/<uuid:home_id>/book/", booking.book, name="book"),
            path("homes/<uuid:home_id>/ask/", booking.ask, name="ask"),
            path("enquiries/<uuid:enquiry_id>/book/", booking.book_enquiry, name="book_enquiry"),
            path("<uuid:pk>/move/", booking.move, name="move"),
            path("<uuid:pk>/cancel/", booking.cancel, name="cancel"),
            path("<uuid:pk>/assign/", booking.assign, name="assign"),
        ]
        return [*super().get_urlpatterns(), *own]
