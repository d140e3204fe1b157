"""What erasing a customer means for visits: where nobody of the household is left, whoever was to come need not."""

from django.utils.translation import gettext as _

from accounts.privacy.consequences import Consequence, register
from progress.models import Home

from .booking import cancel_visit
from .models import Visit
from .transfers import STAY_DUE


@register
class Visits(Consequence):
    """The homes are locked by then, by what becomes of the rights to them."""

    def told(self, owner):
        if count := _called_off(owner).count():
            yield _("Visits that are booked, or to be booked, are called off: %(count)s.") % {"count": count}, False

    def carry_out(self, owner, *, by, at):
        for visit in _called_off(owner).order_by("pk"):
            cancel_visit(visit, by=None, at=at, by_staff=True)


def _called_off(owner):
    visits = Visit.objects.of_household().open().filter(home__in=Home.objects.left_empty_by(owner))
    return visits.exclude(state=Visit.State.ASKED, kind__in=STAY_DUE)
