"""Who comes to the open days of the desk, and to which: the groups say what, the assignments say where."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.bookings.models import Booking, OpenDay, OpenDayMessage, Slot, WaitingEntry
from progress.scope import may_view

from ..scoped import ScopedPolicy, register, within

EDIT = "bookings.change_openday"
BOOK = "bookings.change_booking"

register(Slot, ScopedPolicy(Slot, "open_day__development"))
register(Booking, ScopedPolicy(Booking, "open_day__development"))
register(WaitingEntry, ScopedPolicy(WaitingEntry, "slot__open_day__development"))
register(OpenDayMessage, ScopedPolicy(OpenDayMessage, "open_day__development"))


def _guarding(may):
    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not may(request.user):
                raise Http404
            with timezone.override(None):
                return view(request, *args, **kwargs)

        return guarded

    return decorate


looking = _guarding(lambda user: may_view(user, OpenDay))
editing = _guarding(lambda user: user.has_perm(EDIT))
booking_for = _guarding(lambda user: user.has_perm(BOOK))
seeing_bookings = _guarding(lambda user: may_view(user, Booking))


def own_open_day(request, pk):
    """Of the developments where this person works. Sets the time zone."""
    open_days = within(OpenDay, request.user).select_related("development", "guide")
    return _there(get_object_or_404(open_days, pk=pk))


def own_slot(request, pk):
    slot = get_object_or_404(within(Slot, request.user).select_related("open_day__development"), pk=pk)
    _there(slot.open_day)
    return slot


def own_booking(request, pk):
    booking = get_object_or_404(within(Booking, request.user).with_slot().select_related("booked_by"), pk=pk)
    _there(booking.open_day)
    return booking


def own_entry(request, pk):
    entry = get_object_or_404(within(WaitingEntry, request.user).with_slot(), pk=pk)
    _there(entry.slot.open_day)
    return entry


def _there(open_day):
    timezone.activate(open_day.development.time_zone)
    return open_day


def posted(request):
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None
