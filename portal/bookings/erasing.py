"""What erasing a customer means for open days: where nobody of the household is left, its places go to others."""

from django.utils.translation import gettext as _

from accounts.privacy.consequences import Consequence, register
from progress.models import Home

from .models import Booking, WaitingEntry
from .transfers import call_off_at, lock_slots_of


@register
class OpenDays(Consequence):
    """The homes are locked by then, by what becomes of the rights to them."""

    def told(self, owner):
        homes = Home.objects.left_empty_by(owner)
        if count := Booking.objects.booked().filter(home__in=homes).count():
            yield _("What is booked at open days is cancelled: %(count)s.") % {"count": count}, False
        if count := WaitingEntry.objects.live().filter(home__in=homes).count():
            yield _("Places in the line for an open day are given up: %(count)s.") % {"count": count}, False

    def carry_out(self, owner, *, by, at):
        homes = list(Home.objects.left_empty_by(owner).order_by("pk"))
        lock_slots_of(homes)
        for home in homes:
            call_off_at(home, by=None, at=at, because=Booking.Because.HOUSEHOLD)
