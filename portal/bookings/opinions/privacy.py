"""What opinions hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.files.actions import discard
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, WITH_ITS_ROW, After, Stays

from .models import AreaOpinion, Citation, Opinion, OpinionPhoto, OpinionRequest

PHOTOS_KEPT, KEPT = 730, 1095  # days; the photos go first, so that none is left without its opinion


def _old_photos(*, at):
    return OpinionPhoto.objects.filter(opinion__created_at__lt=_photos_kept.before(at))


def _throw_away(rows, *, at):
    files = [photo.file for photo in rows.select_related("file")]
    rows.delete()
    for file in files:
        discard(file)


_photos_kept = After(PHOTOS_KEPT, rows=_old_photos, act=_throw_away)
_why = _("to build better, and to answer you")

declare(
    Opinion,
    of="owner",
    by="answered_by",
    heading=_("Your opinions after open days"),
    personal={
        "booking open_day home rating text state answer answered_at created_at edited_at": Personal(
            _why, DELETED, After(KEPT, since="created_at")
        )
    },
    plain="id touchpoint version",
)
declare(
    AreaOpinion,
    of="opinion__owner",
    heading=_("What you said of parts of your home"),
    personal={"area verdict text": Personal(_why, DELETED, WITH_ITS_ROW)},
    plain="id",
)
declare(
    OpinionPhoto,
    of="opinion__owner",
    files="file",
    heading=_("Photos that you sent with your opinions"),
    personal={"file": Personal(_why, DELETED, _photos_kept)},
    plain="id order",
)
declare(
    OpinionRequest,
    of="booking__owner",
    heading=_("When we asked for your opinion"),
    personal={"asked_at": Personal(_("to ask you once, and not twice"), DELETED)},
    plain="id",
)
declare(
    Citation,
    of="opinion__owner",
    heading=_("Words of yours that we cited without your name"),
    personal={
        "words_en words_zh": Personal(
            _("to say what we changed because of you"),
            Stays(_("stays in the news: it says nothing about you")),
            WITH_ITS_ROW,
        )
    },
    plain="id update",
)
