"""What checklists hold about people: what each has ticked off, and when."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import After, Stays

from .models import DueItem, Tick
from .seeing import entries_shown
from .transfers import KEPT_AFTER


def words_of(tick, person):
    """What was ticked off, as the guide calls it; nothing once the guide has it no more."""
    entry = entries_shown(tick.guide_key, on=timezone.localdate(tick.at)).get(tick.item)
    return entry.text if entry else ""


declare(
    Tick,
    of="owner",
    by="by",
    heading=_("What you have ticked off"),
    personal={
        "home guide_key item ticked made_at at": Personal(
            _("so that your household sees what is done, and by whom"),
            Stays(_("stays for your household, without your name")),
            After(KEPT_AFTER.days, since="ended_at"),
        )
    },
    plain="id ended_at",
    also={"words": (_("entry"), words_of)},
)
declare(
    DueItem,
    plain="id home guide_key item text_en text_zh ours milestone due_on gone round promise promised_on reminded_on",
)
