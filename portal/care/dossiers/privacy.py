"""What dossiers hold about people: the story of somebody's home, for a week."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After
from progress.leaflets.making import forget
from progress.leaflets.models import KEPT

from .models import Dossier

ROWS_KEPT = 180  # days
_asked = _("to give you what you ask for, once")


def _erase(person, *, by, at):
    if person.user:
        theirs = Dossier.objects.filter(asked_by=person.user)
        forget(theirs.filter(file__isnull=False), at=at)
        theirs.delete()


declare(
    Dossier,
    of="asked_by",
    heading=_("Dossiers of your home that were made for you"),
    personal={
        "file ready_at left_out": Personal(
            _asked,
            DELETED,
            After(KEPT.days, rows=Dossier.objects.to_forget, act=forget),
            withheld=_("it is printed from what the portal shows you"),
        ),
        "home kind language state asked_at": Personal(
            _asked, DELETED, After(ROWS_KEPT, since="asked_at", only=Q(state__in=["failed", "gone"]))
        ),
    },
    plain="id as_of claims lease leased_until progress handed_over",
    erase=_erase,
)
