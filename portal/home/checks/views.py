"""The checks of one's home: those to come with the time to choose, those done with what was found."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.files.delivery import deliver
from portal.care.checks.models import Check, CheckForm, ResultPhoto
from portal.home.guards import own_home, private
from portal.home.visits.section import times_url
from portal.tickets.models import Ticket
from progress.models import HOSTS

from .ahead import promised_checks
from .page import lines_of, next_of

Stage = Check.Stage
NOT_IN_ORDER = Count("results", filter=Q(results__stands=True, results__verdict="fail"))


def own_checks(user):
    """Of the homes that this person lives in, whatever else they may see as staff."""
    return Check.objects.of_household(user).select_related("home__development", "home__building", "form", "visit")


def own_check(request, pk):
    check = get_object_or_404(own_checks(request.user).select_related("promise", "filled_by"), pk=pk)
    own_home(request, check.home_id)
    return check


def is_host(request, home):
    return home.ownerships.live().filter(owner__user=request.user, role__in=HOSTS).exists()


@private
@require_safe
def checks(request, home_id):
    home = own_home(request, home_id)
    found = own_checks(request.user).filter(home=home).select_related("promise").exclude(stage=Stage.DROPPED)
    found = [_dressed(check) for check in found.annotate(failed=NOT_IN_ORDER)]
    context = {
        "home": home,
        "coming": [check for check in found if check.stage in (Stage.PLANNED, Stage.BEGUN, Stage.FILLED)],
        "promised": promised_checks(home),
        "done": [check for check in found if check.stage == Stage.SIGNED],
        "self_check": CheckForm.objects.filter(by=CheckForm.By.OWNER, state=CheckForm.State.ON).first(),
        "host": is_host(request, home),
    }
    return render(request, "home/checks/list.html", context)


def _dressed(check):
    check.times_url = times_url(check.visit) if check.visit and check.visit.is_asked else ""
    return check


@private
@require_safe
def check(request, pk):
    return show(request, own_check(request, pk))


def show(request, check, *, refused=None):
    """One check; what its owner fills in themselves with the forms for it."""
    host, check = is_host(request, check.home), _dressed(check)
    lines = lines_of(check, editable=check.self_check and host, refused=refused)
    context = {
        "check": check,
        "home": check.home,
        "lines": lines,
        "next": next_of(lines),
        "answered": sum(line.result is not None for line in lines),
        "failed": [line for line in lines if line.result and line.result.verdict == "fail"],
        "host": host,
        "readable": _readable(request.user, lines),
    }
    return render(request, "home/checks/check.html", context)


def _readable(user, lines):
    """The tickets of these findings that the person may open: a tenant sees what was found, not what is said of it."""
    tickets = [line.result.ticket_id for line in lines if line.result and line.result.ticket_id]
    return set(Ticket.objects.of_people(user).filter(pk__in=tickets).values_list("pk", flat=True)) if tickets else set()


@private
@require_safe
def report(request, pk):
    check = get_object_or_404(own_checks(request.user).filter(state=Check.State.READY, pdf__isnull=False), pk=pk)
    return deliver(request, check.pdf, name=_("Report of a check"))


@private
@require_safe
def photo(request, pk, variant):
    photos = ResultPhoto.objects.filter(result__check_of__in=own_checks(request.user).order_by().values("pk"))
    found = get_object_or_404(photos.select_related("file"), pk=pk)
    return deliver(request, found.file, variant=None if variant == "file" else variant)
