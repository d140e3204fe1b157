"""Open days for tests, each row valid by itself. Their times: Saturday 5 December 2026, in Shanghai."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from portal.bookings.models import Booking, OpenDay, Passage, SafetyRule, Slot, Visitor, WaitingEntry
from portal.bookings.paper.models import TicketPrint
from progress.models import Ownership
from tests.factories import NOW, DevelopmentFactory, OwnershipFactory, PrivateFileFactory

SATURDAY = datetime(2026, 12, 5, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai


class OpenDayFactory(DjangoModelFactory):
    """Published and open for bookings at NOW. `draft=True`, `cancelled=True`; `buildings=[…]`."""

    class Meta:
        model = OpenDay
        skip_postgeneration_save = True

    development = factory.SubFactory(DevelopmentFactory)
    title_en = factory.Sequence(lambda n: f"Stand at your own window {n}")
    title_zh = factory.Sequence(lambda n: f"站在自家窗前{n}")
    summary_en, summary_zh = "Up to your floor, before the walls close.", "墙体封闭之前，上楼看看。"
    meeting_point_en, meeting_point_zh = "North gate", "北门"
    route_en, route_zh = "86 Huanhe East Road", "环河东路86号"
    bring_en, bring_zh = "Closed shoes with flat soles", "平底包脚鞋"
    opens_at = NOW - timedelta(days=7)
    closes_at = SATURDAY - timedelta(hours=1)
    change_until = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)  # Friday 17:30 in Shanghai
    max_party = 4
    state = OpenDay.State.PUBLISHED
    created_at = NOW - timedelta(days=14)
    published_at = NOW - timedelta(days=7)

    class Params:
        draft = factory.Trait(state=OpenDay.State.DRAFT, published_at=None)
        cancelled = factory.Trait(
            state=OpenDay.State.CANCELLED, cancelled_at=NOW, cancel_reason_en="Storm.", cancel_reason_zh="大风。"
        )

    @factory.post_generation
    def buildings(self, create, buildings, **kwargs):
        if create and buildings:
            self.buildings.set(buildings)


class SafetyRuleFactory(DjangoModelFactory):
    class Meta:
        model = SafetyRule

    open_day = factory.SubFactory(OpenDayFactory)
    order = factory.Sequence(lambda n: n)
    icon = SafetyRule.Icon.HELMET
    text_en, text_zh = "Helmet and vest stay on.", "请全程佩戴安全帽和反光背心。"


class SlotFactory(DjangoModelFactory):
    """From 10:30 to 11:45 on that Saturday, for 18 people. `cancelled=True`."""

    class Meta:
        model = Slot

    open_day = factory.SubFactory(OpenDayFactory)
    starts = SATURDAY
    ends = factory.LazyAttribute(lambda slot: slot.starts + timedelta(minutes=75))
    capacity = 18

    class Params:
        cancelled = factory.Trait(state=Slot.State.CANCELLED, note_en="The crane is taken down.", note_zh="塔吊拆除。")


def household_at(development, **values):
    """A home at the development with a live owner: the Ownership."""
    return OwnershipFactory(home__building__development=development, **values)


class BookingFactory(DjangoModelFactory):
    """Two adults of a home of the development, with an owner who follows its progress.

    `arrived=True`, `has_left=True`, `missed=True`, `cancelled=True`; `walk_in=True` has no home.
    """

    class Meta:
        model = Booking

    id = factory.LazyFunction(uuid4)
    slot = factory.SubFactory(SlotFactory)
    open_day = factory.SelfAttribute("slot.open_day")
    home = factory.LazyAttribute(lambda booking: household_at(booking.slot.open_day.development).home)
    owner = factory.LazyAttribute(lambda booking: _owner_of(booking.home))
    booked_by = factory.LazyAttribute(lambda booking: booking.owner and booking.owner.user)
    adults = 2
    exclusive = factory.SelfAttribute("open_day.one_per_home")
    rules_version = factory.SelfAttribute("open_day.rules_version")
    accepted_at = NOW
    created_at = NOW

    class Params:
        arrived = factory.Trait(state=Booking.State.ARRIVED, arrived_at=factory.SelfAttribute("slot.starts"))
        has_left = factory.Trait(
            state=Booking.State.LEFT,
            arrived_at=factory.SelfAttribute("slot.starts"),
            left_at=factory.SelfAttribute("slot.ends"),
        )
        missed = factory.Trait(state=Booking.State.MISSED)
        cancelled = factory.Trait(
            state=Booking.State.CANCELLED, cancelled_at=NOW, cancelled_because=Booking.Because.HOUSEHOLD
        )


def _owner_of(home):
    tie = home and Ownership.objects.live().filter(home=home).select_related("owner").order_by("since", "pk").first()
    return tie.owner if tie else None


class VisitorFactory(DjangoModelFactory):
    class Meta:
        model = Visitor

    booking = factory.SubFactory(BookingFactory)
    order = factory.Sequence(lambda n: n)
    name = factory.Sequence(lambda n: f"Visitor {n}")


class WaitingEntryFactory(DjangoModelFactory):
    """A party of two in the line. `offered=True`: a place is held for 24 hours from NOW."""

    class Meta:
        model = WaitingEntry

    id = factory.LazyFunction(uuid4)
    slot = factory.SubFactory(SlotFactory)
    home = factory.LazyAttribute(lambda entry: household_at(entry.slot.open_day.development).home)
    owner = factory.LazyAttribute(lambda entry: _owner_of(entry.home))
    adults = 2
    joined_at = NOW
    rules_version = factory.SelfAttribute("slot.open_day.rules_version")
    accepted_at = NOW

    class Params:
        offered = factory.Trait(state=WaitingEntry.State.OFFERED, offered_at=NOW, offer_until=NOW + timedelta(hours=24))


class PassageFactory(DjangoModelFactory):
    class Meta:
        model = Passage

    booking = factory.SubFactory(BookingFactory)
    act = Passage.Act.IN
    at = SATURDAY
    received_at = SATURDAY


class TicketPrintFactory(DjangoModelFactory):
    """One that waits for a worker. `ready=True`: made at NOW."""

    class Meta:
        model = TicketPrint

    class Params:
        ready = factory.Trait(state="ready", ready_at=NOW, as_of=NOW, file=factory.SubFactory(PrivateFileFactory))

    booking = factory.SubFactory(BookingFactory)
    asked_by = factory.SelfAttribute("booking.owner.user")
    language = "en"
    asked_at = NOW
