"""What calendars hold about people: the address at which theirs fetch their dates, and what these were told."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After

from .models import Feed, FeedEntry

declare(
    Feed,
    of="owner",
    by="made_by",
    heading=_("Your calendar address"),
    personal={
        "made_at last_fetched_at revoked_at ended_at": Personal(
            _("to let your calendar fetch the dates of your home, and to show you that it does"), DELETED
        )
    },
    plain="id version",
)
declare(
    FeedEntry,
    of="owner",
    heading=_("Dates that your calendars were told"),
    personal={
        "content changed_at cancelled_at": Personal(
            _("to tell your calendar when a date has moved or is called off"), DELETED, After(366, since="cancelled_at")
        )
    },
    plain="id key sequence",
)
