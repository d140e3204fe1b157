"""What the complaints board holds about people: their case without what names them, and their consent."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, Stays

from .models import Entry

_why = _("to show others, with your consent, how a complaint was solved")

declare(
    Entry,
    of="ticket__owner",
    by="prepared_by published_by",
    heading=_("Your cases on the complaints board"),
    personal={
        "title_en title_zh complaint_en complaint_zh answer_en answer_zh": Personal(_why, BLANKED, AS_LAW_ASKS),
        "ticket state asked_at agreed_at published_at ended_at": Personal(
            _why, Stays(_("stays without the words: it shows that you were asked")), AS_LAW_ASKS
        ),
    },
    plain="id version agreed_version",
)
