"""What may happen to an export: asked for, written, fetched by whoever asked, thrown away after a week."""

import tempfile

import structlog
from django.core.files import File
from django.db import transaction

from accounts.events.actions import record
from accounts.files.actions import discard
from accounts.files.workbooks import workbook_ahead

from . import exports, sheets
from .models import ExportRun
from .runs import claim, end, note_progress, queue

AT_ONCE = 2000  # rows that are written while the person waits
CONTENT_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WAITING = ExportRun.State.WAITING

log = structlog.get_logger(__name__)


class ExportError(Exception):
    """It was given up before it was written."""


def ask(chosen, *, kind, by, at):
    """Write these sheets of what `by` may see: a few rows now, many in the worker. Returns the ExportRun."""
    with transaction.atomic():
        run = ExportRun.objects.create(
            requester=by,
            sheet_codes=[sheet.code for sheet in chosen],
            places=exports.places_of(by),
            kind=kind,
            heard_at=at,
        )
        record("asked for", run, by=by, reason=str(run))
        few = exports.row_count(chosen, by) <= AT_ONCE
        if not few:
            queue("write_workbook", run)
    if few:
        write_out(run, at=at)
    return run


def may_fetch(run, user):
    """Whether this person may still take out all that stands in it: its sheets, and its places."""
    now = exports.places_of(user)
    reaches = now is None or (run.places is not None and {*run.places} <= {*now})
    return reaches and {*run.sheet_codes} <= {sheet.code for sheet in exports.offered(user)}


def write_out(run, *, at):
    """Write the file, and note that it left. Running it twice does it once."""
    if not claim(run, WAITING, at=at):
        return

    def note(share):
        note_progress(run, int(99 * share))

    try:
        with tempfile.TemporaryFile() as file:
            chosen = [sheets.get(code) for code in run.sheet_codes]
            exports.write(file, chosen, kind=run.kind, user=run.requester, progress=note)
            _keep(run, file, at=at)
    except ExportError:
        log.warning("export_given_up", run=str(run.pk))
    except BaseException:
        end(run, WAITING, state=ExportRun.State.FAILED, finished_at=at)
        raise


def _keep(run, file, *, at):
    file.flush()
    file.seek(0)
    book = File(file, name=str(run))
    with workbook_ahead(book, by=run.requester, content_type=CONTENT_TYPES[run.kind]) as stored:
        if not end(run, WAITING, file=stored, state=ExportRun.State.DONE, progress=100, finished_at=at):
            raise ExportError
        record("exported", run, by=run.requester, reason=str(run))


def tidy(*, at, quiet):
    """Queue again what nobody took up, and give up what its worker left behind. Running it twice changes nothing."""
    for run in ExportRun.objects.not_taken_up(before=at - quiet / 3):
        ExportRun.objects.filter(pk=run.pk).update(heard_at=at)
        queue("write_workbook", run)
    for run in ExportRun.objects.silent(before=at - quiet):
        end(run, WAITING, state=ExportRun.State.FAILED, finished_at=at)


@transaction.atomic
def forget(runs, *, at):
    """Throw away those of these runs' files that are a week old; that they were taken out stays known."""
    for run in runs.to_forget(at=at).select_for_update(of=("self",)).select_related("file"):
        discard(run.file)
        run.file = None
        run.save(update_fields=["file"])
