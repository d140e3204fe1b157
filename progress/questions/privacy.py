"""What questions hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED

from .models import Question, Reply

declare(
    Question,
    of="owner",
    by="asked_by",
    heading=_("Your questions"),
    personal={
        "home subject_kind subject_id text state created_at": Personal(_("to answer what you asked us"), DELETED)
    },
    plain="id",
)
declare(
    Reply,
    of="question__owner",
    by="author",
    heading=_("What was said about your questions"),
    personal={"text by_staff at": Personal(_("to answer what you asked us"), DELETED)},
    plain="id",
)
