"""What these pages start with: the visits of one's home, as far as the role there goes."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.home.guards import own_home
from portal.visits.booking import kinds_for
from portal.visits.models import Visit, VisitKind


def visits_of(home):
    """Those of one of `homes_of`: all for whoever follows it, checks alone for tenants."""
    visits = Visit.objects.of_household().filter(home=home)
    return visits if home.is_followed else visits.filter(kind=VisitKind.CHECK)


def own_visit(request, pk):
    """A visit of the person's household; the page belongs to its home."""
    row = get_object_or_404(Visit.objects.for_user(request.user).filter(home__isnull=False), pk=pk)
    home = own_home(request, row.home_id)
    visit = get_object_or_404(visits_of(home).with_place(), pk=pk)
    visit.home = home
    return visit


def wish(request, home, kind):
    """The visit of this kind that was asked for and has no time yet, or None. Raises Http404 unless one may be booked.

    `?visit=` names one of several.
    """
    asked = visits_of(home).asked().filter(kind=kind).order_by("asked_at", "pk")
    named = request.GET.get("visit", "")
    found = next((visit for visit in asked if str(visit.pk) == named), None) or next(iter(asked), None)
    if found is None and kind not in kinds_for(home, user=request.user):
        raise Http404
    return found
