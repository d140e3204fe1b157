"""The visits of somebody who leaves: whoever takes over has them too, where the time is free."""

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.leaving import register
from progress.enquiries.models import Enquiry
from progress.models import Home
from progress.staff.work import InPlaces

from .booking import assign_visit
from .errors import VisitError
from .models import Visit


def _at_hand(visits):
    """Those whose place nobody else holds, locked.

    The colleagues are locked by now, and whoever holds a place may wait for them: to wait for it would be for ever.
    """
    skip = connection.features.has_select_for_update_skip_locked
    visits, places = list(visits), set()
    for model, pks in ((Home, [visit.home_id for visit in visits]), (Enquiry, [visit.enquiry_id for visit in visits])):
        rows = model.objects.select_for_update(of=("self",), skip_locked=skip).filter(pk__in=filter(None, pks))
        places.update(rows.values_list("pk", flat=True))
    return [visit for visit in visits if (visit.home_id or visit.enquiry_id) in places]


@register
class Visits(InPlaces):
    label = _("Visits that they make")
    model, path = Visit, "development"

    def of(self, user):
        return Visit.objects.live().filter(person=user)

    def shown(self, rows):
        rows = rows.with_place().in_order()
        return [(str(row), reverse("desk_visit:inspect", args=[row.pk])) for row in rows]

    def hand_over(self, user, *, to, by, at):
        """One that they can't make at that time, or that somebody changes at this moment, stays on the list."""
        given = 0
        for visit in _at_hand(self.of(user).filter(starts__gt=at).in_order()):
            try:
                assign_visit(visit, person=to, by=by, at=at)
            except VisitError:
                continue
            given += 1
        return given
