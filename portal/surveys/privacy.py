"""What questions of satisfaction hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After

from .models import Satisfaction

KEPT = 1095  # days

declare(
    Satisfaction,
    of="owner",
    heading=_("How content you were, when we asked"),
    personal={
        "subject_kind subject_id home score words asked_at answered_at": Personal(
            _("to see where we have to do better"), DELETED, After(KEPT, since="asked_at")
        )
    },
    plain="id key touchpoint development",
)
