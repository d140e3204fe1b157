"""What staff's phones keep of the pages under /site/: the gate's and repairers' jobs, for where there is no line."""

from datetime import timedelta
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.ui.offline import Area, person_of, register

from ..checks.access import PERMISSION as CHECKS
from ..checks.access import checks_of
from ..repairs.access import PERMISSION as REPAIRS
from ..repairs.access import repairs_of
from .access import PERMISSION as GATE
from .access import open_days_of

NEAR = timedelta(days=1)
EVERY = 1800  # seconds for which a list that was fetched is new enough
MOST_REPAIRS = 20
MOST_CHECKS = 10
PAGES = {"site:gate", "site:gate-day", "site:gate-inside", "site:gate-walk-in", "site:offline"}
PAGES |= {"site:repairs", "site:repair", "site:repair-sheet", "site:checks", "site:check"}
register(Area(below="/site/", namespace="site", pages=PAGES))


def on_site(view):
    """Logged in, and at work at a gate or in homes. Times are the place's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not (any(request.user.has_perm(each) for each in (GATE, REPAIRS, CHECKS))):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


@on_site
@require_safe
def page(request):
    """What stands in for a page that is not kept: it says so, and lists those that are."""
    return render(request, "site/gate/offline.html")


@on_site
@require_safe
def ahead(request):
    """[[address, edition]] of what a phone fetches before anybody opens it: the lists of today and tomorrow, and
    the jobs that one looks after."""
    now, language = timezone.now(), get_language()
    days = open_days_of(request.user).published().with_times()
    near = days.filter(last_ends__gt=now - NEAR, first_starts__lt=now + NEAR).order_by("first_starts", "pk")[:10]
    edition = f"{language} {int(now.timestamp()) // EVERY}"
    names = ("gate-day", "gate-inside", "gate-walk-in")
    lists = [[reverse(f"site:{name}", args=[day.pk]), edition] for day in near for name in names]
    pages = [[reverse("site:offline"), language]]
    if request.user.has_perm(GATE):
        pages += [[reverse("site:gate"), edition], *lists]
    pages += _repairs(request.user, edition) + _checks(request.user, edition)
    return JsonResponse({"person": person_of(request.user), "pages": pages})


def _repairs(user, edition):
    """Nothing for whoever looks after none."""
    mine = repairs_of(user).mine(user) if user.has_perm(REPAIRS) else []
    jobs = [ticket.pk for ticket in mine[:MOST_REPAIRS]]
    each = [[reverse(f"site:{name}", args=[pk]), edition] for pk in jobs for name in ("repair", "repair-sheet")]
    return [[reverse("site:repairs"), edition], *each] if jobs else []


def _checks(user, edition):
    """Those that are begun, and those whose time is near or was booked with this person."""
    if not user.has_perm(CHECKS):
        return []
    found = checks_of(user).open().order_by("visit__starts", "promise__due_at", "pk")[:MOST_CHECKS]
    each = [[reverse("site:check", args=[check.pk]), edition] for check in found]
    return [[reverse("site:checks"), edition], *each] if each else []
