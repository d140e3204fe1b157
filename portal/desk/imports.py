"""Import on the desk: a workbook goes up, is previewed, confirmed, and carried out by the worker."""

import tempfile

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.again import ask_again
from accounts.files.checks import FileError
from accounts.files.uploadhandler import takes_one_file
from progress.imports import actions, exports, sheets
from progress.imports.archive import EMPTY, MAX_BYTES, MEGABYTE, TOO_LARGE, WorkbookError
from progress.imports.export_actions import CONTENT_TYPES
from progress.imports.exports import offered as may_export
from progress.imports.models import ExportRun, ImportRun

from .scoped import works_everywhere


def may_import(user):
    """Supervisors who work everywhere: a workbook reaches all developments."""
    return user.has_perm("imports.add_importrun") and works_everywhere(user)


def _importers_only(request):
    if not may_import(request.user):
        raise Http404


def _sheet_choices():
    return [("", _("as the file is called")), *((sheet.code, sheet.label) for sheet in sheets.registered())]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) or a CSV file with one sheet, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,  # said in our words below
    )
    sheet_code = forms.ChoiceField(
        label=gettext_lazy("A CSV file holds"), choices=lazy(_sheet_choices, list), required=False
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if getattr(file, "stopped_because", None):
            raise forms.ValidationError(TOO_LARGE % {"limit": MAX_BYTES // MEGABYTE})
        if not file.size:
            raise forms.ValidationError(EMPTY)
        return file


def front(request):
    """Upload, what was imported lately, and what one may take out."""
    importer, offered = may_import(request.user), may_export(request.user)
    if not importer and not offered:
        raise Http404
    return _front(request, UploadForm() if importer else None)


def _front(request, form):
    runs = ImportRun.objects.select_related("uploader")[:20] if form else []
    taken = ExportRun.objects.for_user(request.user)[:10]
    context = {"form": form, "runs": runs, "offered": may_export(request.user), "taken": taken}
    return render(request, "desk/imports/front.html", context)


@require_POST
@takes_one_file
def upload(request):
    _importers_only(request)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            given = form.cleaned_data
            run = actions.receive(given["file"], sheet_code=given["sheet_code"], by=request.user, at=timezone.now())
            return redirect("desk_imports:run", run.pk)
        except (WorkbookError, FileError) as error:
            form.add_error("file", str(error))
    return _front(request, form)


@require_GET
def run(request, run_id):
    """The page one may leave and come back to. htmx asks for its middle alone."""
    _importers_only(request)
    found = get_object_or_404(ImportRun.objects.select_related("uploader"), pk=run_id)
    template = "desk/imports/state.html" if request.htmx else "desk/imports/run.html"
    return render(request, template, {"run": found, "sheets": _sheets_of(found)})


def _sheets_of(found):
    """The result's sheets with their labels, in the reader's language."""
    known = {sheet.code: sheet for sheet in sheets.registered()}
    for counted in found.result.get("sheets", []):
        if sheet := known.get(counted["code"]):
            yield {**counted, "label": sheet.label, "samples": [_sample(sheet, row) for row in counted["samples"]]}


def _sample(sheet, row):
    changes = [(sheet.column(code).label, old, new) for code, old, new in row["changes"]]
    return {**row, "changes": changes}


@require_POST
def confirm(request, run_id):
    _importers_only(request)
    found = get_object_or_404(ImportRun, pk=run_id)
    ask_again(request)
    seen = {name: request.POST.get(name, "") for name in ("sha256", "fingerprint")}
    try:
        actions.confirm(found, **seen, by=request.user, at=timezone.now())
    except WorkbookError as error:
        messages.error(request, str(error))
    return redirect("desk_imports:run", found.pk)


@require_GET
def template(request):
    """The workbook to fill in."""
    _importers_only(request)
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    exports.write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="estate.xlsx", content_type=CONTENT_TYPES["xlsx"])
