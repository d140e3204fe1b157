"""A place in the line: how far it has come and why, and the offer that is held once its turn has come."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.notices.actions import mark_read_about
from portal.bookings import waiting as actions
from portal.bookings.errors import BookingError
from portal.home.guards import private
from portal.ui.offline import is_ahead

from .own import bookings_at, own_entry


@private
@require_safe
def waiting(request, pk):
    entry, now = own_entry(request, pk), timezone.now()
    if request.method == "GET" and not is_ahead(request):
        mark_read_about(entry, user=request.user, at=now)
    day = entry.slot.open_day
    bookings = bookings_at(request.user, entry.home).live().filter(open_day=day).select_related("slot")
    booked = bookings.order_by("slot__starts").first() if day.one_per_home else None
    context = {
        "home": entry.home,
        "entry": entry,
        "open_day": day,
        "slot": entry.slot,
        "position": actions.position(entry) if entry.is_waiting else None,
        "steps": list(entry.steps.all()),
        "booked": booked,
        "left": _left(entry, at=now),
        "tone": _tone(entry, at=now),
        "is_in_time": entry.is_offered and entry.offer_until > now,
    }
    return render(request, "home/open_days/waiting.html", context)


def _left(entry, *, at):
    """Of the time for which a place is held, per cent that are left; whole numbers, for the clock's ring."""
    if not entry.is_offered or entry.offer_until <= at:
        return 0
    share = (entry.offer_until - at) / (entry.offer_until - entry.offered_at)
    return max(min(round(100 * share), 100), 1)


def _tone(entry, *, at):
    left = _left(entry, at=at)
    return "good" if left > 25 else "warning" if left else "quiet"


@private
@require_POST
def leave(request, pk):
    entry = own_entry(request, pk)
    try:
        actions.leave(entry, by=request.user, at=timezone.now())
        messages.success(request, _("You are no longer in the line."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("home:waiting", pk)


@private
@require_POST
def take(request, pk):
    entry = own_entry(request, pk)
    try:
        booking = actions.take_offer(entry, by=request.user, at=timezone.now())
    except BookingError as error:
        messages.error(request, str(error))
        return redirect("home:waiting", pk)
    messages.success(request, _("You have your place. Show the code below at the gate."))
    return redirect("home:booking", booking.pk)


@private
@require_POST
def decline(request, pk):
    entry = own_entry(request, pk)
    try:
        actions.decline_offer(entry, by=request.user, at=timezone.now())
        messages.success(request, _("Thank you for telling us. The place goes to the next in line."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("home:waiting", pk)
