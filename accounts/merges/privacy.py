"""What merges of customer records hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, Stays

from .models import OwnerMerge

declare(
    OwnerMerge,
    of="kept gone",
    by="by",
    heading=_("Records of you that were made one"),
    personal={
        "at undone_at": Personal(
            _("to take two records apart again when that was a mistake"),
            Stays(_("stays, by number alone")),
            AS_LAW_ASKS,
        )
    },
    plain="id moved",
)
