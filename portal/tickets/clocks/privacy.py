"""What the clocks of tickets hold about people: why theirs had to wait, and whether they agreed."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, Stays

from .models import Clock, Pause, Policy

declare(
    Policy,
    by="by",
    plain="id kind priority version first_response next_update resolution round_the_clock in_force_from",
)
declare(
    Clock,
    plain=(
        "id ticket kind round started_at allowed counted since due_at promised_at stopped_at how round_the_clock "
        "half_at most_at near_at warned next_warning_at"
    ),
)
declare(
    Pause,
    of="ticket__owner",
    by="asked_by answered_by ended_by",
    heading=_("Why something you reported had to wait"),
    personal={
        "why reason_en reason_zh review_on state asked_at answered_at by_telephone ended_at": Personal(
            _("to show how long you waited, for what, and whether you agreed"),
            Stays(_("stays with the home, without your name: how long its repairs took, and why")),
            AS_LAW_ASKS,
        )
    },
    plain="id ticket reviewed_at next_at",
)
