"""What we hold about those who ask about their data."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .downloads import discard_download
from .models import KEPT, Download, ErasureRequest
from .registry import Personal, declare
from .ways import AS_LAW_ASKS, DELETED, REPLACED, After, Stays

ROWS_KEPT = 180  # days


def _over(*, at):
    return Download.objects.filter(state=Download.State.READY, ready_at__lte=at - KEPT)


def _discard(rows, *, at):
    for download in rows:
        discard_download(download, by=None, at=at)


def _erase_request(person, *, by, at):
    """A refusal keeps a reason, but not what was written: it may have named anything."""
    if person.owner:
        person.owner.erasure_requests.exclude(reason="").update(reason="—")


_ended = Q(state__in=[Download.State.FAILED, Download.State.GONE])
_asked = _("to give you what you ask for, once")

declare(
    Download,
    of="user",
    heading=_("Copies of your data that you asked for"),
    personal={
        "file ready_at": Personal(
            _asked, DELETED, After(KEPT.days, rows=_over, act=_discard), withheld=_("it would hold itself")
        ),
        "state asked_at": Personal(_asked, DELETED, After(ROWS_KEPT, since="asked_at", only=_ended)),
    },
    plain="id record_id claims lease leased_until progress",
)
declare(
    ErasureRequest,
    of="owner",
    by="decided_by",
    heading=_("Your wish to be erased"),
    personal={
        "state asked_at due_at decided_at done_at": Personal(
            _("to answer when you asked, and what became of it"), Stays(_("stays, by number alone")), AS_LAW_ASKS
        ),
        "reason": Personal(_("to tell you why not"), REPLACED),
    },
    plain="id",
    erase=_erase_request,
)
