"""What checks hold about people: who found what in whose home, and who signed."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import Stays

from .models import Check, CheckForm, FormItem, Result, ResultPhoto

STAYS = Stays(_("stays with the home: what was found at a check, and that somebody of the household signed for it"))

declare(CheckForm, by="made_by", plain="id code version name_en name_zh intro_en intro_zh by state made_at")
declare(
    FormItem,
    plain=(
        "id form order code section_en section_zh text_en text_zh component touchpoint measured unit low high photo"
    ),
)
declare(
    Check,
    of="signed_by",
    by="begun_by filled_by",
    heading=_("Checks that you signed"),
    personal={"signed_name signed_at signature": Personal(_("to show who has seen what was found"), STAYS)},
    files="signature",
    plain=(
        "id promise home development form visit stage self_check of_former_household planned_at begun_at filled_at "
        "found_on pdf asked_at state as_of ready_at claims lease leased_until progress"
    ),
)
declare(
    Result,
    by="by",
    plain="id check_of item verdict value note done_at arrived_at stands ticket",
)
declare(ResultPhoto, plain="id result file order")
