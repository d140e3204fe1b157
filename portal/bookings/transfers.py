"""What a home that changes hands has booked is called off: it was the former household's, and so were the names."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events.actions import record_each
from progress.transfers.parts import Line, Part, register

from . import waiting
from .locking import lock_slots
from .models import Booking, WaitingEntry


@register
class OpenDays(Part):
    """Nobody is told once more: who goes and who comes hear of the transfer itself."""

    def cancels(self, home):
        coming = Booking.objects.booked().filter(home=home)
        return [
            Line(_("visits to open days that are booked"), coming.count()),
            Line(_("places in the line for an open day"), WaitingEntry.objects.live().filter(home=home).count()),
        ]

    def carry_out(self, transfer, *, former, by, at):
        call_off_at(transfer.home, by=by, at=at)


def lock_slots_of(homes):
    """{key: Slot} of all times at which these homes have booked or wait, locked in one order."""
    rows = (Booking.objects.booked(), WaitingEntry.objects.live())
    return lock_slots(*[pk for each in rows for pk in each.filter(home__in=homes).values_list("slot", flat=True)])


@transaction.atomic
def call_off_at(home, *, by, at, because=Booking.Because.TRANSFER):
    """Under the home's lock: cancel what it has booked and not used, leave its lines, offer the places to others."""
    bookings, slots = Booking.objects.booked().filter(home=home), lock_slots_of([home])
    hit = list(bookings.filter(slot__in=slots).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    values = {"state": Booking.State.CANCELLED, "cancelled_at": at, "cancelled_because": because}
    Booking.objects.filter(pk__in=[booking.pk for booking in hit]).update(**values)
    record_each("cancelled", hit, by=by)
    waiting.close_of_home(home, by=by, at=at)
    for slot in slots.values():
        waiting.make_offers(slot, at=at)
