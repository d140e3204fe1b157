"""The weather: a time or the whole day is called off, and everybody whom it concerns is told at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.bookings.errors import BookingError
from portal.bookings.models import Booking, WaitingEntry
from portal.bookings.publishing import cancel_open_day, cancel_slot

from .access import at_the_gate, own_open_day
from .forms import WeatherForm

WHOLE = "day"
BECAUSE = "weather"


@dataclass
class Reach:
    """What can be called off, and whom that would tell."""

    slot: object  # None: the whole day
    bookings: list
    waiting: int

    @property
    def key(self):
        return str(self.slot.pk) if self.slot else WHOLE

    @property
    def people(self):
        return sum(booking.people for booking in self.bookings)

    @property
    def label(self):
        when = time_format(timezone.localtime(self.slot.starts)) if self.slot else _("The whole day")
        parties = ngettext("%(n)d party", "%(n)d parties", len(self.bookings)) % {"n": len(self.bookings)}
        people = ngettext("%(n)d person", "%(n)d people", self.people) % {"n": self.people}
        waiting = ngettext("%(n)d party waiting", "%(n)d parties waiting", self.waiting) % {"n": self.waiting}
        words = {"when": when, "parties": parties, "people": people, "waiting": waiting}
        if not self.waiting:
            return _("%(when)s: %(parties)s, %(people)s") % words
        return _("%(when)s: %(parties)s, %(people)s, %(waiting)s") % words


def reach_of(open_day, *, at):
    """Whom it would tell: for the whole day, then for each time that is not over."""
    booked = Booking.objects.booked().filter(open_day=open_day).with_slot().order_by("slot__starts", "home__number")
    bookings = [booking for booking in booked if booking.slot.ends > at]
    lines = WaitingEntry.objects.live().filter(slot__open_day=open_day, slot__ends__gt=at)
    waiting = list(lines.values_list("slot", flat=True))
    slots = [slot for slot in open_day.slots.open() if slot.ends > at]
    each = [Reach(slot, [one for one in bookings if one.slot_id == slot.pk], waiting.count(slot.pk)) for slot in slots]
    return [Reach(None, bookings, len(waiting)), *each] if slots else []


@at_the_gate
def weather(request, pk):
    """Whom it reaches, the reason, and one clear yes."""
    open_day, now = own_open_day(request, pk), timezone.now()
    reach = reach_of(open_day, at=now) if open_day.is_published else []
    form = WeatherForm(request.POST or None, reach=reach, initial={"slot": WHOLE})
    if request.method == "POST" and form.is_valid():
        try:
            _call_off(open_day, form.cleaned_data, by=request.user, at=now)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is called off, and everybody is being told."))
            return redirect("site:gate-day", open_day.pk)
    return render(request, "site/gate/weather.html", {"open_day": open_day, "form": form, "reach": reach})


def _call_off(open_day, said, *, by, at):
    reasons = {"reason_en": said["reason_en"], "reason_zh": said["reason_zh"]}
    if said["slot"] == WHOLE:
        cancel_open_day(open_day, because=BECAUSE, by=by, at=at, **reasons)
    else:
        cancel_slot(open_day.slots.get(pk=said["slot"]), because=BECAUSE, by=by, at=at, **reasons)
