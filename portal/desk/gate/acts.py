"""What is done at the gate: let in, let out, did not come, taken back, and those who have not booked.

A browser without script is sent back to the list. The phone's queue is told in words what it has to know.
"""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.bookings import gate
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from portal.ui.offline import is_sent

from .access import at_the_gate, own_booking, own_open_day
from .forms import EntryForm, WalkInForm, accepted_in, homes_at, name_of, numbers_in
from .rows import Party

MOST_HOMES = 1500  # that the list beside the field names


@at_the_gate
@require_POST
def let_in(request, pk):
    return _act(request, pk, gate.check_in, accepted=accepted_in(request.POST))


@at_the_gate
@require_POST
def let_out(request, pk):
    return _act(request, pk, gate.check_out)


@at_the_gate
@require_POST
def missed(request, pk):
    return _act(request, pk, gate.mark_missed)


@at_the_gate
@require_POST
def take_back(request, pk):
    return _act(request, pk, gate.undo)


def _act(request, pk, action, **more):
    booking = own_booking(request, pk)
    party, form, now = Party(booking, booking.open_day.rules_version), EntryForm(request.POST), timezone.now()
    if not form.is_valid():
        return _answer(request, booking, _("That could not be read. Please do it once more."), status=422)
    try:
        entry = action(booking=booking, by=request.user, **form.entry(at=now), **more)
    except BookingError as error:
        return _answer(request, booking, f"{party.title}: {error}", status=422)
    last = entry.standing.last
    is_theirs = entry.is_new or (last is not None and last.pk == form.cleaned_data["op"])
    return _answer(request, booking, "" if is_theirs else f"{party.title}: {in_words(entry.standing)}")


@at_the_gate
@require_POST
def without(request, pk):
    """Some of the party have not come."""
    booking = own_booking(request, pk)
    try:
        gate.leave_out(booking=booking, absent=numbers_in(request.POST, "absent"), by=request.user, at=timezone.now())
    except BookingError as error:
        party = Party(booking, booking.open_day.rules_version)
        return _answer(request, booking, f"{party.title}: {error}", status=422)
    return _answer(request, booking, "")


def in_words(standing):
    """How a party stands: who let them in or out, and when."""
    if standing.last is None:
        return _("Nobody has let them in yet.")
    words = {"who": standing.last.by or "–", "time": time_format(timezone.localtime(standing.last.at))}
    return {
        Booking.State.ARRIVED: _("%(who)s let them in at %(time)s."),
        Booking.State.LEFT: _("They left at %(time)s (%(who)s)."),
        Booking.State.MISSED: _("They were noted as not having come, at %(time)s (%(who)s)."),
    }[standing.state] % words


def _answer(request, booking, said, *, status=200):
    if is_sent(request):
        return JsonResponse({"said": said}, status=status) if said else HttpResponse(status=204)
    if said:
        messages.warning(request, said)
    return redirect(f"{reverse('site:gate-day', args=[booking.open_day_id])}#party-{booking.pk}")


@at_the_gate
def walk_in(request, pk):
    """People who have not booked: a form, which the phone keeps, too."""
    open_day = own_open_day(request, pk)
    initial = {"slot": _nearest(open_day, at=timezone.now())}
    form = WalkInForm(request.POST or None, initial=initial, open_day=open_day)
    if request.method != "POST":
        return _walk_in_page(request, open_day, form)
    if form.is_valid():
        try:
            entry = gate.walk_in(by=request.user, **form.entry(at=timezone.now()), **form.party())
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            return _walked_in(request, entry.booking)
    if is_sent(request):
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"said": f"{_('Walk-in')}: {said}"}, status=422)
    return _walk_in_page(request, open_day, form)


def _walked_in(request, booking):
    words = {"party": Party(booking, booking.open_day.rules_version).title, "n": booking.adults + booking.children}
    said = ngettext("%(party)s: %(n)d person is in.", "%(party)s: %(n)d people are in.", words["n"]) % words
    if is_sent(request):
        return JsonResponse({"said": said, "tone": "good"})
    return _answer(request, booking, "")


def _walk_in_page(request, open_day, form):
    context = {
        "open_day": open_day,
        "form": form,
        "homes": [name_of(home) for home in homes_at(open_day.development)[:MOST_HOMES]],
        "rules": open_day.rules.all(),
    }
    return render(request, "site/gate/walk_in.html", context)


def _nearest(open_day, *, at):
    """The time that runs or comes next, else the last one."""
    slots = list(open_day.slots.open())
    return next((slot for slot in slots if slot.ends > at), slots[-1] if slots else None)
