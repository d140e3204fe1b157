"""One order of locks for all that happens to visits: the home (or the enquiry), the visit, then the colleagues."""

from django.utils.translation import gettext as _

from progress.enquiries.models import Enquiry
from progress.households.actions import lock_home

from .errors import VisitError
from .models import Visit


def lock_place(*, home, enquiry):
    """The row of the home or of the enquiry, as it is now: (home, enquiry), one of them None."""
    if home is not None:
        return lock_home(home.pk), None
    return None, Enquiry.objects.select_for_update(of=("self",)).select_related("development").get(pk=enquiry.pk)


def lock_visit(visit, *, leaving, refusal=None):
    """The visit as it is now, its place locked before it. Raises VisitError unless its state is one of `leaving`."""
    lock_place(home=visit.home, enquiry=visit.enquiry)
    visit = Visit.objects.select_for_update(of=("self",)).with_place().get(pk=visit.pk)
    if visit.state not in leaving:
        words = refusal or _("This can't be done any more: the visit is %(state)s.")
        raise VisitError(words % {"state": visit.get_state_display()})
    return visit
