"""`manage.py import_estate FILE`: a workbook of developments, homes and owners, all of it or nothing."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.files.checks import FileError
from progress.imports import actions, sheets
from progress.imports.archive import WorkbookError
from progress.imports.models import ImportRun
from progress.imports.problems import Problem


class Command(BaseCommand):
    help = "Import a workbook (XLSX, or CSV with one sheet). Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be created and changed")
        parser.add_argument("--sheet", default="", help="the sheet that a CSV file is, if its name does not say")

    def handle(self, *, file, dry_run, sheet, verbosity, **options):
        at, today = timezone.now(), timezone.localdate()
        try:
            with file.open("rb") as opened:
                run = actions.receive_here(File(opened, name=file.name), sheet_code=sheet, at=at)
            (actions.preview if dry_run else actions.import_at_once)(run, today=today, at=at)
        except (OSError, WorkbookError, FileError) as error:
            raise CommandError(str(error)) from error
        if not run.message and run.state in {ImportRun.State.DONE, ImportRun.State.PREVIEWED}:
            self._say(run, verbosity)
        else:
            raise CommandError("\n".join(self._wrong(run)))

    def _say(self, run, verbosity):
        if not verbosity:
            return
        done = "Nothing to do: everything is there already." if run.changed_nothing else "Imported."
        self.stdout.write(done if run.state == ImportRun.State.DONE else "This would be done; nothing is yet.")
        for sheet in run.result["sheets"]:
            counts = ", ".join(f"{sheet[word]} {word}" for word in ("created", "changed", "left"))
            self.stdout.write(f"  {sheets.get(sheet['code']).label}: {counts}")

    def _wrong(self, run):
        yield run.message or f"Nothing was imported. {run.problem_count} problems:"
        for problem in (Problem(*listed) for listed in run.problems):
            row = f"row {problem.row}" if problem.row else ""
            place = ", ".join(word for word in (problem.sheet, row, problem.column) if word)
            yield f"  {place}: {problem.reason}"
        if run.problem_count > len(run.problems):
            yield f"  … and {run.problem_count - len(run.problems)} more."
