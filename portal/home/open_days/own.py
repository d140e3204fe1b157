"""What these pages start with: an open day of one's home, a booking or a place in the line of one's household."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.bookings.models import Booking, OpenDay, WaitingEntry
from portal.home.guards import own_home


def followed_home(request, home_id):
    """One of the person's homes whose progress they follow: tenants don't book."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    return home


def open_days_of(user):
    """Those that were published for one of the person's homes; drafts are the staff's, whoever owns a home besides."""
    return OpenDay.objects.for_user(user).exclude(state=OpenDay.State.DRAFT)


def own_open_day(request, home, pk):
    """One that is, or was, for this home."""
    days = open_days_of(request.user).select_related("development", "guide", "page").prefetch_related("rules")
    day = get_object_or_404(days, pk=pk)
    here = OpenDay.objects.filter(pk=pk)
    if not here.open_to(home).exists() and not here.filter(bookings__in=bookings_at(request.user, home)).exists():
        raise Http404
    return day


def bookings_at(user, home):
    return Booking.objects.own(user).filter(home=home)


def entries_at(user, home):
    return WaitingEntry.objects.own(user).filter(home=home)


def own_booking(request, pk):
    """A booking of the person's household; the page belongs to its home."""
    bookings = Booking.objects.own(request.user).with_slot().select_related("slot__guide", "open_day__guide")
    booking = get_object_or_404(bookings, pk=pk)
    booking.home = followed_home(request, booking.home_id)
    return booking


def own_entry(request, pk):
    """A place in the line of the person's household; the page belongs to its home."""
    entry = get_object_or_404(WaitingEntry.objects.own(request.user).with_slot(), pk=pk)
    entry.home = followed_home(request, entry.home_id)
    return entry
