"""What visits hold about people: households, whoever enquired, and the colleagues who come."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import AS_LAW_ASKS, BLANKED, DELETED, WHILE_LOGIN, After, Stays
from progress.enquiries.privacy import about

from .models import Absence, Availability, Visit, VisitCell, VisitSetting

NOTES_KEPT = 730  # days after the visit


def visits_of(person):
    """Those of their customer record, and those for which they enquired."""
    found = Q(enquiry__in=about(person))
    if person.owner is not None:
        found |= Q(owner=person.owner)
    return Visit.objects.filter(found)


declare(
    Visit,
    of="owner",
    by="person booked_by",
    rows=visits_of,
    heading=_("Visits to you"),
    personal={
        (
            "home enquiry kind starts ends state urgent by_staff moved cancelled_because asked_at booked_at "
            "confirmed_at on_way_at arrived_at settled_at not_before not_after"
        ): Personal(
            _("to know when somebody comes to you, and when somebody came"),
            Stays(_("stays with the home, without your name: when we were there, and whether we came in time")),
            AS_LAW_ASKS,
        ),
        "note outcome": Personal(
            _("to be prepared for the visit"), BLANKED, After(NOTES_KEPT, since="settled_at", act=BLANKED)
        ),
    },
    plain="id development subject_kind subject_id of_former_household remind_at",
)
declare(VisitCell, by="person", plain="id visit quarter")
declare(VisitSetting, plain="id development kind minutes buffer_minutes notice_days horizon_days by_owners")
declare(
    Availability,
    of="person",
    heading=_("When you can come for visits"),
    personal={
        "development team kind weekday starts ends valid_from valid_until on_days_off": Personal(
            _("to offer owners times at which you can come"), DELETED, WHILE_LOGIN
        )
    },
    plain="id",
)
declare(
    Absence,
    of="person",
    heading=_("Days on which you make no visits"),
    personal={
        "first_day last_day note": Personal(_("to offer nobody a time at which you are away"), DELETED, WHILE_LOGIN)
    },
    plain="id",
)
