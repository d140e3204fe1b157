"""Who stands at the gate: staff whose groups change bookings, at the developments assigned to them."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.bookings.models import Booking, OpenDay
from progress.scope import of_assigned

PERMISSION = "bookings.change_booking"
TELEPHONES = "accounts.view_owner"


def at_the_gate(view):
    """Logged in, and in a group that lets people in; where, the querysets say. Times are the development's own."""

    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise Http404
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def open_days_of(user):
    """Those that are not drafts, of the developments where this person works."""
    own = OpenDay.objects.filter(of_assigned(user, OpenDay, "development")).exclude(state=OpenDay.State.DRAFT)
    return own.select_related("development")


def bookings_of(user):
    return Booking.objects.filter(of_assigned(user, Booking, "open_day__development")).with_slot()


def own_open_day(request, pk):
    open_day = get_object_or_404(open_days_of(request.user), pk=pk)
    timezone.activate(open_day.development.time_zone)
    return open_day


def own_booking(request, pk):
    booking = get_object_or_404(bookings_of(request.user), pk=pk)
    timezone.activate(booking.open_day.development.time_zone)
    return booking
