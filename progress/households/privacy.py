"""What invitations to households hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.people import USED_KEPT
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After

from .models import HouseholdInvitation

declare(
    HouseholdInvitation,
    of="invitation__owner invitation__used_by",
    by="invited_by",
    heading=_("Your invitations to a household"),
    personal={
        "home role": Personal(
            _("to know what an invitation was to"), DELETED, After(USED_KEPT, since="invitation__expires_at")
        )
    },
    plain="invitation",
)
