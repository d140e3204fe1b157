"""What becomes of visits when a home changes hands: those booked are called off, wishes for others pass on."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .booking import cancel_visit
from .models import Visit, VisitKind
from .people import tell_household

STAY_DUE = (VisitKind.HANDOVER, VisitKind.CHECK)  # of the home, whoever lives there


@register
class Visits(Part):
    def passes_on(self, home):
        return [Line(_("visits for which the new owner chooses the time"), _due(home).count())]

    def cancels(self, home):
        off = home.visits.of_household().open().exclude(pk__in=_due(home).values("pk"))
        return [Line(_("visits booked, or to be booked"), off.count())]

    def carry_out(self, transfer, *, former, by, at):
        """The new household sees nothing of the visits before it; whoever comes hears that they need not."""
        home = transfer.home
        due = list(_due(home).order_by("pk"))
        theirs = home.visits.of_household().exclude(pk__in=[visit.pk for visit in due])
        former_visits = list(theirs.values_list("pk", flat=True))  # another may be asked for when one is called off
        for visit in theirs.open().order_by("pk"):
            cancel_visit(visit, by=by, at=at, by_staff=True, because=Visit.Because.TRANSFER)
        home.visits.filter(pk__in=former_visits).update(of_former_household=True)
        for visit in due:
            visit.owner, visit.note = None, ""
            visit.save(update_fields=["owner", "note"])
            tell_household(visit, "visit-asked", at=at, step=str(transfer.pk))


def _due(home):
    return home.visits.of_household().asked().filter(kind__in=STAY_DUE)
