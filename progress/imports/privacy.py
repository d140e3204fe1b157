"""What imports and exports hold about people: for a week, the customers' names and numbers in their workbooks."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import BY_TIME, After

from . import export_actions
from .actions import forget
from .models import KEPT, ExportRun, ImportRun


def _old(*, at):
    return ImportRun.objects.to_forget(at=at)


def _forget(rows, *, at):
    forget(at=at)


declare(
    ImportRun,
    by="uploader",
    personal={
        "file name problems result": Personal(
            _("to show staff what a workbook will change"),
            BY_TIME,
            After(KEPT.days, rows=_old, act=_forget),
            withheld=_("what stands in it is in your customer record"),
        )
    },
    plain=(
        "id sheet_code sha256 state fingerprint progress problem_count message created_at claimed_at heard_at "
        "finished_at"
    ),
)


def _taken_out_long_ago(*, at):
    return ExportRun.objects.to_forget(at=at)


def _throw_away(rows, *, at):
    export_actions.forget(at=at)


declare(
    ExportRun,
    by="requester",
    personal={
        "file": Personal(
            _("to hand staff the workbook that they asked for"),
            BY_TIME,
            After(KEPT.days, rows=_taken_out_long_ago, act=_throw_away),
            withheld=_("what stands in it is in your customer record"),
        )
    },
    plain="id sheet_codes kind state progress created_at claimed_at heard_at finished_at",
)
