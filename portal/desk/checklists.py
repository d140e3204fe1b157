"""How far the households of one place are with the checklist of a guide, as a page and as a table to keep."""

import csv
from io import StringIO

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Sum
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.events.actions import record
from cms.checklists.models import Tick
from cms.checklists.report import homes_of, lists_for, seen_by
from progress.imports.cells import neutral
from progress.scope import may_view

from .board_forms import PlaceForm
from .site_views import site_page

PAGE = 60
STATES = {
    "none": (_("nothing ticked yet"), Q(done=0)),
    "some": (pgettext_lazy("a checklist", "begun"), Q(done__gt=0, done__lt=F("total"))),
    "all": (_("all done"), Q(done=F("total"))),
}


class ReportForm(PlaceForm):
    """Where, which guide, and which of its homes. Nothing chosen: the guide that stands first, and all homes."""

    guide = forms.ChoiceField(label=_("Guide"), required=False)
    state = forms.ChoiceField(label=_("Show"), required=False)
    field_order = ["guide", "place", "state"]

    def __init__(self, *args, checklists, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        self.checklists = {str(each.key): each for each in checklists}
        self.by_default = next(iter(checklists), None)
        self.fields["guide"].choices = [(key, each.title) for key, each in self.checklists.items()]
        self.fields["state"].choices = [("", _("all homes")), *((code, words) for code, (words, _q) in STATES.items())]

    def chosen(self):
        """(Checklist or None, Place or None, a filter of homes)."""
        place, _kind = super().chosen()
        cleaned = getattr(self, "cleaned_data", {})
        checklist = self.checklists.get(cleaned.get("guide")) or self.by_default
        return checklist, place, STATES.get(cleaned.get("state"), ("", Q()))[1]


def counting(view):
    @login_required
    @require_safe
    def guarded(request):
        if not may_view(request.user, Tick):
            raise Http404
        with timezone.override(None):
            return view(request)

    return guarded


def _asked(request):
    """(form, checklist, place, all the homes of the guide there, those that are shown)."""
    lists = lists_for(request.user, on=timezone.localdate(timezone=timezone.get_default_timezone()))
    form = ReportForm(request.GET, user=request.user, checklists=lists)
    checklist, place, shown = form.chosen()
    if not (checklist and place):
        none = seen_by(request.user).none()
        return form, checklist, place, none, none
    timezone.activate(place.development.time_zone)
    there = {name.removeprefix("home__"): value for name, value in place.homes.items()}
    homes = homes_of(checklist, seen_by(request.user).filter(**there)).select_related("development", "building")
    return form, checklist, place, homes, homes.filter(shown)


@counting
def report(request):
    """The homes of one place, with how much is done at each; above them, of all."""
    form, checklist, place, homes, shown = _asked(request)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    chosen = {name: request.GET.get(name, "") for name in form.fields}
    chosen |= {"guide": str(checklist.key) if checklist else "", "place": place.key if place else ""}
    lists = list(form.checklists.values())
    context = {
        "form": ReportForm(initial=chosen, user=request.user, checklists=lists),
        "checklist": checklist,
        "place": place,
        "page": page,
        "sum": _sum(homes) if checklist and place else None,
        "query": request.GET.urlencode(),
    }
    return site_page(request, "site/checklists.html", context)


def _sum(homes):
    """Of all homes that the guide is for: how many there are, how many are done, and the share of all entries."""
    found = homes.order_by().aggregate(
        homes=Count("pk"), complete=Count("pk", filter=Q(done=F("total"))), ticked=Sum("done"), entries=Sum("total")
    )
    return found | {"percent": round(100 * found["ticked"] / found["entries"]) if found["entries"] else 0}


@counting
def export(request):
    """The same homes as a table for a spreadsheet. That somebody took it is noted."""
    _form, checklist, place, _homes, shown = _asked(request)
    if not (checklist and place):
        raise Http404
    buffer = StringIO("\ufeff")
    buffer.seek(1)
    table = csv.writer(buffer)
    of = pgettext("so many of so many", "Of")
    table.writerow([gettext("Building"), gettext("Home"), gettext("Done"), of, gettext("Last tick")])
    for home in shown.iterator():
        last = home.last_tick and date_format(timezone.localtime(home.last_tick), "Y-m-d H:i")
        building = neutral(home.building.name) if home.building else ""
        table.writerow([building, neutral(home.number), home.done, home.total, last or ""])
    record("exported", place.development, by=request.user, reason="checklists")
    answer = HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="checklist-{slugify(place.key)}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
