"""What places and the rights to them hold about people."""

from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, Stays

from .models import Assignment, Building, Development, Home, HouseType, Ownership

declare(Development, plain="id name_en name_zh time_zone calendar")
declare(Building, plain="id development name")
declare(HouseType, plain="id development name plan area")
declare(Home, plain="id development building house_type number area")

HISTORY = Stays(_("stays, without your name: who had a home, and when, belongs to the home's history"))

declare(
    Ownership,
    of="owner",
    by="invited_by",
    heading=_("Your homes"),
    personal={
        "home role since until state": Personal(_("to know which home is yours, and since when"), HISTORY, AS_LAW_ASKS)
    },
    plain="id",
)
declare(
    Assignment,
    of="user",
    heading=_("Where you work"),
    personal={
        "role development since until state": Personal(
            _("to know who looked after which site"), Stays(_("stays, without your name")), AS_LAW_ASKS
        )
    },
    plain="id",
)
