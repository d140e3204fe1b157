"""What updates hold about people: news is for everyone of a building and about nobody; who has read it, is."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED

from .models import Audience, Receipt, Update, UpdatePhoto

declare(
    Update,
    by="author",
    plain=(
        "id development kind urgent emergency valid_from valid_until stage_code title_en title_zh body_en body_zh "
        "state publish_at published_at corrects created_at homes"
    ),
)
declare(Audience, plain="id update development building home")
declare(UpdatePhoto, plain="id update file order caption_en caption_zh")
declare(
    Receipt,
    of="owner",
    heading=_("News that you have read"),
    personal={"update told_at opened_at": Personal(_("to know whom urgent news has reached"), DELETED)},
    plain="id",
)
