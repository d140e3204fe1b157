"""What whoever expects a visit is promised: that the visitor confirms it by 17:30 of the day before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.notices.quiet import night_ends
from progress.models import Assignment
from progress.promises import actions as promises
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register
from progress.promises.models import Promise

from .models import Visit

CONFIRMED = "visit-confirmed"
WITHIN = timedelta(hours=2)  # of booking, where 17:30 of the day before is over: as any order is confirmed
MOVED = gettext_lazy("The visit was moved, so it is confirmed again.")


@register(CONFIRMED)
class VisitConfirmed(Kind):
    label = gettext_lazy("We confirm the visit")
    team = Assignment.Role.CUSTOMER_SERVICE
    steps = (Step("soon", hours=-timedelta(hours=2)), Step("due", to=(ANSWERABLE, SUPERVISOR)))

    def words(self, promise):
        visit = getattr(promise, "visit", None) or Visit.objects.filter(pk=promise.subject_id).first()
        if visit is None or visit.starts is None:
            return str(self.label)
        day = date_format(localtime(visit.starts, ZoneInfo(promise.calendar[1])), "SHORT_DATE_FORMAT")
        return _("We confirm the visit of %(day)s: %(kind)s") % {"day": day, "kind": visit.get_kind_display()}

    def prepare(self, promises):
        visits = {str(visit.pk): visit for visit in Visit.objects.filter(pk__in=[each.subject_id for each in promises])}
        for promise in promises:
            promise.visit = visits.get(promise.subject_id)

    def holds(self, promise):
        return Visit.objects.filter(pk=promise.subject_id, state=Visit.State.BOOKED).exists()

    def url(self, promise):
        return reverse("site:visit", args=[promise.subject_id])


def due(visit, *, at):
    """17:30 of the day before. Where that is over at the booking: within two hours, or when the night ends, but
    never after the visit has begun."""
    if at <= visit.changes_until():
        return visit.changes_until()
    sensible = night_ends(at=at + WITHIN, zone=visit.zone) or at + WITHIN
    return max(at, min(sensible, visit.starts))


def promise_confirmation(visit, *, by, at):
    """Open the promise for the time the visit has now; one that is open already moves along, its visitor too."""
    if standing := _open(visit):
        _move(standing, visit, by=by, at=at)
        return
    promises.open_promise(
        key=f"visit:{visit.pk}:{_all_of(visit).count()}",  # the visit's row is locked
        kind=CONFIRMED,
        development=visit.development,
        home=visit.home,
        subject=visit,
        responsible=visit.person,
        due_at=due(visit, at=at),
        by=by,
        at=at,
    )


def _move(promise, visit, *, by, at):
    moment = due(visit, at=at)
    if promise.due_at != moment:
        promises.move_promise(promise, due_at=moment, **_reasons(), by=by, at=at)
    if promise.responsible_id != visit.person_id:
        promises.hand_over(promise, to=visit.person, by=by)


def _reasons():
    found = {}
    for field, language in (("reason_en", "en"), ("reason_zh", "zh-hans")):
        with override(language):
            found[field] = str(MOVED)
    return found


def hand_over_confirmation(visit, *, by):
    if standing := _open(visit):
        promises.hand_over(standing, to=visit.person, by=by)


def keep_confirmation(visit, *, by, at):
    """Whoever is on the way, or has come, has confirmed it no later than then."""
    if standing := _open(visit):
        promises.keep_promise(standing, by=by, at=at)


def void_confirmation(visit, *, by, at):
    if standing := _open(visit):
        promises.void_promise(standing, by=by, at=at)


def _open(visit):
    return _all_of(visit).open().first()


def _all_of(visit):
    return Promise.objects.filter(kind=CONFIRMED, subject_kind="visits.visit", subject_id=str(visit.pk))
