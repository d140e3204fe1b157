"""The one way in which the rest of the portal asks for a visit: the household is told, and picks the time."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record

from .checks import check_words
from .errors import VisitError
from .locking import lock_place
from .models import Visit, VisitKind
from .people import belongs, tell_household


@transaction.atomic
def ask_for_visit(*, visit_id, kind, by, at, home=None, enquiry=None, owner=None, subject=None, within=None, note=""):
    """A visit is needed at a home, or of whoever enquired: they are asked to choose a time. Returns the Visit.

    `subject`: the row that asks for it; `within`: (first day, last day), either None, between which it should be.
    The same `visit_id` again: the visit stands as it is, whatever became of it. Whoever enquired has no login, so staff
    book the time with them. Raises VisitError.
    """
    home, enquiry = lock_place(home=home, enquiry=enquiry)
    if earlier := Visit.objects.filter(pk=visit_id).first():
        if (earlier.home_id, earlier.enquiry_id) != (home and home.pk, enquiry and enquiry.pk):
            raise VisitError(_("This form has been sent already. Please begin anew."))
        return earlier
    _check(kind, home, owner, within, note)
    first, last = within or (None, None)
    visit = Visit.objects.create(
        pk=visit_id,
        home=home,
        enquiry=enquiry,
        development=(home or enquiry).development,
        owner=owner,
        kind=kind,
        note=note.strip(),
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        not_before=first,
        not_after=last,
        asked_at=at,
    )
    record("asked for", visit, by=by, home=home)
    if home is not None:
        tell_household(visit, "visit-asked", at=at)
    return visit


def _check(kind, home, owner, within, note):
    check_words(note)
    if kind not in VisitKind.values:
        raise VisitError(_("There is no visit of this kind."))
    first, last = within or (None, None)
    if first and last and last < first:
        raise VisitError(_("The end comes before the beginning."))
    if owner is not None and (home is None or not belongs(owner, home, kind)):
        raise VisitError(_("This home is theirs no more."))
