"""What transfers of homes hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS
from progress.privacy import HISTORY

from .models import HomeTransfer, NewOwner

declare(HomeTransfer, by="created_by to", plain="id home on state created_at done_at")
declare(
    NewOwner,
    of="owner",
    heading=_("Homes that came to you"),
    personal={"transfer role": Personal(_("to know how a home changed hands"), HISTORY, AS_LAW_ASKS)},
    plain="id",
)
