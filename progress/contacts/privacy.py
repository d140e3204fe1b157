"""What is held about colleagues that owners see, and about owners to whom the service centre was introduced."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, DELETED, WHILE_LOGIN, Stays

from .models import Card, Contact, Introduction

declare(
    Card,
    of="user",
    files="photo",
    heading=_("What owners see of you"),
    personal={
        "name_en name_zh phone email photo": Personal(
            _("so that owners know who looks after their home"), DELETED, WHILE_LOGIN
        )
    },
    plain="id",
)
declare(
    Contact,
    of="user",
    heading=_("Homes that you look after"),
    personal={
        "development home journey role hours every_day since until": Personal(
            _("to know who looked after which home"), Stays(_("stays, without your name")), AS_LAW_ASKS
        )
    },
    plain="id follows note_en note_zh work_moved",
)
declare(
    Introduction,
    of="owner",
    heading=_("When the service centre was introduced to you"),
    personal={"home at": Personal(_("to do it once, and not twice"), DELETED)},
    plain="id",
)
