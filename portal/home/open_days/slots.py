"""The times of an open day as owners choose among them: how full each is, and what it is to this home."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.bookings.models import Booking, Slot, WaitingEntry

FEW = 4  # of as many places one is left, or fewer: nearly full


@dataclass
class Choice:
    """A Slot with its places, as one home sees it."""

    slot: Slot
    own: Booking | None = None
    waiting: WaitingEntry | None = None
    is_over: bool = False
    several_days: bool = False
    people: int = 1  # of the party that chooses

    @property
    def pk(self):
        return self.slot.pk

    @property
    def free(self):
        return max(self.slot.free, 0)

    @property
    def is_open(self):
        return self.slot.is_open and not self.is_over

    @property
    def fits(self):
        return self.is_open and self.free >= self.people

    @property
    def may_book(self):
        return self.is_open and self.free > 0 and not self.own

    @property
    def may_wait(self):
        """Whether somebody may stand in line here, once it is too full for them."""
        return self.is_open and not self.own and not self.waiting

    @property
    def when(self):
        starts = timezone.localtime(self.slot.starts)
        return f"{date_format(starts, 'MONTH_DAY_FORMAT')}, {starts:%H:%M}" if self.several_days else f"{starts:%H:%M}"

    @property
    def words(self):
        """How full it is, or why nobody goes there."""
        if not self.slot.is_open:
            return self.slot.note
        if self.is_over:
            return _("This time has begun.")
        return self._places() if self.free else self._line()

    def _places(self):
        words = ngettext(
            "%(n)d of %(all)d places left", "%(n)d of %(all)d places left", self.free
        )  # by number: a language may say one differently
        return words % {"n": self.free, "all": self.slot.capacity}

    def _line(self):
        parties = self.slot.waiting_parties
        if not parties:
            return _("Full.")
        words = ngettext("Full. %(n)d party is waiting.", "Full. %(n)d parties are waiting.", parties)
        return words % {"n": parties}

    @property
    def badge(self):
        """(words, tone, icon, kind) of its state."""
        if not self.slot.is_open:
            return pgettext("a time of an open day", "Cancelled"), "quiet", "", ""
        if self.own:
            return _("Your place"), "", "check", "mine"
        if self.is_over:
            return pgettext("a time of an open day", "Over"), "quiet", "", ""
        if self.waiting:
            return (_("Held for you") if self.waiting.is_offered else _("You are waiting")), "", "clock", "mine"
        if not self.free:
            return _("Waiting list"), "warning", "", ""
        if self.free * FEW <= self.slot.capacity:
            return _("Nearly full"), "warning", "", ""
        return pgettext("a time of an open day", "Open"), "good", "check", ""


def choices_of(open_day, *, at, bookings=(), entries=(), people=1):
    """A Choice for each of its slots, in their order; `bookings` and `entries` are the home's. One query."""
    slots = list(open_day.slots.with_places().select_related("guide"))
    own = {booking.slot_id: booking for booking in bookings if booking.is_live}
    waiting = {entry.slot_id: entry for entry in entries}
    several = len({timezone.localdate(slot.starts) for slot in slots}) > 1
    return [
        Choice(slot, own.get(slot.pk), waiting.get(slot.pk), slot.has_begun(at=at), several, people) for slot in slots
    ]
