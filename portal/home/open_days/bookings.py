"""One booking of the household: the ticket, who comes, another time, and the way out of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.notices.actions import mark_read_about
from portal.bookings import booking as actions
from portal.bookings.errors import BookingError
from portal.bookings.tickets import code_svg, ticket_of
from portal.home.feed import handed_out
from portal.home.guards import private
from portal.ui.offline import is_ahead
from progress.feeds import ics
from progress.feeds.actions import entry_of

from .forms import MoveForm, PartyForm, VisitorsForm, party_of
from .own import bookings_at, own_booking
from .slots import choices_of


def tickets_at(request, home):
    """[(address, what changes whenever the ticket does)] of the bookings to come: a site has no line. Two queries."""
    rows = bookings_at(request.user, home).live().filter(slot__ends__gt=timezone.now())
    rows = rows.with_slot().select_related("slot__guide", "open_day__guide").order_by("slot__starts", "pk")
    rows = rows.prefetch_related("visitors", "open_day__rules") if home.is_followed else ()
    return [(reverse("home:booking", args=[row.pk]), ticket_of(row).digest[:16]) for row in rows]


@private
@require_safe
def booking(request, pk):
    found = own_booking(request, pk)
    if request.method == "GET" and not is_ahead(request):
        mark_read_about(found, user=request.user, at=timezone.now())
    return _page(request, found)


def _page(request, found, form=None):
    ticket, now = ticket_of(found), timezone.now()
    is_coming = found.is_live and found.slot.ends > now
    may_change = found.is_booked and found.open_day.takes_changes(at=now) and not found.slot.has_begun(at=now)
    form = form or VisitorsForm(ticket=ticket)
    context = {
        "home": found.home,
        "booking": found,
        "ticket": ticket,
        "open_day": found.open_day,
        "is_coming": is_coming,
        "may_change": may_change,
        "code": code_svg(found) if is_coming else "",
        "sent": form,
        "form": form if found.is_booked and is_coming else None,
        "in_calendars": f"open-day:{found.pk}" in handed_out(request.user),
    }
    return render(request, "home/open_days/booking.html", context)


@private
def change(request, pk):
    """Who comes. Fewer always may; more, if there is room."""
    found = own_booking(request, pk)
    form = PartyForm(request.POST or None, open_day=found.open_day, initial=party_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_party(found, by=request.user, at=timezone.now(), **form.party)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Changed. Your code stays the same."))
            return redirect("home:booking", pk)
    return render(request, "home/open_days/change.html", {"home": found.home, "booking": found, "form": form})


@private
def move(request, pk):
    """Another time of the same open day. The old place is the household's until the new one is certain."""
    found = own_booking(request, pk)
    form = MoveForm(request.POST or None, open_day=found.open_day)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move(found, slot=form.cleaned_data["slot"], by=request.user, at=timezone.now())
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Moved. Your code stays the same."))
            return redirect("home:booking", pk)
    choices = choices_of(found.open_day, at=timezone.now(), bookings=[found], people=found.people)
    context = {
        "home": found.home,
        "booking": found,
        "form": form,
        "choices": choices,
        "chosen": form.chosen,
        "is_possible": any(choice.fits and not choice.own for choice in choices),
    }
    return render(request, "home/open_days/move.html", context)


@private
def cancel(request, pk):
    """Asks first: a place given back may be somebody else's the next moment."""
    found = own_booking(request, pk)
    if request.method != "POST":
        return render(request, "home/open_days/cancel.html", {"home": found.home, "booking": found})
    try:
        actions.cancel(found, by=request.user, at=timezone.now())
        messages.success(request, _("Cancelled. Thank you for telling us: somebody else can come now."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("home:booking", pk)


@private
@require_POST
def visitors(request, pk):
    """Who they are, and that each has accepted the rules."""
    found = own_booking(request, pk)
    form = VisitorsForm(request.POST, ticket=ticket_of(found))
    if form.is_valid():
        try:
            actions.name_visitors(found, visitors=form.visitors, by=request.user, at=timezone.now())
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you, we have written that down."))
            return redirect("home:booking", pk)
    return _page(request, found, form)


@private
@require_safe
def calendar(request, pk):
    """To be put into a calendar; a booking that was cancelled since, to be taken out of it again."""
    found = own_booking(request, pk)
    entry = entry_of(request.user.owner, f"open-day:{found.pk}", at=timezone.now())
    if entry is None:
        raise Http404
    response = HttpResponse(ics.calendar_file(entry), content_type=f"{ics.CONTENT_TYPE}; method={ics.method_of(entry)}")
    response.headers["Content-Disposition"] = 'attachment; filename="open-day.ics"'
    return response
