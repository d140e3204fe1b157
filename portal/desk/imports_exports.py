"""Export on the desk: what one may see goes into a file that only oneself can fetch, for a week."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.again import ask_again
from accounts.events.actions import record
from accounts.files.delivery import deliver
from progress.imports import export_actions, exports, sheets
from progress.imports.models import ExportRun

ALL = "all"


@require_POST
def export(request):
    """One kind of rows, or the whole workbook. A small one is fetched at once, a large one is written by the worker."""
    code, kind = request.POST.get("sheet", ""), request.POST.get("kind", "")
    chosen = [sheet for sheet in exports.offered(request.user) if code in (sheet.code, ALL)]
    if not chosen or kind not in export_actions.CONTENT_TYPES:
        raise Http404
    if code == ALL and kind == "csv":
        messages.error(request, _("A CSV file holds one sheet. Please choose which, or export all as XLSX."))
        return redirect("desk_imports:front")
    ask_again(request)
    asked = export_actions.ask(chosen, kind=kind, by=request.user, at=timezone.now())
    return redirect("desk_imports:export_run" if asked.is_busy else "desk_imports:export_file", asked.pk)


def _own(request, run_id):
    """The person's own export, while they may still take out what stands in it."""
    found = get_object_or_404(ExportRun.objects.for_user(request.user).select_related("file"), pk=run_id)
    if not export_actions.may_fetch(found, request.user):
        raise Http404
    return found


@require_GET
def run(request, run_id):
    """The page one may leave and come back to. htmx asks for its middle alone."""
    found = _own(request, run_id)
    template = "desk/imports/export_state.html" if request.htmx else "desk/imports/export.html"
    return render(request, template, {"run": found, "sheets": [sheets.get(code) for code in found.sheet_codes]})


@require_GET
def file(request, run_id):
    found = _own(request, run_id)
    if found.file is None:
        raise Http404
    ask_again(request)
    record("fetched", found, by=request.user, reason=str(found))
    response = deliver(request, found.file, name=found.stem)
    response["Cache-Control"] = "private, no-store"
    return response
