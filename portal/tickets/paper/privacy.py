"""What tickets as PDF hold about people: what the ticket says, for a week."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After
from progress.leaflets.making import forget
from progress.leaflets.models import KEPT

from .models import TicketPaper

ROWS_KEPT = 180  # days
_asked = _("to give you what you ask for, once")


def _erase(person, *, by, at):
    if person.user:
        theirs = TicketPaper.objects.filter(asked_by=person.user)
        forget(theirs.filter(file__isnull=False), at=at)
        theirs.delete()


declare(
    TicketPaper,
    of="asked_by",
    heading=_("Tickets that you had printed"),
    personal={
        "file ready_at": Personal(
            _asked,
            DELETED,
            After(KEPT.days, rows=TicketPaper.objects.to_forget, act=forget),
            withheld=_("it is printed from what the portal shows you"),
        ),
        "ticket language state asked_at": Personal(
            _asked, DELETED, After(ROWS_KEPT, since="asked_at", only=Q(state__in=["failed", "gone"]))
        ),
    },
    plain="id with_notes as_of claims lease leased_until progress",
    erase=_erase,
)
