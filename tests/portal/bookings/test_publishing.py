"""An open day made known, changed in the open and called off: what is refused, and who is told what."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.leaving import work_of
from accounts.notices import kinds
from accounts.notices.models import Notice
from portal.bookings.copying import copy_open_day
from portal.bookings.errors import BookingError
from portal.bookings.models import OpenDay, OpenDayChange, Slot
from portal.bookings.publishing import (
    add_slot,
    cancel_open_day,
    cancel_slot,
    change_open_day,
    change_slot,
    publish_open_day,
    remove_slot,
    tells,
)
from portal.bookings.work import ComingOpenDays
from progress.models import Role
from tests.factories import NOW, OwnershipFactory, StaffFactory, UserFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    SafetyRuleFactory,
    SlotFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def again(row):
    return type(row).objects.get(pk=row.pk)


def said(kind, subject):
    kind = kinds.get(kind)
    with timezone.override(kind.zone(subject)):
        return " ".join([kind.title(subject), *map(str, kind.paragraphs(subject)), kind.sms(subject)])


class TestPublish:
    @pytest.fixture
    def draft(self):
        return SlotFactory(open_day=OpenDayFactory(draft=True)).open_day

    def test_the_audience_is_told_each_person_once(self, draft, told):
        tie = household_at(draft.development)
        OwnershipFactory(owner=tie.owner, home__building=tie.home.building)
        family = OwnershipFactory(home=tie.home, role=Role.FAMILY)
        OwnershipFactory(home=tie.home, role=Role.TENANT)
        publish_open_day(draft, by=None, at=NOW)
        publish_open_day(draft, by=None, at=NOW)
        assert set(told()) == {(tie.owner, "open-day-published"), (family.owner, "open-day-published")}
        assert (len(told()), again(draft).is_published, again(draft).published_at) == (2, True, NOW)

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"meeting_point_en": "", "meeting_point_zh": ""}, "where visitors meet"),
            ({"closes_at": NOW}, "closed already"),
            ({"past_milestone": "keys"}, "Nobody would see it"),
        ],
    )
    def test_what_is_unfinished_is_refused(self, draft, values, reason):
        household_at(draft.development)
        OpenDay.objects.update(**values)
        with pytest.raises(BookingError, match=reason):
            publish_open_day(draft, by=None, at=NOW)

    def test_without_a_time_to_come_it_is_refused(self, draft):
        household_at(draft.development)
        Slot.objects.update(starts=NOW - HOUR)
        with pytest.raises(BookingError, match="at least one time that is still to come"):
            publish_open_day(draft, by=None, at=NOW)


class TestChange:
    @pytest.fixture
    def booked(self):
        return BookingFactory()

    def test_one_message_a_person_with_the_old_and_the_new_time_and_place(self, booked, told):
        slot, day = booked.slot, booked.open_day
        BookingFactory(slot=slot, cancelled=True)
        slots = {slot.pk: {"starts": slot.starts + HOUR, "ends": slot.ends + HOUR}}
        place = {"meeting_point_en": "South gate", "route_en": "2 Willow Lane"}
        change_open_day(day, changes={**place, "slots": slots}, by=None, at=NOW)
        assert told() == [(booked.owner, "open-day-changed")]
        text = said("open-day-changed", OpenDayChange.objects.get())
        for words in ("5 December 2026, 10:30", "5 December 2026, 11:30", "South gate", "2 Willow Lane"):
            assert words in text

    def test_one_that_has_lost_all_its_times_can_still_be_changed(self, db, told):
        day = change_open_day(OpenDayFactory(), changes={"meeting_point_en": "South gate"}, by=None, at=NOW)
        assert (again(day).meeting_point_en, told()) == ("South gate", [])

    def test_another_time_concerns_those_who_booked_it(self, booked, told):
        BookingFactory(slot__open_day=booked.open_day)
        change_slot(booked.slot, starts=booked.slot.starts + HOUR, ends=booked.slot.ends + HOUR, by=None, at=NOW)
        assert told() == [(booked.owner, "open-day-changed")]

    def test_what_stays_as_it_was_and_what_is_no_time_or_place_is_not_told(self, booked, told):
        day, slot = booked.open_day, booked.slot
        same = {"meeting_point_en": day.meeting_point_en, "rules": [], "slots": {slot.pk: {"starts": slot.starts}}}
        change_open_day(day, changes={**same, "summary_en": "Another word.", "max_party": 6}, by=None, at=NOW)
        assert (told(), again(day).max_party, again(day).rules_version) == ([], 6, 1)
        assert [tells({"max_party": 6}), tells({"route_en": "There"}), tells({"rules": []})] == [False, True, True]

    def test_other_rules_are_to_be_accepted_anew_and_a_draft_has_no_version_more(self, booked, told):
        rules = [{"icon": "shoes", "text_en": "Flat soles.", "text_zh": ""}]
        day = change_open_day(booked.open_day, changes={"rules": rules}, by=None, at=NOW)
        assert (again(day).rules_version, again(booked).accepts_rules_again) == (2, True)
        assert (list(day.rules.values_list("text_en", flat=True)), told()) == (
            ["Flat soles."],
            [(booked.owner, "open-day-changed")],
        )
        draft = change_open_day(OpenDayFactory(draft=True), changes={"rules": rules}, by=None, at=NOW)
        assert again(draft).rules_version == 1

    def test_a_capacity_below_what_is_booked_names_those_whom_it_would_hit(self, booked):
        slot = booked.slot
        last = BookingFactory(slot=slot, adults=3, created_at=NOW + HOUR)
        WaitingEntryFactory(slot=slot, offered=True, adults=1)
        with pytest.raises(BookingError, match="5 people are booked, and places for 1 are held") as refused:
            change_slot(slot, capacity=5, by=None, at=NOW)
        assert (refused.value.bookings, again(slot).capacity) == ([last], 18)
        assert change_slot(slot, capacity=6, by=None, at=NOW).capacity == 6

    def test_more_places_are_offered_to_whoever_waits(self, booked):
        slot = booked.slot
        Slot.objects.update(capacity=2)
        entry = WaitingEntryFactory(slot=slot)
        change_slot(slot, capacity=4, by=None, at=NOW)
        assert again(entry).state == "offered"

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"ends": SATURDAY}, "has to end after it begins"),
            ({"ends": SATURDAY + timedelta(days=1)}, "12 hours at most"),
            ({"starts": NOW - HOUR, "ends": NOW + HOUR}, "This time is past"),
            ({"starts": SATURDAY + timedelta(days=400), "ends": SATURDAY + timedelta(days=400, hours=1)}, "a year"),
            ({"capacity": 1000}, "500 people at most"),
            ({"capacity": -1}, "500 people at most"),
        ],
    )
    def test_a_time_out_of_bounds_is_refused(self, booked, values, reason):
        with pytest.raises(BookingError, match=reason):
            change_slot(booked.slot, **values, by=None, at=NOW)
        whole = {"starts": SATURDAY, "ends": SATURDAY + HOUR, "capacity": 9, **values}
        with pytest.raises(BookingError, match=reason):
            add_slot(booked.open_day, **whole, by=None, at=NOW)

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"title_en": "", "title_zh": ""}, "give a title"),
            ({"closes_at": NOW - timedelta(days=30)}, "close after it opens"),
            ({"max_party": 0}, "one person at least"),
            ({"max_party": 1000}, "one person at least"),
            ({"offer_hours": 0}, "for an hour at least"),
            ({"min_age": 90}, "Children are younger"),
        ],
    )
    def test_terms_that_make_no_sense_are_refused(self, booked, values, reason):
        with pytest.raises(BookingError, match=reason):
            change_open_day(booked.open_day, changes=values, by=None, at=NOW)

    def test_two_times_may_run_side_by_side_and_one_that_nobody_knows_is_taken_out(self, booked):
        slot = booked.slot
        beside = add_slot(booked.open_day, starts=slot.starts, ends=slot.ends, capacity=9, by=None, at=NOW)
        remove_slot(beside, by=None, at=NOW)
        with pytest.raises(BookingError, match="Please call it off instead"):
            remove_slot(slot, by=None, at=NOW)
        assert list(Slot.objects.all()) == [slot]


class TestCallOff:
    def test_everybody_booked_is_told_once_and_the_line_is_closed(self, told):
        booking = BookingFactory()
        entry = WaitingEntryFactory(slot=booking.slot)
        inside = BookingFactory(slot=booking.slot, arrived=True)
        for _twice in range(2):
            cancel_open_day(booking.open_day, reason_en="Storm.", because="weather", by=None, at=NOW)
        assert (again(booking).cancelled_because, again(inside).state, again(entry).state) == (
            "weather",
            "arrived",
            "closed",
        )
        assert set(told()) == {(booking.owner, "open-day-cancelled"), (entry.owner, "waiting-closed")}
        assert len(told()) == 2
        assert "Storm." in said("open-day-cancelled", again(booking.open_day))

    @pytest.mark.parametrize(("hours", "at_night"), [(23, True), (25, False)])
    def test_within_24_hours_it_goes_at_night_too(self, hours, at_night):
        """Quiet hours or not, when it would have been within a day."""
        day = BookingFactory().open_day
        at = SATURDAY - timedelta(hours=hours)
        day = cancel_open_day(day, reason_zh="大风。", because="weather", by=None, at=at)
        assert kinds.get("open-day-cancelled").cannot_wait(day, at=at) is at_night

    def test_without_a_reason_as_a_draft_and_when_it_is_over_it_is_refused(self):
        slot = SlotFactory()
        with pytest.raises(BookingError, match="Please say why"):
            cancel_open_day(slot.open_day, reason_en=" ", by=None, at=NOW)
        with pytest.raises(BookingError, match="It can't be called off any more"):
            cancel_open_day(slot.open_day, reason_en="Late", by=None, at=slot.ends)
        with pytest.raises(BookingError, match="not published yet"):
            cancel_open_day(OpenDayFactory(draft=True), reason_en="Storm.", by=None, at=NOW)
        cancelled = OpenDayFactory(cancelled=True)
        for act in (
            lambda: change_open_day(cancelled, changes={"max_party": 2}, by=None, at=NOW),
            lambda: publish_open_day(cancelled, by=None, at=NOW),
        ):
            with pytest.raises(BookingError, match="has been called off"):
                act()

    def test_one_time_is_called_off_and_the_others_take_place(self, told):
        booking = BookingFactory()
        other = BookingFactory(slot__open_day=booking.open_day)
        entry = WaitingEntryFactory(slot=booking.slot)
        slot = cancel_slot(booking.slot, reason_en="The crane is taken down.", by=None, at=NOW)
        assert [again(row).state for row in (booking, other, entry)] == ["cancelled", "booked", "closed"]
        assert (slot.is_open, again(slot.open_day).is_published) == (False, True)
        assert set(told()) == {(booking.owner, "booking-called-off"), (entry.owner, "waiting-closed")}
        assert "The crane is taken down." in said("booking-called-off", again(booking))


class TestCopy:
    LONDON = ZoneInfo("Europe/London")

    def test_the_hours_of_the_clock_stay_when_the_clocks_change(self):
        """From winter into summer: 09:00 in London is 09:00 UTC, and then 08:00 UTC."""
        day = OpenDayFactory(
            development__time_zone="Europe/London",
            opens_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
            closes_at=datetime(2026, 12, 4, 18, tzinfo=UTC),
            change_until=datetime(2026, 12, 4, 17, 30, tzinfo=UTC),
        )
        SlotFactory(open_day=day, starts=datetime(2026, 12, 5, 9, tzinfo=UTC), cancelled=True)
        copy = again(copy_open_day(day, by=None, at=NOW, first_day=date(2027, 3, 28)))
        slot = copy.slots.get()
        assert (slot.starts, slot.ends) == (
            datetime(2027, 3, 28, 8, tzinfo=UTC),  # the morning after the night in which the clocks changed
            datetime(2027, 3, 28, 9, 15, tzinfo=UTC),
        )
        assert copy.change_until == datetime(2027, 3, 27, 17, 30, tzinfo=UTC)
        assert (slot.is_open, copy.is_draft, copy.copied_from, copy.published_at) == (True, True, day, None)

    def test_words_rules_and_buildings_go_along_bookings_do_not(self):
        rule = SafetyRuleFactory()
        day = rule.open_day
        home = BookingFactory(slot__open_day=day).home
        day.buildings.set([home.building])
        copy = copy_open_day(day, by=None, at=NOW, first_day=date(2026, 12, 19))
        assert [each.text_en for each in copy.rules.all()] == [rule.text_en]
        assert (copy.title_zh, copy.max_party, list(copy.buildings.all())) == (day.title_zh, 4, [home.building])
        assert (copy.bookings.count(), copy.slots.get().starts) == (0, SATURDAY + timedelta(days=14))

    @pytest.mark.parametrize("first_day", [date(2026, 11, 21), date(2027, 12, 1)])
    def test_to_a_day_past_or_far_off_is_refused(self, first_day):
        with pytest.raises(BookingError, match="within a year"):
            copy_open_day(OpenDayFactory(), by=None, at=NOW, first_day=first_day)


@time_machine.travel(NOW)
def test_open_days_of_a_colleague_who_leaves_go_to_another():
    gone = UserFactory()
    day = SlotFactory(open_day__guide=gone).open_day
    SlotFactory(open_day__guide=gone, starts=NOW - timedelta(days=2))
    OpenDayFactory(guide=gone, cancelled=True)
    manager = StaffFactory(development=day.development)
    work = ComingOpenDays()
    assert [words for words, _url in work.pieces(gone, viewer=manager)[0]] == [f"{day} (published)"]
    assert (work.hand_over(gone, to=manager, by=None, at=NOW), again(day).guide) == (1, manager)
    assert work_of(gone, viewer=manager) == []


def test_every_kind_says_where_it_leads(told):
    """The addresses are those of the owner's pages."""
    booking = BookingFactory()
    cancel_slot(booking.slot, reason_en="Wind.", by=None, at=NOW)
    kind = kinds.get("booking-called-off")
    assert kind.url(again(booking)) == f"/my/open-days/{booking.open_day_id}/"
    assert kinds.get("booking-confirmed").url(booking) == f"/my/bookings/{booking.pk}/"
    assert Notice.objects.filter(kind="booking-called-off").count() == 3
