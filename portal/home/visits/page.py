"""What the page of one visit shows: who comes, what the household does, what we promise, how far it is."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.visits.models import Visit, VisitKind
from portal.visits.people import visitor_name
from portal.visits.promises import CONFIRMED
from progress.promises.models import Promise

TONES = {"asked": "warning", "booked": "info", "confirmed": "good", "on_way": "good", "arrived": "good", "done": "good"}
ASKED_OF_YOU = {
    VisitKind.SURVEY: [
        gettext_lazy("Please clear the way to walls, taps and the fuse box."),
        gettext_lazy("Have the floor plan and earlier invoices at hand, if there are any."),
    ],
    VisitKind.DESIGN: [
        gettext_lazy("Bring pictures of what you like, and what it may cost."),
        gettext_lazy("Those who decide with you are welcome, too."),
    ],
    VisitKind.HANDOVER: [
        gettext_lazy("Bring your identity card and the contract."),
        gettext_lazy("Take your time: we go through each room together."),
    ],
    VisitKind.CHECK: [
        gettext_lazy("Please let us into every room, and run water and heating once before."),
    ],
    VisitKind.SHOWROOM: [
        gettext_lazy("Bring the floor plan and pictures of what you like."),
    ],
}


@dataclass(frozen=True)
class Step:
    title: str
    at: datetime | None
    state: str  # of the tag `step`


@dataclass(frozen=True)
class Clock:
    """The promise that we confirm. `share`: per cent of the time that is left, for the ring."""

    due_at: datetime
    tone: str
    share: int
    settled_at: datetime | None


def page_of(visit, *, at):
    return {
        "home": visit.home,
        "visit": visit,
        "visit_key": str(visit.pk),
        "tone": TONES.get(visit.state, "quiet"),
        "visitor": visitor_name(visit),
        "visitor_card": _card(visit),
        "visitor_photo": photo_of(visit),
        "asked_of_you": ASKED_OF_YOU[visit.kind],
        "clock": clock_of(visit, at=at),
        "steps": steps_of(visit),
        "may_change": not visit.is_over and visit.can_be_changed(at=at),
        "calls": visit.is_live and not visit.can_be_changed(at=at),
    }


def _card(visit):
    return getattr(visit.person, "card", None) if visit.person else None


def photo_of(visit):
    """The address of the small picture of whoever comes; "" where there is none."""
    card = _card(visit)
    return reverse("home:visitor-photo", args=[visit.pk, "thumb"]) if card and card.photo_id else ""


def steps_of(visit):
    """From booked to there; a step that has no moment yet is to come."""
    reached = [
        (_("Booked"), visit.booked_at),
        (_("Confirmed"), visit.confirmed_at),
        (_("On the way"), visit.on_way_at),
        (_("There"), visit.arrived_at),
    ]
    if visit.at_ours:
        reached = reached[:2]
    order = [Visit.State.BOOKED, Visit.State.CONFIRMED, Visit.State.ON_WAY, Visit.State.ARRIVED]
    now = order.index(visit.state) if visit.state in order else None
    return [
        Step(title, moment, "now" if number == now else "done" if moment else "")
        for number, (title, moment) in enumerate(reached)
    ]


def clock_of(visit, *, at):
    """Of the promise for the time that the visit has now, or None."""
    if not visit.is_live:
        return None
    made = Promise.objects.filter(kind=CONFIRMED, subject_kind=visit._meta.label_lower, subject_id=str(visit.pk))
    promise = made.exclude(state=Promise.State.VOID).order_by("-made_at", "-pk").first()
    if promise is None:
        return None
    left = (promise.due_at - at) / max(promise.due_at - (visit.booked_at or at), promise.due_at - at)
    share = round(100 * min(max(left, 0), 1)) if promise.due_at > at else 0
    return Clock(promise.due_at, _tone(promise, share), share, promise.settled_at)


def _tone(promise, share):
    if promise.settled_at:
        return "good"
    if not share:
        return "danger"
    return "warning" if share <= 25 else ""
