"""One open day on the desk: what it is, whom it reaches, its times with the places taken, and what can be done."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.bookings.models import Booking
from progress.scope import may_view

from .access import BOOK, EDIT, looking, own_open_day
from .booking_filters import not_all_accepted
from .forms import milestone_choices
from .reach import counted

TONES = {"draft": "quiet", "published": "good", "cancelled": "warning"}


@looking
@require_safe
def page(request, pk):
    open_day, now = own_open_day(request, pk), timezone.now()
    slots = list(open_day.slots.select_related("guide").with_places())
    over = open_day.is_over(at=now)
    context = {
        "open_day": open_day,
        "tone": "quiet" if over and open_day.is_published else TONES[open_day.state],
        "over": over,
        "slots": slots,
        "places": _sum(slots),
        "rules": open_day.rules.all(),
        "buildings": open_day.buildings.all(),
        "milestone": dict(milestone_choices()).get(open_day.past_milestone, open_day.past_milestone),
        "reach": None if open_day.is_cancelled else counted(open_day),
        "behind": Booking.objects.booked().filter(not_all_accepted(), open_day=open_day).count(),
        "may_edit": request.user.has_perm(EDIT),
        "may_book": request.user.has_perm(BOOK),
        "sees_bookings": may_view(request.user, Booking),
        "missing": _missing(open_day, slots),
    }
    return render(request, "desk/open_days/page.html", context)


def _sum(slots):
    open_slots = [slot for slot in slots if slot.is_open]
    return {
        "capacity": sum(slot.capacity for slot in open_slots),
        "booked": sum(slot.booked for slot in open_slots),
        "waiting": sum(slot.waiting_parties for slot in open_slots),
    }


def _missing(open_day, slots):
    """What a draft still needs."""
    if not open_day.is_draft:
        return []
    needed = []
    if not slots:
        needed.append("slots")
    if not open_day.rules.exists():
        needed.append("rules")
    return needed
