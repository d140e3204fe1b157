"""What formal complaints hold about people: what was wished for, what was written, who reviewed."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, Stays

from .models import Deadlines, FormalComplaint, Letter

_why = _("to look into your complaint, and to answer it in writing")
_decided = Stays(_("stays as long as somebody may come back to what was decided"))

declare(Deadlines, plain="id development acknowledgement path answer final")
declare(
    FormalComplaint,
    of="ticket__owner",
    by="reviewer opened_by",
    heading=_("Your formal complaints"),
    personal={
        "wish": Personal(_why, BLANKED, AS_LAW_ASKS),
        "ticket state verdict opened_at ended_at": Personal(_why, _decided, AS_LAW_ASKS),
    },
    plain="id counted_from acknowledgement_by path_by answer_by final_by due_at",
)
declare(
    Letter,
    of="complaint__ticket__owner",
    by="by",
    files="file",
    heading=_("Our letters about your formal complaints"),
    personal={"step language text at file": Personal(_why, _decided, AS_LAW_ASKS)},
    plain="id complaint in_time state claims heard_at",
)
