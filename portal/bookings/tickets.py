"""The ticket of a booking: the code that the gate reads, and what a party needs to know on its way there."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.links import make_mac

from .models import Booking, OpenDay, SafetyRule, Slot, Visitor

QUIET_ZONE = 4  # modules of light around the code, as ISO 18004 asks
WORDS = ["title", "summary", "meeting_point", "route", "bring"]


@dataclass(frozen=True)
class Ticket:
    """What stands on it. `rules` and `visitors` in their order."""

    booking: Booking
    rules: list[SafetyRule]
    visitors: list[Visitor]

    @property
    def open_day(self) -> OpenDay:
        return self.booking.open_day

    @property
    def slot(self) -> Slot:
        return self.booking.slot

    @property
    def guide(self):
        """The User who takes this group round, or None."""
        return self.slot.guide or self.open_day.guide

    @property
    def digest(self):
        """Changes whenever something that stands on the ticket does, in whatever language."""
        booking, day = self.booking, self.open_day
        facts = [
            (booking.pk, booking.state, booking.adults, booking.children, booking.step_free, booking.needs),
            (booking.code_version, booking.rules_version, self.slot.starts, self.slot.ends, str(self.guide)),
            (day.state, day.min_age, day.rules_version, *(_both(day, word) for word in WORDS)),
            [(rule.icon, _both(rule, "text")) for rule in self.rules],
            [(each.name, each.is_child, each.accepted_at is not None) for each in self.visitors],
        ]
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def _both(row, word):
    return getattr(row, f"{word}_en"), getattr(row, f"{word}_zh")


def ticket_of(booking):
    """The Ticket of a booking that was read with its slot and open day. Two queries."""
    return Ticket(booking, list(booking.open_day.rules.all()), list(booking.visitors.all()))


def address_of(booking):
    """What the code holds: the page of the gate, good for this booking until its code is made anew."""
    mac = make_mac("ticket", booking.pk, booking.code_version)
    return settings.BASE_URL + reverse("site:ticket", args=[booking.pk, mac])


def code_svg(booking):
    """The code as inline SVG: dark on light whatever the theme, as large as what it stands in."""
    code = segno.make(address_of(booking), error="m", micro=False)
    drawn = code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308  of digits and strokes


def code_png(booking):
    """The bytes of the code for paper."""
    buffer = BytesIO()
    segno.make(address_of(booking), error="m", micro=False).save(buffer, kind="png", scale=10, border=QUIET_ZONE)
    return buffer.getvalue()
