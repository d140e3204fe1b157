"""Materials are of homes, and recalls of materials; a warning says who was told of one, and whether they read it."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED

from .models import Material, Recall, RecalledHome, RecallWarning

declare(
    Material,
    plain=(
        "id home journey component maker product batch telephone contact note installed_on removed_on"
        " maker_key product_key batch_key"
    ),
)
declare(
    Recall,
    by="written_by published_by",
    plain=(
        "id maker product batches first_batch last_batch unknown_too title_en title_zh todo_en todo_zh telephone days"
        " state published_at ended_at end_reason maker_key product_key"
    ),
)
declare(
    RecalledHome,
    by="done_by",
    plain="id recall home materials round unreached found_at due_at done_at outcome_en outcome_zh",
)
declare(
    RecallWarning,
    of="owner",
    heading=_("Recalls that we warned you of"),
    personal={"told_at seen_at": Personal(_("to warn everybody once, and to see who has read it"), DELETED)},
    plain="id found round",
)
