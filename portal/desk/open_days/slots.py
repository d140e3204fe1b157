"""The times of an open day: added several at once, changed one by one, called off with a reason."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.bookings import publishing
from portal.bookings.errors import BookingError
from portal.bookings.models import Booking
from portal.bookings.models.messages import readers_of

from .access import editing, own_open_day, own_slot, posted
from .editing import hit_by
from .forms import ReasonForm
from .slot_forms import SlotForm, SlotsForm


@editing
def add(request, pk):
    """Looked at first: the times that come of it are listed, and added when they are confirmed."""
    open_day = own_open_day(request, pk)
    if open_day.is_cancelled:
        return redirect("desk_openday:page", pk)
    form = SlotsForm(posted(request), open_day=open_day)
    times = []
    if request.method == "POST" and form.is_valid():
        times = form.times()
        if "confirmed" in request.POST:
            try:
                _add(open_day, times, capacity=form.cleaned_data["capacity"], by=request.user, at=timezone.now())
            except BookingError as error:
                form.add_error(None, str(error))
            else:
                added = ngettext("%(n)s time is added.", "%(n)s times are added.", len(times)) % {"n": len(times)}
                messages.success(request, added)
                return redirect("desk_openday:page", pk)
    return render(request, "desk/open_days/slots_add.html", {"open_day": open_day, "form": form, "times": times})


@transaction.atomic
def _add(open_day, times, *, capacity, by, at):
    for starts, ends in times:
        publishing.add_slot(open_day, starts=starts, ends=ends, capacity=capacity, by=by, at=at)


@editing
def change(request, pk):
    """Another time or capacity. Of one that is published, a new time is shown with whom it tells before it is made."""
    slot = own_slot(request, pk)
    if not slot.is_open or slot.open_day.is_cancelled:
        return redirect("desk_openday:page", slot.open_day_id)
    form, hit = SlotForm(posted(request), slot=slot), []
    if request.method == "POST" and "again" not in request.POST and form.is_valid():
        booked = Booking.objects.booked().filter(slot=slot)
        if form.moves() and booked.exists() and "confirmed" not in request.POST:
            return _preview(request, slot, form, booked)
        try:
            publishing.change_slot(slot, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BookingError as error:
            form.add_error(None, str(error))
            hit = [booking.pk for booking in error.bookings]
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_openday:page", slot.open_day_id)
    context = {"slot": slot, "form": form, "hit": Booking.objects.filter(pk__in=hit).with_slot()}
    return render(request, "desk/open_days/slot.html", context)


def _preview(request, slot, form, booked):
    given = form.cleaned_data
    context = {
        "slot": slot,
        "form": form,
        "starts": given["starts"],
        "ends": given["ends"],
        "parties": booked.count(),
        "readers": readers_of(slot.open_day, slot=slot).count(),
    }
    return render(request, "desk/open_days/slot_preview.html", context)


@editing
def cancel(request, pk):
    slot = own_slot(request, pk)
    if not slot.is_open or slot.open_day.is_cancelled:
        return redirect("desk_openday:page", slot.open_day_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            publishing.cancel_slot(slot, by=request.user, at=timezone.now(), **form.cleaned_data)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("This time is called off. Everybody booked or waiting is told."))
            return redirect("desk_openday:page", slot.open_day_id)
    context = {"slot": slot, "form": form, **hit_by(slot.open_day, slot)}
    return render(request, "desk/open_days/slot_cancel.html", context)
