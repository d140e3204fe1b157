"""What leaflets and diaries hold about people: a leaflet nothing of anybody, a diary the story of somebody's home."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After

from .making import forget
from .models import KEPT, Diary, Leaflet

ROWS_KEPT = 180  # days
_asked = _("to give you what you ask for, once")


def _erase(person, *, by, at):
    if person.user:
        theirs = Diary.objects.filter(asked_by=person.user)
        forget(theirs.filter(file__isnull=False), at=at)
        theirs.delete()


declare(
    Leaflet,
    by="asked_by sent_by",
    plain=(
        "id development building month state trouble file_en file_zh asked_at as_of ready_at sent_at claims lease "
        "leased_until progress"
    ),
)
declare(
    Diary,
    of="asked_by",
    heading=_("Diaries of your home that you asked for"),
    personal={
        "file ready_at left_out": Personal(
            _asked,
            DELETED,
            After(KEPT.days, rows=Diary.objects.to_forget, act=forget),
            withheld=_("it is printed from what the portal shows you"),
        ),
        "home language state asked_at": Personal(
            _asked, DELETED, After(ROWS_KEPT, since="asked_at", only=Q(state__in=["failed", "gone"]))
        ),
    },
    plain="id as_of claims lease leased_until progress",
    erase=_erase,
)
