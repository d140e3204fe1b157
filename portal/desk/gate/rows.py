"""What the gate's list shows of an open day: its times, and the parties of each with how they stand."""

from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.links import make_mac
from portal.bookings.models import Booking, Passage, Visitor
from portal.bookings.passages import standing


@dataclass
class Party:
    """A booking as the gate needs it. `op` is for a browser without script: the phone's queue makes its own."""

    booking: Booking
    rules_version: int

    def __post_init__(self):
        self.op = uuid4()
        self.standing = standing(self.booking.passages.all())
        self.people = list(self.booking.visitors.all())
        self.phones = []  # of who booked, for those who may see them
        self.fewer = -self.booking.people

    @property
    def to_accept(self):
        """The visitors who have not accepted the rules as they stand now."""
        return [each for each in self.people if each.accepted_at is None or each.rules_version < self.rules_version]

    @property
    def number(self):
        """Of the home, or that they have none here."""
        return self.booking.home.number if self.booking.home else _("No home here")

    @property
    def name(self):
        """Who booked; of a walk-in, whoever gave a name."""
        return str(self.booking.owner) if self.booking.owner else next((p.name for p in self.people if p.name), "")

    @property
    def title(self):
        return " · ".join(filter(None, [self.number, self.name]))

    @property
    def words(self):
        """What the search finds them by."""
        building = self.booking.home.building if self.booking.home else ""
        return " ".join(filter(None, [self.title, building and building.name, *(each.name for each in self.people)]))

    @property
    def ticket(self):
        """The address that their code holds."""
        return reverse("site:ticket", args=[self.booking.pk, mac_of(self.booking)])

    @property
    def waits(self):
        """Whether they may be let in."""
        return self.booking.state in {Booking.State.BOOKED, Booking.State.MISSED, Booking.State.LEFT}

    @property
    def is_inside(self):
        return self.booking.state == Booking.State.ARRIVED


@dataclass
class Time:
    """A slot and its parties, those still to come first."""

    slot: object
    parties: list

    @cached_property
    def booked(self):
        return sum(party.booking.people for party in self.parties if party.booking.is_live)

    @cached_property
    def expected(self):
        return sum(party.booking.people for party in self.parties if party.booking.is_booked)


def mac_of(booking, version=None):
    return make_mac("ticket", booking.pk, version or booking.code_version)


def with_people(bookings):
    """Bookings with all that a Party reads of them, in a fixed number of queries."""
    return bookings.with_slot().prefetch_related(
        Prefetch("visitors", Visitor.objects.order_by("order")),
        Prefetch("passages", Passage.objects.select_related("by")),
    )


def parties_of(open_day):
    """Every Party of the day that was not cancelled, by home."""
    bookings = with_people(Booking.objects.filter(open_day=open_day).exclude(state=Booking.State.CANCELLED))
    rows = bookings.order_by("slot__starts", "slot", "home__building__name", "home__number", "created_at", "pk")
    return [Party(booking, open_day.rules_version) for booking in rows]


def times_of(open_day, parties):
    """The Times of the day in their order; one that was called off shows only while somebody is in it."""
    slots = {slot.pk: Time(slot, []) for slot in open_day.slots.all()}
    for party in parties:
        slots[party.booking.slot_id].parties.append(party)
    return [time for time in slots.values() if time.slot.is_open or time.parties]


def inside(parties):
    """(the parties on the site now, how many people that is)."""
    found = sorted((party for party in parties if party.is_inside), key=lambda party: party.booking.arrived_at)
    return found, sum(party.booking.people for party in found)
