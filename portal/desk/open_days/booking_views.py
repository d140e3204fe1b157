"""One booking: who comes, what happened with it, and what staff change for the owner on the telephone."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.events.looks import note_look
from accounts.events.models import Event
from accounts.events.words import reason_in_words, verb_in_words
from accounts.models import Owner
from portal.bookings import booking as acts
from portal.bookings.errors import BookingError
from progress.scope import may_view

from ..scoped import within
from .access import BOOK, booking_for, own_booking, seeing_bookings
from .booking_forms import MoveForm, PartyForm

TONES = {"booked": "info", "arrived": "good", "left": "good", "missed": "warning", "cancelled": "quiet"}


@seeing_bookings
@require_safe
def booking(request, pk):
    found = own_booking(request, pk)
    note_look(found, by=request.user, home_id=found.home_id, at=timezone.now())
    return _page(request, found)


def _page(request, found, **forms):
    now = timezone.now()
    party = PartyForm(initial={name: getattr(found, name) for name in ("adults", "children", "step_free", "needs")})
    context = {
        "booking": found,
        "open_day": found.open_day,
        "tone": TONES[found.state],
        "visitors": found.visitors.order_by("order"),
        "passages": found.passages.select_related("by"),
        "history": history_of(found),
        "may_book": request.user.has_perm(BOOK) and found.is_booked,
        "late": now >= found.open_day.change_until,
        "forms": {"party": party, "move": MoveForm(booking=found, at=now)} | forms,
        "owner_page": _may_open(request.user, found.owner),
    }
    return render(request, "desk/open_days/booking.html", context)


def history_of(found):
    """What the log knows of it, in words, the latest first."""
    events = Event.objects.filter(subject_kind=found._meta.label_lower, subject_id=str(found.pk))
    events = events.exclude(verb="looked at").select_related("actor").order_by("-id")[:50]
    return [
        {"what": verb_in_words(event), "who": event.actor, "why": reason_in_words(event), "at": event.at}
        for event in events
    ]


def _may_open(user, owner):
    return owner is not None and may_view(user, Owner) and within(Owner, user).filter(pk=owner.pk).exists()


def _changing(name, said):
    """A view that POSTs what one form says about one booking; what was refused stays in the form."""

    def decorate(act):
        @booking_for
        @require_POST
        def view(request, pk):
            found, now = own_booking(request, pk), timezone.now()
            form = PartyForm(request.POST) if name == "party" else MoveForm(request.POST, booking=found, at=now)
            if form.is_valid():
                try:
                    act(found, form, by=request.user, at=now)
                except BookingError as error:
                    form.add_error(None, str(error))
                else:
                    messages.success(request, str(said))
                    return redirect("desk_openday:booking", pk)
            return _page(request, own_booking(request, pk), **{name: form})

        return view

    return decorate


@_changing("party", gettext_lazy("The party is changed. The owner is told."))
def party(found, form, **who):
    acts.change_party(found, **form.party(), **who)


@_changing("move", gettext_lazy("Moved. The owner is told."))
def move(found, form, **who):
    acts.move(found, slot=form.cleaned_data["slot"], **who)


@booking_for
@require_POST
def cancel(request, pk):
    found = own_booking(request, pk)
    try:
        acts.cancel(found, by=request.user, at=timezone.now(), because="staff")
        messages.success(request, _("Cancelled. The owner is told, and the places are free."))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect("desk_openday:booking", pk)
