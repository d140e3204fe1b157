"""The ticket on paper: asked for, seen to grow, fetched."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from portal.bookings.errors import BookingError
from portal.bookings.paper.actions import ask_ticket
from portal.bookings.paper.models import TicketPrint
from portal.bookings.tickets import ticket_of
from portal.home.guards import private

from .own import own_booking


@private
@require_safe
def ticket_pdf(request, pk):
    """The page one may leave and come back to. htmx asks for the state alone."""
    booking = own_booking(request, pk)
    context = {"home": booking.home, "booking": booking, "print": _last(request.user, booking, at=timezone.now())}
    part = "home/open_days/paper_state.html" if request.htmx else "home/open_days/paper.html"
    return render(request, part, context)


def _last(user, booking, *, at):
    """The print that is shown: being made, ready and still true, or failed the last time."""
    theirs = TicketPrint.objects.for_user(user).filter(booking=booking, language=get_language())
    newest = theirs.exclude(state=TicketPrint.State.GONE).select_related("file").first()
    if newest and newest.is_ready and (newest.kept_until <= at or newest.digest != ticket_of(booking).digest):
        return None
    return newest


@private
@require_POST
def ask(request, pk):
    booking = own_booking(request, pk)
    try:
        ask_ticket(booking, language=get_language(), by=request.user, at=timezone.now())
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("home:booking-pdf", pk)


@login_required
@require_safe
def file(request, pk, print_id):
    """The PDF, to be saved; asked for anew each time, since a home can be sold."""
    ready = TicketPrint.objects.for_user(request.user).to_be_fetched(at=timezone.now())
    found = get_object_or_404(ready.select_related("file"), pk=print_id, booking=pk)
    response = deliver(request, found.file, name=f"ticket-{timezone.localtime(found.ready_at):%Y-%m-%d}")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
