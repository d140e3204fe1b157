"""What the code on a ticket opens: the party at once, or in plain words why not."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.events.looks import note_look
from accounts.links import check_mac
from portal.bookings.models import Booking
from portal.bookings.passages import day_of, zone_of
from portal.ui.offline import is_ahead

from .access import at_the_gate, bookings_of, own_open_day
from .acts import in_words
from .rows import Party, with_people


@at_the_gate
@require_safe
def ticket(request, pk, mac):
    """The party of a code; 404 in words for one that we never gave out, or not for a site of this person's."""
    booking = with_people(bookings_of(request.user).filter(pk=pk)).first()
    version = booking and version_of(booking, mac)
    if not version:
        return render(request, "site/gate/no_ticket.html", status=404)
    timezone.activate(booking.open_day.development.time_zone)
    now = timezone.now()
    if not is_ahead(request):
        note_look(booking, by=request.user, home_id=booking.home_id, at=now)
    party = Party(booking, booking.open_day.rules_version)
    context = {
        "party": party,
        "open_day": booking.open_day,
        "how": how_it_stands(booking, version, at=now),
        "in_words": in_words(party.standing),
        "rules": booking.open_day.rules.all(),
        "now": now,
    }
    return render(request, "site/gate/ticket.html", context)


def version_of(booking, mac):
    """The version of the booking's code that this is, from the newest back; None for none of them."""
    versions = range(booking.code_version, 0, -1)
    return next((version for version in versions if check_mac("ticket", booking.pk, version, mac)), None)


def how_it_stands(booking, version, *, at):
    """One word for the page: why they are not let in by this code, or that they are."""
    today = timezone.localdate(at, zone_of(booking.slot))
    if booking.state == Booking.State.CANCELLED:
        return "cancelled"
    if booking.state in {Booking.State.ARRIVED, Booking.State.LEFT}:
        return "inside" if booking.state == Booking.State.ARRIVED else "left"
    if day_of(booking.slot) != today:
        return "another-day"
    return "moved" if version < booking.code_version or booking.moved_at else "welcome"


@at_the_gate
@require_safe
def scan(request, pk):
    """A camera in the page, for browsers that read codes; the one page of ours that may use it."""
    open_day = own_open_day(request, pk)
    tickets = reverse("site:ticket", args=[pk, "x"]).partition(str(pk))[0]
    response = render(request, "site/gate/scan.html", {"open_day": open_day, "tickets": tickets})
    response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY.replace("camera=()", "camera=(self)")
    return response
