"""What staff's phones keep of the pages under /site/: the gate's, for the day on which there is no line."""

from datetime import timedelta

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.ui.offline import Area, person_of, register

from .access import at_the_gate, open_days_of

NEAR = timedelta(days=1)
EVERY = 1800  # seconds for which a list that was fetched is new enough
PAGES = {"site:gate", "site:gate-day", "site:gate-inside", "site:gate-walk-in", "site:offline"}
register(Area(below="/site/", namespace="site", pages=PAGES))


@at_the_gate
@require_safe
def page(request):
    """What stands in for a page that is not kept: it says so, and lists those that are."""
    return render(request, "site/gate/offline.html")


@at_the_gate
@require_safe
def ahead(request):
    """[[address, edition]] of what a phone fetches before anybody opens it: the lists of today and tomorrow."""
    now, language = timezone.now(), get_language()
    days = open_days_of(request.user).published().with_times()
    near = days.filter(last_ends__gt=now - NEAR, first_starts__lt=now + NEAR).order_by("first_starts", "pk")[:10]
    edition = f"{language} {int(now.timestamp()) // EVERY}"
    names = ("gate-day", "gate-inside", "gate-walk-in")
    lists = [[reverse(f"site:{name}", args=[day.pk]), edition] for day in near for name in names]
    pages = [[reverse("site:offline"), language], [reverse("site:gate"), edition], *lists]
    return JsonResponse({"person": person_of(request.user), "pages": pages})
