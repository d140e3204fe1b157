"""The waiting list: whose turn it is, how long a place is held for them, and what they may say to it."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from portal.bookings import booking as bookings
from portal.bookings import line, waiting
from portal.bookings.errors import BookingError
from portal.bookings.locking import lock_slot
from portal.bookings.models import Booking, Slot, WaitingEntry, WaitingStep
from portal.bookings.publishing import cancel_open_day, cancel_slot, change_slot
from progress.models import Role
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    SlotFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=25)  # an offer made now has run out
HOUR = timedelta(hours=1)


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def slot():
    """For four people, and full."""
    slot = SlotFactory(capacity=4)
    slot.bookings.set(BookingFactory.create_batch(2, slot=slot))
    return slot


def join(slot, tie=None, *, entry_id=None, adults=2, children=0, accepted=True, at=NOW):
    tie = tie or household_at(slot.open_day.development)
    party = {"adults": adults, "children": children, "step_free": False, "needs": ""}
    who = {"home": tie.home, "owner": tie.owner, "by": tie.owner.user}
    return waiting.join(entry_id=entry_id or uuid4(), slot=slot, accepted=accepted, at=at, **party, **who)


def line_of(slot, *parties):
    """Entries of so many people, in that order."""
    return [join(slot, adults=people, at=minutes(number)) for number, people in enumerate(parties)]


def free_one(slot, *, at=NOW):
    """A party of two gives its places back."""
    booking = slot.bookings.live().first()
    return bookings.cancel(booking, by=None, at=at)


def states(*entries):
    return [WaitingEntry.objects.get(pk=entry.pk).state for entry in entries]


def history(entry):
    return list(WaitingStep.objects.filter(entry=entry.pk).values_list("what", "free"))


def by_of(entry):
    return entry.owner.user


def answer(act, entry, *, by=None, at=NOW):
    return act(entry, by=by or by_of(entry), at=at)


take, decline, leave = (partial(answer, act) for act in (waiting.take_offer, waiting.decline_offer, waiting.leave))


class TestJoining:
    def test_whoever_comes_later_stands_behind(self, slot):
        first, second = line_of(slot, 2, 1)
        assert [waiting.position(entry) for entry in (first, second)] == [1, 2]
        leave(first)
        assert waiting.positions([first, second]) == {second.pk: 1}

    def test_a_form_sent_twice_is_one_place_in_the_line(self, slot):
        tie, entry_id = household_at(slot.open_day.development), uuid4()
        assert join(slot, tie, entry_id=entry_id) == join(slot, tie, entry_id=entry_id)
        with pytest.raises(BookingError, match="something else"):
            join(slot, entry_id=entry_id)
        assert WaitingStep.objects.count() == 1

    def test_a_home_waits_once_for_a_time(self, slot):
        tie = household_at(slot.open_day.development)
        join(slot, tie)
        with pytest.raises(BookingError, match="on this waiting list already"):
            join(slot, tie)

    def test_while_there_are_places_for_all_of_them_one_books_instead(self, slot):
        slot.bookings.first().delete()
        with pytest.raises(BookingError, match="Please book"):
            join(slot, adults=2)
        assert join(slot, adults=3).is_waiting

    @pytest.mark.parametrize(
        ("party", "words"),
        [
            ({"adults": 0, "children": 1}, "at least one adult"),
            ({"adults": -1}, "at least one adult"),
            ({"adults": 2, "children": 3}, "up to 4 people"),
            ({"adults": 1000}, "up to 4 people"),
            ({"accepted": False}, "accept the rules"),
            ({"at": NOW - timedelta(days=8)}, "Booking opens"),
            ({"at": SATURDAY - HOUR}, "Booking has closed"),
            ({"at": SATURDAY - 2 * HOUR + timedelta(minutes=1)}, "too late to wait"),
        ],
    )
    def test_a_bad_party_or_moment_is_refused(self, slot, party, words):
        with pytest.raises(BookingError, match=words):
            join(slot, **party)

    def test_a_party_that_never_fits_is_refused(self):
        with pytest.raises(BookingError, match="never fit"):
            join(SlotFactory(capacity=2), adults=3)

    def test_a_home_that_is_not_invited_sold_or_served_is_refused(self, slot):
        sold = household_at(slot.open_day.development, former=True)
        for tie, words in ((OwnershipFactory(), "for other homes"), (sold, "any more")):
            with pytest.raises(BookingError, match=words):
                join(slot, tie)
        served = slot.bookings.first().home.ownerships.get()
        with pytest.raises(BookingError, match="places at this time already"):
            join(slot, served)


class TestTurns:
    def test_a_freed_place_is_held_for_the_first_and_counts_as_taken(self, slot, told):
        first, second = line_of(slot, 2, 2)
        free_one(slot)
        first.refresh_from_db()
        assert (states(first, second), first.offer_until) == (["offered", "waiting"], NOW + timedelta(hours=24))
        assert Slot.objects.with_places().get(pk=slot.pk).free == 0
        assert (first.owner, "place-offered") in told()
        assert (second.owner, "place-offered") not in told()

    def test_too_large_a_party_is_passed_over_keeps_its_place_and_reads_why(self, slot):
        large, small, last = line_of(slot, 3, 1, 1)
        free_one(slot)
        assert states(large, small, last) == ["waiting", "offered", "offered"]
        assert history(large) == [("joined", 0), ("passed_over", 2)]
        assert history(small) == [("joined", 0), ("offered", 2)]
        assert waiting.position(large) == 1

    def test_who_is_first_and_fits_is_never_passed_over(self, slot):
        large, small = line_of(slot, 3, 1)
        for booking in list(slot.bookings.all()):
            bookings.cancel(booking, by=None, at=NOW)
        assert states(large, small) == ["offered", "offered"]
        assert ("passed_over", 2) in history(large)  # when the first two came free

    @pytest.mark.parametrize(("act", "what"), [(decline, "declined"), (leave, "withdrawn")])
    def test_an_offer_that_is_not_wanted_goes_to_the_next(self, slot, act, what):
        first, second = line_of(slot, 2, 2)
        free_one(slot)
        act(first)
        act(first)  # again, it changes nothing
        assert states(first, second) == [what, "offered"]
        assert history(first)[2:] == [(what, 0)]

    def test_more_capacity_is_offered(self, slot):
        [entry] = line_of(slot, 2)
        change_slot(slot, capacity=6, by=None, at=NOW)
        assert states(entry) == ["offered"]
        with pytest.raises(BookingError, match="held by offers"):
            change_slot(slot, capacity=5, by=None, at=NOW)

    def test_whoever_has_booked_the_time_meanwhile_waits_no_longer(self, slot):
        tie = household_at(slot.open_day.development)
        entry = join(slot, tie, adults=3)
        slot.bookings.first().delete()
        BookingFactory(slot=slot, home=tie.home)
        line.make_offers(lock_slot(slot.pk), at=NOW)
        assert states(entry) == ["withdrawn"]

    def test_a_larger_number_of_lines_takes_no_more_queries(self, slot, django_assert_num_queries):
        line_of(slot, 2)
        with django_assert_num_queries(3):
            waiting.expire_offers(at=NOW)
        line_of(slot, 1, 1)
        with django_assert_num_queries(3):
            waiting.expire_offers(at=NOW)


class TestTheEndOfAnOffer:
    @pytest.fixture
    def entries(self, slot):
        first, second = line_of(slot, 2, 2)
        free_one(slot)
        Notice.objects.filter(kind="place-offered").update(state="sent", sent_at=NOW)
        return first, second

    def test_it_goes_to_the_next_and_both_are_told(self, entries, told):
        waiting.expire_offers(at=LATER)
        assert states(*entries) == ["expired", "offered"]
        assert {(entries[0].owner, "offer-ended"), (entries[1].owner, "place-offered")} <= set(told())

    def test_a_sweep_run_twice_or_early_changes_nothing(self, entries):
        for at, expected in ((minutes(60), ["offered", "waiting"]), (LATER, ["expired", "offered"])):
            waiting.expire_offers(at=at)
            waiting.expire_offers(at=at)
            assert states(*entries) == expected
        assert WaitingStep.objects.count() == 5

    @pytest.mark.parametrize("act", [take, decline])
    def test_too_late_it_is_refused_before_the_sweep_came_by_and_after(self, entries, act):
        for _before_and_after in range(2):
            with pytest.raises(BookingError, match="has run out"):
                act(entries[0], at=LATER)
            waiting.expire_offers(at=LATER)

    def test_a_worker_that_was_down_all_the_while_costs_nobody_the_offer(self, entries):
        """Nobody could be told, so it is held once more; told then and silent, they lose it."""
        Notice.objects.filter(kind="place-offered").update(state="queued", sent_at=None)
        waiting.expire_offers(at=LATER)
        first = WaitingEntry.objects.get(pk=entries[0].pk)
        assert (states(*entries), first.offer_until) == (["offered", "waiting"], LATER + timedelta(hours=24))
        assert Notice.objects.filter(kind="place-offered", channel="inbox", owner=first.owner).count() == 2
        Notice.objects.filter(kind="place-offered").update(state="sent", sent_at=LATER)
        waiting.expire_offers(at=LATER + timedelta(hours=24))
        assert states(*entries) == ["expired", "offered"]

    def test_told_a_moment_before_the_end_is_not_told(self, entries):
        Notice.objects.filter(kind="place-offered").update(sent_at=NOW + timedelta(hours=23, minutes=50))
        waiting.expire_offers(at=LATER)
        assert states(*entries) == ["offered", "waiting"]

    def test_one_line_that_breaks_does_not_hold_up_the_others(self, entries, monkeypatch):
        other = SlotFactory(open_day=entries[0].slot.open_day, capacity=2, starts=SATURDAY - HOUR)
        held = WaitingEntryFactory(slot=other, offered=True)
        real = line.end_for
        monkeypatch.setattr(line, "end_for", lambda slot, at: real(slot, at=at) if slot != other else 1 / 0)
        waiting.expire_offers(at=LATER)
        assert states(held, *entries) == ["offered", "expired", "offered"]


class TestClosing:
    def test_when_it_is_too_late_for_any_offer_the_line_is_closed_and_people_are_told(self, slot, told):
        [entry] = line_of(slot, 2)
        last = slot.open_day.closes_at - HOUR
        waiting.expire_offers(at=last)
        assert states(entry) == ["waiting"]
        waiting.expire_offers(at=last + timedelta(minutes=1))
        assert (states(entry), told()[-1]) == (["closed"], (entry.owner, "waiting-closed"))
        free_one(slot, at=last + timedelta(minutes=2))
        assert Slot.objects.with_places().get(pk=slot.pk).free == 2

    @pytest.mark.parametrize("called_off", ["open_day", "slot"])
    def test_an_open_day_or_time_called_off_closes_its_line_and_offers(self, slot, told, called_off):
        first, second = line_of(slot, 2, 2)
        free_one(slot)
        cancel, row = {"open_day": (cancel_open_day, slot.open_day), "slot": (cancel_slot, slot)}[called_off]
        cancel(row, reason_en="Storm.", by=None, at=NOW)
        assert states(first, second) == ["closed", "closed"]
        assert {(first.owner, "waiting-closed"), (second.owner, "waiting-closed")} <= set(told())
        with pytest.raises(BookingError, match="no offer for you any more"):
            take(first)

    def test_a_home_that_is_sold_waits_no_longer(self, slot):
        first, second = line_of(slot, 2, 2)
        free_one(slot)
        waiting.close_of_home(first.home, by=None, at=NOW)
        assert states(first, second) == ["closed", "offered"]


class TestTaking:
    @pytest.fixture
    def offer(self, slot):
        entry = join(slot, adults=1, children=1)
        free_one(slot)
        return entry

    def test_it_becomes_a_booking_of_that_party(self, offer, told):
        booking = take(offer)
        booking.refresh_from_db()
        assert (booking.slot, booking.home, booking.owner) == (offer.slot, offer.home, offer.owner)
        assert (booking.adults, booking.children, booking.visitors.count()) == (1, 1, 2)
        assert (states(offer), history(offer)[-1]) == (["taken"], ("taken", 0))
        assert (offer.owner, "booking-confirmed") in told()

    def test_a_double_click_or_a_second_tab_finds_the_same_booking(self, offer):
        assert take(offer) == take(offer) == take(offer, at=LATER)
        bookings.cancel(Booking.objects.get(home=offer.home), by=None, at=NOW)
        with pytest.raises(BookingError, match="cancelled since"):
            take(offer)

    def test_a_booking_at_another_time_is_moved_and_its_place_goes_to_whoever_waits_there(self, slot):
        other = SlotFactory(open_day=slot.open_day, capacity=3, starts=SATURDAY + 2 * HOUR)
        kept = BookingFactory(slot=other, adults=3)
        [behind] = line_of(other, 3)
        tie = kept.home.ownerships.get()
        offer = join(slot, tie, adults=2)
        free_one(slot)
        assert (states(offer, behind), Slot.objects.with_places().get(pk=other.pk).free) == (["offered", "waiting"], 0)
        assert take(offer, by=tie.owner.user) == kept
        kept.refresh_from_db()
        assert (kept.slot, kept.people, kept.moved_at) == (slot, 2, NOW)
        assert states(offer, behind) == ["taken", "offered"]

    def test_a_stranger_a_tenant_or_a_former_owner_has_none_of_it(self, offer, stranger):
        tenant = OwnershipFactory(home=offer.home, role=Role.TENANT).owner.user
        former = OwnershipFactory(home=offer.home, former=True).owner.user
        for user in (stranger, tenant, former):
            assert WaitingEntry.objects.for_user(user).filter(pk=offer.pk).first() is None
            with pytest.raises(BookingError, match="no longer in your household"):
                take(offer, by=user)
        family = OwnershipFactory(home=offer.home, role=Role.FAMILY).owner.user
        assert take(offer, by=family).owner == offer.owner

    def test_staff_take_it_on_the_telephone(self, offer):
        assert take(offer, by=StaffFactory(development=offer.home.development)).by_staff

    def test_who_waits_has_nothing_to_take(self, slot):
        [entry] = line_of(slot, 2)
        with pytest.raises(BookingError, match="no offer for you"):
            take(entry)


class TestMessages:
    def test_each_says_what_has_happened_and_leads_to_the_place_in_the_line(self, slot):
        """At noon: text messages go, too."""
        noon = NOW + timedelta(hours=2)
        first, second = line_of(slot, 2, 2)
        free_one(slot, at=noon)
        deliver(clock=lambda: noon)
        waiting.expire_offers(at=noon + timedelta(hours=25))
        deliver(clock=lambda: noon + timedelta(hours=25))
        cancel_open_day(slot.open_day, reason_en="Storm.", by=None, at=noon + timedelta(hours=26))
        deliver(clock=lambda: noon + timedelta(hours=26))
        sent = Notice.objects.filter(channel="inbox", subject_kind="bookings.waitingentry").order_by("sent_at", "kind")
        title = slot.open_day.title_en
        assert [(notice.owner, notice.title) for notice in sent] == [
            (first.owner, f"A place has come free: {title}"),
            (first.owner, f"Your offer has run out: {title}"),
            (second.owner, f"A place has come free: {title}"),
            (second.owner, f"Called off, with its waiting list: {title}"),
        ]
        assert sent[0].text.startswith(
            "Saturday 5 December 2026, 10:30: we hold 2 places for you until Monday 23 November 2026, 12:00."
        )
        assert sent[0].url == f"/my/waiting/{first.pk}/"
        assert "Storm." in sent[3].text

    def test_at_night_only_the_telephone_waits_and_nothing_goes_to_who_has_sold(self, slot):
        night = NOW + timedelta(hours=13)
        first, second = line_of(slot, 1, 1)
        free_one(slot, at=night)
        second.home.ownerships.update(state="ended", until=NOW.date())
        Notice.objects.exclude(kind="place-offered").delete()
        deliver(clock=lambda: night)
        states = {(notice.owner, notice.channel): notice.state for notice in Notice.objects.all()}
        assert (states[first.owner, "inbox"], states[second.owner, "inbox"]) == ("sent", "suppressed")
        first.refresh_from_db()
        assert first.offer_until == NOW + timedelta(days=2)  # at ten in the morning, not at eleven at night


class TestRace:
    """Two households cancel at the same moment: each place goes to one who waits."""

    def test_two_cancellations_serve_the_first_two_and_no_more(self, transactional_db):
        slot = SlotFactory(capacity=4)
        first, second = BookingFactory.create_batch(2, slot=slot)
        entries = line_of(slot, 2, 2, 2)
        acts = [partial(bookings.cancel, booking, by=None, at=NOW) for booking in (first, second)]
        assert all_at_once(lambda act: act(), acts).raised == []
        assert states(*entries) == ["offered", "offered", "waiting"]

    @pytest.mark.postgresql
    def test_without_the_lock_some_places_would_be_offered_twice_or_to_nobody(self, transactional_db):
        assert any(self.held_without_a_lock() != 4 for _try in range(5))

    def held_without_a_lock(self):
        slot = SlotFactory(capacity=4)
        pair = BookingFactory.create_batch(2, slot=slot)
        line_of(slot, *[1] * 6)
        acts = [partial(bookings.cancel, booking, by=None, at=NOW) for booking in pair]
        with without_locks():
            all_at_once(lambda act: act(), acts)
        return Slot.objects.with_places().get(pk=slot.pk).held
