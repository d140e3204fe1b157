"""What is held about people at the end of their tickets."""

from django.utils.translation import gettext_lazy as _

from accounts.files.actions import discard
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, DELETED, WITH_ITS_ROW, After, Stays

from .models import Call, CallTry, Resolution, ServiceSheet, WarrantyDecision

NOTES_KEPT = 730  # days after the call
_of_home = Stays(_("stays with the home, without your name: what was done, and whether the warranty covered it"))
_why_sheet = _("to show what was done at your home, and what you signed")


def _erase_sheets(person, *, by, at):
    """The signature, the name and the PDF that has both go; what was done to the home stays in its ticket."""
    sheets = ServiceSheet.objects.filter(ticket__owner=person.owner).select_related("signature", "pdf")
    for sheet in sheets if person.owner else ():
        files = [file for file in (sheet.signature, sheet.pdf) if file]
        sheet.delete()
        for file in files:
            discard(file)


declare(
    Resolution,
    of="ticket__owner",
    by="by",
    heading=_("What came of your tickets"),
    personal={
        "outcome at how ended_at reminders": Personal(_("to know how your ticket ended"), _of_home, AS_LAW_ASKS),
        "text": Personal(_("to know what we told you"), BLANKED),
        "clause_en clause_zh": Personal(_("to know by which clause"), _of_home, AS_LAW_ASKS),
    },
    plain="id quiet_since next_at on_telephone",
)
declare(
    WarrantyDecision,
    of="ticket__owner",
    by="by",
    heading=_("Decisions about the warranty of your home"),
    personal={
        ("covered component reported_on starts ends reason_en reason_zh clause_en clause_zh overruled at"): Personal(
            _("to know who pays, and why"), _of_home, AS_LAW_ASKS
        )
    },
    plain="id number term",
)
declare(
    ServiceSheet,
    of="ticket__owner",
    by="by",
    heading=_("Service sheets that you signed"),
    files="pdf",
    personal={
        "work_en work_zh materials minutes cost signed_name signed_at language pdf": Personal(
            _why_sheet, DELETED, AS_LAW_ASKS
        ),
        "signature": Personal(_why_sheet, DELETED, AS_LAW_ASKS, withheld=_("it stands on the sheet itself")),
    },
    plain="id state asked_at as_of ready_at claims lease leased_until progress",
    erase=_erase_sheets,
)
declare(
    Call,
    of="ticket__owner",
    by="settled_by",
    heading=_("Our calls to you"),
    personal={
        "why state due_at settled_at opened_at": Personal(
            _("to ring you after a repair, once"), Stays(_("stays without your name: whether we rang")), AS_LAW_ASKS
        )
    },
    plain="id",
)
declare(
    CallTry,
    of="call__ticket__owner",
    by="by",
    heading=_("When we rang you"),
    personal={
        "reached at": Personal(
            _("to ring you after a repair, once"), Stays(_("stays without your name: whether we rang")), WITH_ITS_ROW
        ),
        "note": Personal(_("to know what you told us"), BLANKED, After(NOTES_KEPT, since="at", act=BLANKED)),
    },
    plain="id",
)
