"""What the rows of open days allow, on both databases, and who sees them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from portal.bookings.models import Booking, OpenDay, Passage, SafetyRule, Slot, Visitor, WaitingEntry, WaitingStep
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate
from progress.models import Role
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    HomeFactory,
    HomeTransferFactory,
    OwnershipFactory,
    StaffFactory,
)
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    PassageFactory,
    SafetyRuleFactory,
    SlotFactory,
    VisitorFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = pytest.mark.django_db
AGO = NOW - timedelta(days=1)
NO_REASON = {"cancel_reason_en": "", "cancel_reason_zh": ""}
IMPOSSIBLE = [
    (OpenDayFactory, {"state": "draft"}, "open_day_state_has_its_times"),
    (OpenDayFactory, {"published_at": None}, "open_day_state_has_its_times"),
    (OpenDayFactory, {"cancelled": True, "cancelled_at": None}, "open_day_state_has_its_times"),
    (OpenDayFactory, {"state": "over"}, "open_day_state_has_its_times"),
    (
        OpenDayFactory,
        {"cancelled": True, "cancel_reason_en": "", "cancel_reason_zh": ""},
        "open_day_cancelled_says_why",
    ),
    (OpenDayFactory, {"title_en": "", "title_zh": ""}, "open_day_has_a_title"),
    (OpenDayFactory, {"opens_at": SATURDAY, "closes_at": SATURDAY}, "open_day_closes_after_it_opens"),
    (OpenDayFactory, {"max_party": 0}, "open_day_party_within_bounds"),
    (OpenDayFactory, {"max_party": 1000}, "open_day_party_within_bounds"),
    (OpenDayFactory, {"offer_hours": 0}, "open_day_offer_within_bounds"),
    (OpenDayFactory, {"offer_hours": 1000}, "open_day_offer_within_bounds"),
    (OpenDayFactory, {"min_age": 99}, "open_day_age_within_bounds"),
    (OpenDayFactory, {"rules_version": 0}, "open_day_rules_have_a_version"),
    (SafetyRuleFactory, {"text_en": "", "text_zh": ""}, "safety_rule_has_a_text"),
    (SlotFactory, {"ends": SATURDAY}, "slot_ends_after_it_starts"),
    (SlotFactory, {"capacity": -1}, "capacity"),
    (SlotFactory, {"capacity": 1000}, "slot_capacity_within_bounds"),
    (SlotFactory, {"state": "full", "note_en": "Full."}, "slot_state_known"),
    (SlotFactory, {"state": "cancelled"}, "slot_cancelled_says_why"),
    (BookingFactory, {"home": None}, "booking_has_a_home"),
    (BookingFactory, {"adults": 0, "children": 2}, "booking_has_an_adult"),
    (BookingFactory, {"children": -1}, "children"),
    (BookingFactory, {"state": "cancelled"}, "booking_cancelled_says_why"),
    (BookingFactory, {"cancelled_because": "weather"}, "booking_cancelled_says_why"),
    (BookingFactory, {"state": "arrived"}, "booking_state_has_its_times"),
    (BookingFactory, {"arrived_at": SATURDAY}, "booking_state_has_its_times"),
    (BookingFactory, {"state": "asleep"}, "booking_state_has_its_times"),
    (BookingFactory, {"accepted_at": None}, "booking_accepted_has_a_version"),
    (VisitorFactory, {"accepted_at": NOW}, "visitor_accepted_has_a_version"),
    (PassageFactory, {"act": "flew"}, "passage_act_known"),
    (PassageFactory, {"at": SATURDAY + timedelta(1)}, "passage_before_it_is_heard_of"),
    (WaitingEntryFactory, {"adults": 0}, "waiting_has_an_adult"),
    (WaitingEntryFactory, {"state": "offered"}, "waiting_state_has_its_times"),
    (WaitingEntryFactory, {"offered": True, "offer_until": AGO}, "waiting_state_has_its_times"),
    (WaitingEntryFactory, {"offered_at": NOW}, "waiting_state_has_its_times"),
    (WaitingEntryFactory, {"accepted_at": None}, "waiting_accepted_has_a_version"),
]


@pytest.mark.parametrize(("factory", "values", "name"), IMPOSSIBLE)
def test_an_impossible_row_is_refused_by_the_database(factory, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factory(**values)


class TestOnceOnly:
    def test_a_home_has_one_live_booking_of_an_open_day(self):
        first = BookingFactory()
        with pytest.raises(IntegrityError, match="one_live_booking|booking.open_day_id"), transaction.atomic():
            BookingFactory(home=first.home, slot=SlotFactory(open_day=first.open_day))

    @pytest.mark.parametrize("way", ["cancelled", "missed"])
    def test_what_was_cancelled_or_missed_leaves_room_for_another(self, way):
        first = BookingFactory(**{way: True})
        assert BookingFactory(home=first.home, slot=first.slot).is_live

    def test_a_home_has_several_where_the_open_day_allows_it(self):
        first = BookingFactory(slot__open_day__one_per_home=False)
        assert BookingFactory(home=first.home, slot=first.slot).is_live

    def test_a_home_has_one_place_in_a_line(self):
        first = WaitingEntryFactory(offered=True)
        with pytest.raises(IntegrityError, match="one_place_in_the_line|waitingentry.slot_id"), transaction.atomic():
            WaitingEntryFactory(slot=first.slot, home=first.home)
        WaitingEntry.objects.update(state="expired")
        assert WaitingEntryFactory(slot=first.slot, home=first.home).is_waiting

    def test_a_place_of_the_party_has_one_visitor(self):
        first = VisitorFactory()
        with pytest.raises(IntegrityError, match="visitor_once_a_place|visitor.booking_id"), transaction.atomic():
            VisitorFactory(booking=first.booking, order=first.order)

    def test_the_logs_are_append_only(self):
        step = WaitingStep.objects.create(entry=WaitingEntryFactory(), at=NOW, what="joined", free=0)
        for row in (step, PassageFactory()):
            with pytest.raises(TypeError, match="append-only"):
                row.save()


class TestPlaces:
    def test_people_are_adults_and_children(self):
        assert Booking.objects.get(pk=BookingFactory(adults=2, children=3).pk).people == 5

    def test_bookings_and_offers_take_places_each_counted_once(self):
        """Two bookings, two offers and three parties that wait: joined together they would count twelvefold."""
        slot = SlotFactory(capacity=18)
        BookingFactory(slot=slot, adults=3)
        BookingFactory(slot=slot, arrived=True, adults=2, children=1)
        BookingFactory(slot=slot, has_left=True, adults=1)
        for way in ("missed", "cancelled"):
            BookingFactory(slot=slot, **{way: True})
        WaitingEntryFactory.create_batch(2, slot=slot, offered=True)
        WaitingEntryFactory.create_batch(3, slot=slot)
        WaitingEntryFactory(slot=slot, state="expired")
        SlotFactory(open_day=slot.open_day)
        row = Slot.objects.with_places().get(pk=slot.pk)
        assert (row.booked, row.held, row.free, row.waiting_parties) == (7, 4, 7, 3)
        assert row.places_left() == 7

    def test_an_empty_slot_is_free(self):
        row = Slot.objects.with_places().get(pk=SlotFactory(capacity=5).pk)
        assert (row.booked, row.held, row.free, row.waiting_parties) == (0, 0, 5, 0)


class TestTimes:
    def test_an_open_day_is_over_when_its_last_slot_has_ended(self):
        slot = SlotFactory()
        SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(days=1), cancelled=True)
        before = slot.ends - timedelta(seconds=1)
        assert [OpenDay.objects.get().is_over(at=at) for at in (before, slot.ends)] == [False, True]
        assert list(OpenDay.objects.upcoming(at=before)) == list(OpenDay.objects.past(at=slot.ends)) == [slot.open_day]
        assert not OpenDay.objects.upcoming(at=slot.ends).exists()

    def test_without_a_slot_it_is_not_over(self):
        assert not OpenDayFactory().is_over(at=NOW)

    def test_bookings_are_taken_from_opening_until_closing(self):
        day = OpenDayFactory()
        moments = [
            day.opens_at - timedelta(seconds=1),
            day.opens_at,
            day.closes_at - timedelta(seconds=1),
            day.closes_at,
        ]
        assert [day.takes_bookings(at=at) for at in moments] == [False, True, True, False]


class TestAudience:
    def reached(self, home, code):
        template = JourneyTemplate.objects.get(kind="new_home", version=1)
        step = start_journey(home=home, template=template, started=TODAY, by=None).milestones.get(template__code=code)
        step.state, step.actual = "reached", TODAY
        step.save()

    def asked(self, day, homes):
        """Which of `homes` it is open to, asked from both sides."""
        invited = [home in day.audience() for home in homes]
        assert [day in OpenDay.objects.open_to(home) for home in homes] == invited
        return invited

    def test_the_whole_development_and_no_other(self):
        here, elsewhere = OwnershipFactory().home, OwnershipFactory().home
        assert self.asked(OpenDayFactory(development=here.development), [here, elsewhere]) == [True, False]

    def test_the_buildings_that_are_named(self):
        here = OwnershipFactory().home
        other = OwnershipFactory(home__building=BuildingFactory(development=here.development)).home
        loose = OwnershipFactory(home=HomeFactory(building=None, development=here.development)).home
        day = OpenDayFactory(development=here.development, buildings=[here.building])
        assert self.asked(day, [here, other, loose]) == [True, False, False]

    def test_homes_that_have_reached_a_step(self):
        here = OwnershipFactory().home
        other = OwnershipFactory(home__building=here.building).home
        self.reached(here, "windows")
        self.reached(other, "contract-signed")
        assert self.asked(OpenDayFactory(development=here.development, past_milestone="windows"), [here, other]) == [
            True,
            False,
        ]

    def test_homes_without_anybody_who_follows_their_progress_are_not_counted(self):
        day = OpenDayFactory()
        homes = [household_at(day.development, **way).home for way in ({}, {"former": True}, {"role": Role.TENANT})]
        assert list(day.audience()) == homes[:1]
        assert [tie.home for owner in day.people() for tie in owner.ownerships.all()] == homes[:1]


class TestScope:
    ROWS = (OpenDay, SafetyRule, Slot, Booking, Visitor, WaitingEntry, WaitingStep, Passage)

    @pytest.fixture
    def tie(self):
        """An owner with a booking, a place in a line, and all that belongs to them."""
        booking = BookingFactory()
        SafetyRuleFactory(open_day=booking.open_day)
        VisitorFactory(booking=booking)
        PassageFactory(booking=booking)
        entry = WaitingEntryFactory(slot=booking.slot, home=booking.home)
        WaitingStep.objects.create(entry=entry, at=NOW, what="joined", free=0)
        return booking.home.ownerships.get()

    def seen(self, user):
        return [model.objects.for_user(user).count() for model in self.ROWS]

    def test_the_household_sees_its_own_but_the_log_of_the_gate(self, tie):
        family = OwnershipFactory(home=tie.home, role=Role.FAMILY)
        assert self.seen(tie.owner.user) == self.seen(family.owner.user) == [1, 1, 1, 1, 1, 1, 1, 0]

    def test_tenants_former_owners_strangers_and_nobody_see_nothing(self, tie, stranger):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT).owner.user
        former = OwnershipFactory(home=tie.home, former=True).owner.user
        for user in (tenant, former, stranger, AnonymousUser()):
            assert self.seen(user) == [0] * 8

    def test_neighbours_see_the_open_day_and_no_booking(self, tie):
        neighbour = household_at(tie.home.development).owner.user
        assert self.seen(neighbour) == [1, 1, 1, 0, 0, 0, 0, 0]

    def test_a_draft_is_for_staff_alone(self, tie):
        OpenDay.objects.update(state="draft", published_at=None)
        staff = StaffFactory(development=tie.home.development)
        assert (self.seen(tie.owner.user)[0], self.seen(staff)[0]) == (0, 1)

    def test_whoever_has_booked_sees_it_though_it_is_for_others_by_now(self, tie):
        OpenDay.objects.get().buildings.set([BuildingFactory(development=tie.home.development)])
        assert self.seen(tie.owner.user)[0] == 1

    @pytest.mark.parametrize("group", ["Site managers", "Customer service", "Supervisors"])
    def test_staff_see_everything_where_they_work_and_nothing_elsewhere(self, tie, group):
        assert self.seen(StaffFactory(group=group, development=tie.home.development)) == [1] * 8
        assert self.seen(StaffFactory(group=group, development=OwnershipFactory().home.development)) == [0] * 8

    def test_marketing_sees_nothing(self, tie):
        assert self.seen(StaffFactory(group="Marketing", everywhere=True)) == [0] * 8

    def test_the_new_owner_does_not_find_what_the_household_before_had_booked(self, tie):
        """Nor do they read with whom it came. Whoever stays in the household keeps what was theirs."""
        HomeTransferFactory(home=tie.home, state="done", done_at=NOW + timedelta(days=1))
        new = OwnershipFactory(home=tie.home).owner.user
        assert self.seen(new) == [1, 1, 1, 0, 0, 0, 0, 0]
        assert self.seen(tie.owner.user) == [1, 1, 1, 1, 1, 1, 1, 0]
