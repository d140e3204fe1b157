"""What imports and exports hold about people: for a week, the customers' names and numbers in their workbooks."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import BY_TIME, After

from . import actions, export_actions
from .models import KEPT, ExportRun, ImportRun

declare(
    ImportRun,
    by="uploader",
    personal={
        "file name problems result": Personal(
            _("to show staff what a workbook will change"),
            BY_TIME,
            After(KEPT.days, rows=ImportRun.objects.to_forget, act=actions.forget),
            withheld=_("what stands in it is in your customer record"),
        )
    },
    plain=(
        "id sheet_code sha256 state fingerprint progress problem_count message created_at claimed_at heard_at "
        "finished_at"
    ),
)
declare(
    ExportRun,
    by="requester",
    personal={
        "file": Personal(
            _("to hand staff the workbook that they asked for"),
            BY_TIME,
            After(KEPT.days, rows=ExportRun.objects.to_forget, act=export_actions.forget),
            withheld=_("what stands in it is in your customer record"),
        )
    },
    plain="id sheet_codes places kind state progress created_at claimed_at heard_at finished_at",
)
