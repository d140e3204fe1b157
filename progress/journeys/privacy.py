"""What journeys hold about people: they are a home's, but who has looked at one, and when, is somebody's."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED

from .models import (
    ChangedMilestone,
    Evidence,
    Journey,
    JourneyTemplate,
    Look,
    Milestone,
    MilestoneChange,
    MilestoneTemplate,
    StageTemplate,
)

declare(JourneyTemplate, plain="id kind version state")
declare(
    StageTemplate,
    plain=(
        "id template code order name_en name_zh regular_news happens_en happens_zh to_do_en to_do_zh "
        "contact_en contact_zh contact_roles document_kinds"
    ),
)
declare(MilestoneTemplate, plain="id stage code order name_en name_zh")
declare(Journey, plain="id home template started ended")
declare(Milestone, plain="id journey template planned forecast actual state row_version")
declare(
    MilestoneChange,
    by="by approver",
    plain="id development kind state reason_en reason_zh at decided_at declined_because",
)
declare(ChangedMilestone, plain="id change milestone from_state to_state from_date to_date")
declare(Evidence, plain="id change file document caption_en caption_zh taken_on")
declare(
    Look,
    of="user",
    heading=_("When you last looked at your journey"),
    personal={"home at before": Personal(_("to mark for you what has changed since"), DELETED)},
    plain="id",
)
