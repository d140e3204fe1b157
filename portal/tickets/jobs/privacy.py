"""What contractors' jobs hold about people: the contractors themselves, and what was written about a home."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, FOR_GOOD, WITH_ITS_ROW, Stays

from .models import Contractor, Job, JobFile

_why = _("to have the repair done by a firm that works for us")
_firm = Stays(_("belongs to a firm, not to a customer"))

declare(
    Contractor,
    personal={
        "name trade language phone email": Personal(
            _("to reach the firms that work for us"), _firm, FOR_GOOD, withheld=_("it belongs to no customer record")
        )
    },
    plain="id in_use",
)
declare(
    Job,
    of="ticket__owner",
    by="given_by contact",
    heading=_("Repairs that we handed to contractors"),
    personal={
        "task_en task_zh note": Personal(_why, BLANKED, AS_LAW_ASKS),
        "ticket contractor state shows_owner given_at expires_at done_at": Personal(
            _why, Stays(_("stays with the home: it shows who repaired what")), AS_LAW_ASKS
        ),
        "cost": Personal(
            _("to pay the contractor"),
            Stays(_("stays in our books")),
            AS_LAW_ASKS,
            withheld=_("it is between the contractor and us"),
        ),
    },
    plain="id version message",
)
declare(
    JobFile,
    of="job__ticket__owner",
    personal={
        "attachment": Personal(
            _why, Stays(_("goes with the photo itself")), WITH_ITS_ROW, withheld=_("it is with your tickets")
        )
    },
    plain="id job by_contractor order",
)
