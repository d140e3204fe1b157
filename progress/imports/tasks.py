"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute

from . import export_actions
from .actions import carry_out, preview, tidy
from .models import QUIET, ExportRun, ImportRun


def read_workbook(run_id):
    """Read an uploaded workbook and prepare its preview. Running it twice does it once."""
    for run in ImportRun.objects.filter(pk=run_id):
        preview(run, today=timezone.localdate(), at=timezone.now())


def import_workbook(run_id):
    """Import a confirmed workbook. Running it twice does it once."""
    for run in ImportRun.objects.filter(pk=run_id):
        carry_out(run, today=timezone.localdate(), at=timezone.now())


def write_workbook(run_id):
    """Write what somebody takes out. Running it twice does it once."""
    for run in ExportRun.objects.filter(pk=run_id).select_related("requester"):
        export_actions.write_out(run, at=timezone.now())


@every_minute
def tidy_imports(*, at):
    """Imports and exports whose task or worker was lost."""
    tidy(at=at, quiet=QUIET)
    export_actions.tidy(at=at, quiet=QUIET)
