"""Who in the company has opened one's file."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.events.looks import looks_at
from accounts.events.models import Event
from accounts.models import Owner
from progress.models import HOSTS, Home

from .guards import private

OWNERS_ALONE = ("transfers.hometransfer",)  # that a home is to be sold, family and tenants hear from its owners


def _ties(owner):
    """The homes that are or were theirs, when, and what of each they are not told."""
    for tie in owner.ownerships.exclude(state="pending"):
        yield tie.home_id, tie.since, tie.until, *(() if tie.role in HOSTS else OWNERS_ALONE)


@private
@require_safe
def looks(request):
    """The looks at the customer's record and at their homes, while these were theirs."""
    owner = Owner.objects.active().filter(user=request.user).first()
    found = looks_at(owner, _ties(owner)) if owner else Event.objects.none()
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    homes = {home.pk: home for home in Home.objects.with_place().filter(pk__in={look.home_id for look in page})}
    rows = [(look, homes.get(look.home_id)) for look in page]
    return render(request, "home/looks.html", {"page": page, "rows": rows})
