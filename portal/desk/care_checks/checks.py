"""Checks on the desk: all of them by state, and one with everything that anybody found."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.events.looks import note_look
from accounts.files.delivery import deliver
from portal.care.checks.models import Check, Result

from ..checks.access import PERMISSION as FILL_IN
from ..scoped import within
from .access import may_write, seeing, seen_check

Stage = Check.Stage
PER_PAGE = 50
TONES = {"planned": "info", "begun": "info", "filled": "warning", "signed": "good", "dropped": "quiet"}
FOUND = {"pass": "good", "fail": "warning", "no_access": "quiet"}
FAILED = Count("results", filter=Q(results__stands=True, results__verdict=Result.Verdict.FAIL))


@seeing()
@require_safe
def checks(request):
    """The newest first, or those of one state."""
    stage = request.GET.get("stage", "")
    rows = within(Check, request.user).select_related("home__development", "home__building", "form", "promise")
    if stage in Stage.values:
        rows = rows.filter(stage=stage)
    page = Paginator(rows.order_by("-planned_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    failed = dict(Check.objects.filter(pk__in=[row.pk for row in page]).annotate(n=FAILED).values_list("pk", "n"))
    context = {
        "page": page,
        "lines": [(row, TONES[row.stage], failed[row.pk]) for row in page],
        "stages": Stage.choices,
        "stage": stage if stage in Stage.values else "",
    }
    return render(request, "desk/checks/checks.html", context)


@seeing()
@require_safe
def check(request, pk):
    """What stands of each item, and beside it whatever else was found."""
    check = seen_check(request, pk)
    timezone.activate(check.development.time_zone)
    note_look(check, by=request.user, home_id=check.home_id, at=timezone.now())
    found = {}
    rows = check.results.select_related("by", "ticket").prefetch_related("photos__file")
    for result in rows.order_by("-stands", "-done_at", "pk"):
        found.setdefault(result.item_id, []).append((result, FOUND[result.verdict]))
    items = check.form.items.order_by("order", "pk")
    context = {
        "check": check,
        "tone": TONES[check.stage],
        "lines": [(item, found.get(item.pk, [])) for item in items],
        "may_write": may_write(request.user),
        "may_fill_in": request.user.has_perm(FILL_IN) and not check.self_check and check.stage in _OPEN,
    }
    return render(request, "desk/checks/check.html", context)


_OPEN = (Stage.PLANNED, Stage.BEGUN, Stage.FILLED)


@seeing()
@require_safe
def report(request, pk):
    rows = within(Check, request.user).filter(state=Check.State.READY, pdf__isnull=False)
    check = get_object_or_404(rows.select_related("pdf"), pk=pk)
    return deliver(request, check.pdf, name=_("Report of a check"))
