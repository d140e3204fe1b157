"""What may happen to an import: received, previewed, confirmed, carried out; all of the workbook or nothing of it."""

import tempfile
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.files.actions import discard
from accounts.files.checks import shown_name
from accounts.files.workbooks import copy_workbook, store_workbook
from progress.actions import turn_rights
from progress.models import Home

from . import beside, reading
from .archive import WorkbookError, check_kind
from .models import WRITING, ImportRun
from .runs import claim, end, in_language_of, note_progress, queue

READ = 40  # per cent
COUNTED = ("created", "changed", "left")

log = structlog.get_logger(__name__)


class StaleError(Exception):
    """What the preview said is no longer what would be done."""


class RefusedError(Exception):
    """The workbook has problems that it had not when it was previewed."""


def receive(uploaded, *, sheet_code="", by, at):
    """Keep a workbook and let the worker read it. Returns the ImportRun; raises WorkbookError for what is none."""
    with transaction.atomic():
        run = receive_here(uploaded, sheet_code=sheet_code, by=by, at=at)
        queue("read_workbook", run)
    return run


@transaction.atomic
def receive_here(uploaded, *, sheet_code="", by=None, at):
    """As `receive`, but the caller reads it."""
    check_kind(uploaded, uploaded.size)
    file = store_workbook(uploaded, by=by)
    run = ImportRun.objects.create(
        uploader=by,
        file=file,
        name=shown_name(uploaded.name),
        sheet_code=sheet_code,
        sha256=file.sha256,
        heard_at=at,
    )
    record("uploaded", run, by=by)
    return run


def preview(run, *, today, at):
    """Read the workbook and say what it would do: the run is then previewed, or refused with all that is wrong.

    It is done when everything is there already.
    """
    if not claim(run, ImportRun.State.UPLOADED, at=at):
        return
    with in_language_of(run.uploader):
        if _was_imported(run, at=at):
            return
        try:
            rows, problems = _rows_of(run)
            estate = reading.plan(rows, problems, today=today)
        except WorkbookError as error:
            end(run, ImportRun.State.UPLOADED, state=ImportRun.State.REFUSED, message=str(error), finished_at=at)
            return
        _show(run, ImportRun.State.UPLOADED, estate, problems, at=at)


def _was_imported(run, *, at):
    """Whether the same workbook was imported before and nothing has changed since: then all of it is there."""
    alike = ImportRun.objects.filter(sha256=run.sha256, name=run.name, sheet_code=run.sheet_code)
    earlier = alike.filter(state=ImportRun.State.DONE, result__has_key="state").order_by("-finished_at").first()
    if earlier is None or earlier.result["state"] != reading.state():
        return False
    listed = [
        {"code": sheet["code"], "created": 0, "changed": 0, "left": sum(sheet[word] for word in COUNTED), "samples": []}
        for sheet in earlier.result["sheets"]
    ]
    done = {"state": ImportRun.State.DONE, "result": {**earlier.result, "sheets": listed}, "finished_at": at}
    return end(run, ImportRun.State.UPLOADED, **done)


def _show(run, before, estate, problems, *, at, message=""):
    state = ImportRun.State.REFUSED if problems else ImportRun.State.PREVIEWED
    if not problems and not estate.row_count():
        state = ImportRun.State.DONE
    end(
        run,
        before,
        state=state,
        fingerprint=estate.fingerprint,
        problem_count=problems.count,
        problems=[list(problem) for problem in problems.shown],
        result=estate.result(),
        message=message,
        progress=0,
        claimed_at=None,
        finished_at=at if state == ImportRun.State.DONE else None,
    )


def _rows_of(run):
    """(rows, Problems) of the run's workbook. Raises WorkbookError, also for bytes that are not the same."""

    def note(share):
        note_progress(run, int(READ * share))

    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        try:
            path, sha256 = copy_workbook(run.file, folder)
        except OSError as error:
            raise WorkbookError(_("The workbook is gone. Please upload it again.")) from error
        if sha256 != run.sha256:
            raise WorkbookError(_("The workbook is not the one that was previewed. Please upload it again."))
        return reading.read(path, name=run.name, sheet_code=run.sheet_code, progress=note)


def confirm(run, *, sha256, fingerprint, by, at):
    """Let the worker import what the person has seen: the workbook `sha256` with the preview `fingerprint`.

    Raises WorkbookError when the preview is another one by now, or another import is under way.
    """
    begin(run, sha256=sha256, fingerprint=fingerprint, by=by, at=at)
    queue("import_workbook", run)


def begin(run, *, sha256, fingerprint, by, at):
    """As `confirm`, but the caller carries it out."""
    with _one_at_a_time():
        previewed = ImportRun.objects.select_for_update().get(pk=run.pk)
        if previewed.state != ImportRun.State.PREVIEWED:
            raise WorkbookError(_("This import is no longer waiting to be confirmed."))
        if (previewed.sha256, previewed.fingerprint) != (sha256, fingerprint):
            raise WorkbookError(_("This is not the preview you have seen. Please look at it again."))
        previewed.state, previewed.heard_at, previewed.message = ImportRun.State.RUNNING, at, ""
        previewed.save(update_fields=["state", "heard_at", "message"])
        record("confirmed", previewed, by=by)
    run.refresh_from_db()


@contextmanager
def _one_at_a_time():
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise WorkbookError(_("Another import is under way. Please wait until it is done.")) from error


def import_at_once(run, *, today, at):
    """Import an uploaded workbook of which nobody wants to see a preview: it is planned once, with the rows locked."""
    if not claim(run, ImportRun.State.UPLOADED, at=at) or _was_imported(run, at=at):
        return
    try:
        with _one_at_a_time():
            end(run, ImportRun.State.UPLOADED, state=ImportRun.State.RUNNING)
    except WorkbookError as error:
        end(run, ImportRun.State.UPLOADED, state=ImportRun.State.FAILED, message=str(error), finished_at=at)
        return
    _carry_out(run, today=today, at=at)


def carry_out(run, *, today, at):
    """Import a confirmed workbook: everything in one transaction, the state of the run included.

    When the estate has changed since the preview nothing is written, and the run waits with a new preview.
    """
    if claim(run, ImportRun.State.RUNNING, at=at):
        _carry_out(run, today=today, at=at)


def _carry_out(run, *, today, at):
    with in_language_of(run.uploader):
        try:
            found = _rows_of(run)
            note_progress(run, WRITING)
            _write(run, *found, today=today, at=at)
        except WorkbookError as error:
            _fail(run, str(error), at=at)
        except (StaleError, RefusedError) as changed:
            said = _("The estate has changed since the preview. Nothing was imported; please look at the new preview.")
            message = said if run.fingerprint else ""
            _show(run, ImportRun.State.RUNNING, *changed.args, at=at, message=message)
        except DatabaseError:
            log.exception("import_failed", run=str(run.pk))
            said = _("Somebody changed the same homes at the same moment. Nothing was imported; please try again.")
            _fail(run, said, at=at)
        except BaseException:
            _fail(run, _("Something went wrong. Nothing was imported; the administrator finds more in the log."), at=at)
            raise


def _fail(run, message, *, at):
    end(run, ImportRun.State.RUNNING, state=ImportRun.State.FAILED, message=message, finished_at=at)


@transaction.atomic
def _write(run, rows, problems, *, today, at):
    _lock_homes(run.result.get("developments"))
    estate = reading.plan(rows, problems, today=today, locked=True)
    if problems:
        raise RefusedError(estate, problems)
    if run.fingerprint and estate.fingerprint != run.fingerprint:
        raise StaleError(estate, problems)
    result, count = estate.result(), estate.row_count()
    with beside.progress(run, start=WRITING) as note:
        reading.write(estate, on=today, note_progress=note)
    turn_rights(on=today)
    record("imported", run, by=run.uploader)
    if count:
        result["state"] = reading.state()
    done = {"state": ImportRun.State.DONE, "result": result, "progress": 100, "finished_at": at}
    if not ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(**done):
        raise WorkbookError(_("This import was given up meanwhile."))
    run.refresh_from_db()


def _lock_homes(developments):
    """Homes before owners before ownerships, each in the order of their keys: whoever transfers a home waits for us.

    All of them when no preview has said which developments the workbook names.
    """
    homes = Home.objects.all() if developments is None else Home.objects.filter(development__in=developments)
    list(homes.order_by("pk").select_for_update().values_list("pk"))


def tidy(*, at, quiet):
    """Queue again what nobody took up, and give up what its worker left behind. Running it twice changes nothing."""
    for run in ImportRun.objects.not_taken_up(before=at - quiet / 3):
        ImportRun.objects.filter(pk=run.pk).update(heard_at=at)
        queue("read_workbook" if run.state == ImportRun.State.UPLOADED else "import_workbook", run)
    for run in ImportRun.objects.silent(before=at - quiet):
        with in_language_of(run.uploader):
            said = _("The worker stopped in the middle. Nothing was imported; please upload the workbook again.")
        end(run, run.state, state=ImportRun.State.FAILED, message=said, finished_at=at)


@transaction.atomic
def forget(runs, *, at):
    """Throw away the workbooks of these runs that are a week old, and the rows shown of them; the counts stay."""
    for run in runs.to_forget(at=at).select_for_update(of=("self",)).select_related("file"):
        discard(run.file)
        run.file, run.problems = None, []
        for sheet in run.result.get("sheets", []):
            sheet["samples"] = []
        if run.state in {ImportRun.State.PREVIEWED, ImportRun.State.UPLOADED}:
            run.state, run.finished_at = ImportRun.State.FAILED, at
        run.save(update_fields=["file", "problems", "result", "state", "finished_at"])
