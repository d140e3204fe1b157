"""What the ledger holds about people: what was promised to them, and who answers for it."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import BY_TIME, After

from .models import Promise, PromiseMove

KEPT_FOR = 3 * 365  # days: as long as somebody may ask what came of a promise

declare(
    Promise,
    of="owner",
    by="responsible settled_by",
    heading=_("What we promised you"),
    personal={
        "kind made_at due_at state settled_at outcome": Personal(
            _("to keep what we promised, and to show how well we do"), BY_TIME, After(KEPT_FOR, since="settled_at")
        )
    },
    plain=(
        "id key development home touchpoint subject_kind subject_id team moves next_step next_step_at rule anchored_on"
    ),
)
declare(PromiseMove, by="by", plain="id promise from_due_at to_due_at reason_en reason_zh at")
