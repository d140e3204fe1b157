"""What guides hold about people: who has read which of them. The pages themselves are about nobody."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED

from .models import AudienceEntry, Edition, EditionText, GuideIndexPage, GuidePage, GuideReading

declare(GuideIndexPage, plain="page_ptr")
declare(
    GuidePage,
    plain=(
        "page_ptr lead body version valid_from what_changed tell "
        "for_kinds for_developments for_buildings for_house_types for_stages for_roles"
    ),
)
declare(Edition, plain="id guide_key number valid_from published_at tell told_at")
declare(AudienceEntry, plain="id edition sort value")
declare(
    EditionText,
    plain="id edition page language title lead blocks sections words what_changed published_at amended_at",
)
declare(
    GuideReading,
    of="owner",
    heading=_("Guides that you have read"),
    personal={"guide_key number at": Personal(_("to show you what has changed since"), DELETED)},
    plain="id",
)
