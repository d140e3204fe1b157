"""The warranties of homes on the desk: what runs where until when, and what ends soon. Nobody writes them by hand."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.ui.tables import Column, TitleColumn

from portal.ui.dates import full_date
from progress.warranties.models import Warranty

from .scoped import ScopedFilterSet, ScopedIndexView, ScopedInspectView, ScopedModelViewSet

ENDS = [
    ("14", gettext_lazy("within 14 days")),
    ("60", gettext_lazy("within 60 days")),
    ("365", gettext_lazy("within a year")),
    ("over", gettext_lazy("it is over")),
]


class WarrantyFilterSet(ScopedFilterSet):
    ends_soon = ChoiceFilter(label=gettext_lazy("Ends"), choices=ENDS, method="by_end")

    class Meta:
        model = Warranty
        fields = ["home__development", "term"]

    def by_end(self, rows, name, value):
        today = timezone.localdate()
        if value == "over":
            return rows.filter(last__lt=today)
        return rows.filter(last__gte=today, last__lte=today + timedelta(days=int(value)))


class WarrantyIndexView(ScopedIndexView):
    filterset_class = WarrantyFilterSet
    default_ordering = "last"
    columns = [
        TitleColumn(
            "what",
            label=gettext_lazy("What is covered"),
            accessor=lambda warranty: capfirst(warranty.what),
            get_url=lambda warranty: reverse("desk_warranty:inspect", args=[warranty.pk]),
        ),
        Column("home", label=gettext_lazy("Home"), accessor="home"),
        Column("term", label=gettext_lazy("Term"), accessor="term"),
        Column(
            "starts",
            label=pgettext_lazy("a warranty", "From"),
            accessor=lambda warranty: date_format(warranty.starts),
            sort_key="starts",
        ),
        Column(
            "last",
            label=gettext_lazy("Last day"),
            accessor=lambda warranty: date_format(warranty.last_day),
            sort_key="last",
        ),
    ]

    def get_base_queryset(self):
        return super().get_base_queryset().standing().with_last_day()


class WarrantyInspectView(ScopedInspectView):
    def get_fields_context(self):
        """With what made it longer, a line a repair."""
        lines = super().get_fields_context()
        for longer in self.object.extensions.all():
            days = {"day": full_date(longer.repaired_on), "until": full_date(longer.to_day)}
            words = _("Repaired on %(day)s: until %(until)s") % days
            lines.append({"label": _("Begun anew"), "value": words, "component": None})
        return lines


class WarrantyViewSet(ScopedModelViewSet):
    model = Warranty
    path = "home__development"
    icon = "calendar-check"
    select_related = ("home__development", "home__building", "component__parent", "term__component__parent")
    index_view_class = WarrantyIndexView
    inspect_view_class = WarrantyInspectView
    inspect_view_fields = ["home", "term", "component", "starts", "ends", "extended_to", "voided_at"]
    search_fields = ("home__number", "home__building__name", "term__name_en", "term__name_zh")
    without = ("add", "edit", "delete", "usage")
    panels = ()
