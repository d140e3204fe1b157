"""The visits of a home on the tab of open days and visits, and what waits for a time to be chosen."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.bookings.templatetags.bookings import hours
from portal.home import appointments
from portal.home.needs import Need, source
from portal.visits.booking import kinds_for
from portal.visits.models import VisitKind

from .own import visits_of
from .page import TONES, photo_of

PAST_SHOWN = 10


def visits_at(request, home):
    """What home/visits/section.html shows of one of `homes_of`, in a fixed number of queries."""
    visits = visits_of(home).with_place()
    to_come = [_dressed(visit) for visit in visits.open().in_order()]
    standing = {visit.kind for visit in to_come}
    kinds = [VisitKind(kind) for kind in kinds_for(home, user=request.user) if kind not in standing]
    return {
        "visits": to_come,
        "past_visits": [_dressed(visit) for visit in visits.settled().order_by("-settled_at", "pk")[:PAST_SHOWN]],
        "visit_kinds": kinds,
    }


def _dressed(visit):
    visit.tone, visit.photo_url = TONES.get(visit.state, "quiet"), photo_of(visit)
    visit.page_url = times_url(visit) if visit.is_asked else reverse("home:visit", args=[visit.pk])
    return visit


def times_url(visit):
    return f"{reverse('home:visit-times', args=[visit.home_id, visit.kind])}?visit={visit.pk}"


@appointments.source
def visits_ahead(user, home, *, at):
    """Those to which somebody comes, the next first; each on its page."""
    for visit in visits_of(home).live().filter(ends__gt=at).select_related("person").order_by("starts")[:1]:
        yield appointments.Appointment(
            title=visit.get_kind_display(),
            starts=visit.starts,
            ends=visit.ends,
            url=reverse("home:visit", args=[visit.pk]),
            note=_("%(hours)s, with %(person)s") % {"hours": hours(visit), "person": visit.person.name},
        )


@source
def visits_asked_for(user, home):
    """Somebody wants to come, and the household says when."""
    asked = visits_of(home).asked().order_by("asked_at", "pk")[:5]
    return [
        Need(
            title=_("Please choose a time: %(kind)s") % {"kind": visit.get_kind_display()},
            text=visit.note or _("We would like to come to you. It takes a minute to choose when."),
            url=times_url(visit),
            action=_("Choose a time"),
            icon="calendar",
        )
        for visit in asked
    ]
