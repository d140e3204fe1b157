"""Open days on the desk: writing, publishing with a look at whom it reaches, times, calling off, the calendar."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from portal.bookings.models import OpenDay, Slot
from progress.journeys.actions import start_journey
from progress.journeys.models import JourneyTemplate, Milestone
from tests.factories import NOW, TODAY, DevelopmentFactory, OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    SafetyRuleFactory,
    SlotFactory,
    WaitingEntryFactory,
)
from tests.portal.visits.factories import TEN, VisitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def open_day():
    return OpenDayFactory()


@pytest.fixture
def manager(client, open_day):
    client.user = StaffFactory(group="Site managers", development=open_day.development)
    client.force_login(client.user)
    return client


def url(name, *args):
    return reverse(f"desk_openday:{name}", args=args)


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def written(where, **changes):
    """What the form of an open day sends."""
    return {
        "open_day_id": uuid4(),
        "development": where.pk,
        "title_en": "Stand at your own window",
        "meeting_point_en": "North gate",
        "opens_at": "2026-11-23T09:00",
        "closes_at": "2026-12-04T12:00",
        "change_until": "2026-12-04T17:30",
        "max_party": 4,
        "min_age": 12,
        "offer_hours": 24,
        "one_per_home": "on",
        **changes,
    }


class TestWriting:
    def test_a_draft_is_kept_once_with_its_times_by_the_development_s_clock(self, manager, open_day):
        form = written(open_day.development)
        answers = [manager.post(url("new"), form) for _twice in range(2)]
        assert [answer.url for answer in answers] == [url("rules", form["open_day_id"])] * 2
        made = OpenDay.objects.get(pk=form["open_day_id"])
        assert (made.state, made.created_by, made.opens_at) == (
            "draft",
            manager.user,
            datetime(2026, 11, 23, 1, tzinfo=UTC),
        )

    @pytest.mark.parametrize(
        ("changes", "wrong"),
        [
            ({"title_en": ""}, "title_en"),
            ({"closes_at": "2026-11-22T09:00"}, "closes_at"),
            ({"change_until": "2026-11-22T09:00"}, "change_until"),
            ({"max_party": -1}, "max_party"),
            ({"past_milestone": "no-such-step"}, "past_milestone"),
            ({"opens_at": "soon"}, "opens_at"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, manager, open_day, changes, wrong):
        response = manager.post(url("new"), written(open_day.development, **changes))
        assert (list(response.context["form"].errors), OpenDay.objects.count()) == ([wrong], 1)

    def test_a_time_that_the_clocks_skip_is_refused(self, manager):
        berlin = DevelopmentFactory(time_zone="Europe/Berlin")
        manager.user.assignments.update(development=berlin)
        response = manager.post(
            url("new"),
            written(berlin, opens_at="2027-03-28T02:30", closes_at="2027-03-30T12:00", change_until="2027-03-30T12:00"),
        )
        assert response.context["form"].errors == {
            "opens_at": ["The clocks are put forward then: this time does not exist there."]
        }

    def test_places_and_people_of_elsewhere_are_neither_offered_nor_taken(self, manager, open_day):
        foreign = OwnershipFactory().home
        stranger = StaffFactory(group="Site managers", development=foreign.development)
        page = html_of(manager.get(url("new")))
        assert [str(row.pk) in page for row in (foreign.development, foreign.building)] == [False, False]
        for changes, wrong in (
            ({"development": foreign.development.pk}, "development"),
            ({"buildings": [foreign.building.pk]}, "buildings"),
            ({"guide": stranger.pk}, "guide"),
        ):
            form = manager.post(url("new"), written(open_day.development, **changes)).context["form"]
            assert wrong in form.errors

    def test_the_count_while_choosing_is_the_one_of_the_audience(self, manager, open_day):
        ties = [OwnershipFactory(home__building__development=open_day.development) for _home in range(3)]
        ties[0].owner.ownerships.create(home=ties[1].home, role="co_owner", since=TODAY, state="live")
        journey = start_journey(home=ties[0].home, template=JourneyTemplate.objects.first(), started=TODAY, by=None)
        step = journey.milestones.select_related("template").first()
        Milestone.objects.filter(pk=step.pk).update(state="reached", actual=TODAY)
        building, code = ties[1].home.building, step.template.code
        for chosen, expected in (
            ({}, (3, 3)),
            ({"buildings": [building.pk]}, (1, 2)),
            ({"past_milestone": code}, (1, 1)),
        ):
            shown = manager.get(url("reach"), {"development": open_day.development_id, **chosen}).context["reach"]
            row = OpenDayFactory(development=open_day.development, past_milestone=chosen.get("past_milestone", ""))
            row.buildings.set(chosen.get("buildings", []))
            assert (shown["homes"], shown["owners"]) == expected == (row.audience().count(), row.people().count())

    def test_rules_are_added_removed_and_put_in_order_without_a_script(self, manager, open_day):
        SlotFactory(open_day=open_day)
        for text in ("Helmet on", "Stay together"):
            SafetyRuleFactory(open_day=open_day, text_en=text, text_zh="")
        rows = [("2", "Helmet on", ""), ("", "Stay together", "on"), ("1", "Closed shoes", ""), ("", "", "")]
        form = {"rules-TOTAL_FORMS": 4, "rules-INITIAL_FORMS": 2}
        for number, (place, text, gone) in enumerate(rows):
            form |= {
                f"rules-{number}-{name}": value
                for name, value in (("ORDER", place), ("text_en", text), ("icon", "helmet"))
            }
            form |= {f"rules-{number}-DELETE": gone} if gone else {}
        manager.post(url("rules", open_day.pk), form)
        open_day.refresh_from_db()
        assert [rule.text_en for rule in open_day.rules.all()] == ["Closed shoes", "Helmet on"]
        assert open_day.rules_version == 2


class TestPublishing:
    def test_it_shows_whom_it_reaches_and_tells_them_when_it_is_posted(self, manager, told):
        draft = OpenDayFactory(draft=True, development=manager.user.assignments.get().development)
        tie = OwnershipFactory(home__building__development=draft.development)
        refused = html_of(manager.post(url("publish", draft.pk)))
        assert "at least one time that is still to come" in refused
        SlotFactory(open_day=draft)
        assert manager.get(url("publish", draft.pk)).context["reach"] == {"homes": 1, "owners": 1}
        assert told() == []
        manager.post(url("publish", draft.pk))
        draft.refresh_from_db()
        assert (draft.state, told()) == ("published", [(tie.owner, "open-day-published")])

    def test_another_place_is_looked_at_with_whom_it_tells_before_it_is_made(self, manager, told):
        open_day = OpenDayFactory(development=manager.user.assignments.get().development, title_zh="", opens_at=NOW)
        booking = BookingFactory(slot=SlotFactory(open_day=open_day))
        same = {
            name: getattr(open_day, name)
            for name in (
                "title_en",
                "summary_en",
                "summary_zh",
                "meeting_point_zh",
                "route_en",
                "route_zh",
                "bring_en",
                "bring_zh",
            )
        }
        form = written(
            open_day.development,
            **same,
            meeting_point_en="South gate",
            opens_at="2026-11-22T10:00",
            closes_at="2026-12-05T09:30",
            min_age=0,
        )
        page = manager.post(url("change", open_day.pk), form)
        assert [(before, after) for _label, before, after in page.context["lines"]] == [("North gate", "South gate")]
        assert (page.context["parties"], page.context["readers"], told()) == (1, 1, [])
        open_day.refresh_from_db()
        assert open_day.meeting_point_en == "North gate"
        manager.post(url("change", open_day.pk), form | {"confirmed": "1"})
        open_day.refresh_from_db()
        assert (open_day.meeting_point_en, told()) == ("South gate", [(booking.owner, "open-day-changed")])

    def test_calling_off_wants_a_reason_and_counts_whom_it_hits(self, manager, open_day, told):
        slot = SlotFactory(open_day=open_day)
        booking, entry = BookingFactory(slot=slot, children=1), WaitingEntryFactory(slot=slot)
        page = manager.post(url("cancel", open_day.pk), {"because": "weather"})
        counted = {name: page.context[name] for name in ("parties", "people", "waiting", "readers")}
        assert counted == {"parties": 1, "people": 3, "waiting": 1, "readers": 2}
        assert ("reason_en" in page.context["form"].errors, told()) == (True, [])
        manager.post(url("cancel", open_day.pk), {"because": "weather", "reason_en": "Storm."})
        open_day.refresh_from_db()
        assert (open_day.state, booking.owner in dict(told()), entry.owner in dict(told())) == ("cancelled", True, True)

    def test_a_copy_keeps_the_hours_of_the_clock_over_a_clock_change(self, manager):
        berlin = DevelopmentFactory(time_zone="Europe/Berlin")
        manager.user.assignments.update(development=berlin)
        day = OpenDayFactory(development=berlin)
        SlotFactory(open_day=day, starts=datetime(2026, 12, 5, 8, tzinfo=UTC))  # 09:00 in winter
        manager.post(url("copy_to", day.pk), {"first_day": "2027-04-03"})
        made = OpenDay.objects.get(copied_from=day)
        starts = localtime(made.slots.get().starts, day.zone)
        assert (made.state, f"{starts:%Y-%m-%d %H:%M}") == ("draft", "2027-04-03 09:00")


class TestTimes:
    ROW = {"first": "2026-12-05T09:00", "minutes": 75, "pause": 15, "number": 3, "capacity": 18}

    def test_several_are_looked_at_and_then_added_at_once(self, manager, open_day):
        page = manager.post(url("slots_add", open_day.pk), self.ROW)
        assert (len(page.context["times"]), Slot.objects.count()) == (3, 0)
        manager.post(url("slots_add", open_day.pk), self.ROW | {"confirmed": "1"})
        starts = [f"{localtime(slot.starts, open_day.zone):%H:%M}" for slot in open_day.slots.all()]
        assert starts == ["09:00", "10:30", "12:00"]
        again = manager.post(url("slots_add", open_day.pk), self.ROW | {"confirmed": "1"})
        assert (bool(again.context["form"].errors), Slot.objects.count()) == (True, 3)

    def test_a_capacity_below_what_is_booked_names_the_parties_with_links(self, manager, open_day):
        slot = SlotFactory(open_day=open_day, capacity=4)
        _first, second = (BookingFactory(slot=slot, created_at=NOW + timedelta(hours=n)) for n in range(2))
        form = {"starts": "2026-12-05T10:30", "ends": "2026-12-05T11:45", "capacity": 2}
        page = manager.post(url("slot", slot.pk), form)
        assert list(page.context["hit"]) == [second]
        assert url("booking", second.pk) in html_of(page)
        slot.refresh_from_db()
        assert slot.capacity == 4

    def test_another_hour_is_looked_at_first_and_then_told(self, manager, open_day, told):
        slot = SlotFactory(open_day=open_day)
        booking = BookingFactory(slot=slot)
        form = {"starts": "2026-12-05T11:00", "ends": "2026-12-05T12:15", "capacity": 18}
        assert (manager.post(url("slot", slot.pk), form).context["readers"], told()) == (1, [])
        manager.post(url("slot", slot.pk), form | {"confirmed": "1"})
        slot.refresh_from_db()
        assert (slot.starts, told()) == (SATURDAY + timedelta(minutes=30), [(booking.owner, "open-day-changed")])

    def test_one_is_called_off_with_a_reason(self, manager, open_day, told):
        slot = SlotFactory(open_day=open_day)
        booking = BookingFactory(slot=slot)
        assert "reason_en" in manager.post(url("slot_cancel", slot.pk), {}).context["form"].errors
        manager.post(url("slot_cancel", slot.pk), {"reason_en": "The crane is taken down."})
        slot.refresh_from_db()
        assert (slot.state, [owner for owner, _kind in told()]) == ("cancelled", [booking.owner])


class TestCalendar:
    def entries(self, client, view="week", day="2026-12-05", **chosen):
        weeks = client.get(url(view), {"day": day, **chosen}).context["weeks"]
        return [(cell["day"], entry) for week in weeks for cell in week for entry in cell["entries"]]

    def test_a_week_has_open_days_with_their_places_and_visits_at_their_own_hours(self, manager, open_day):
        manager.user.assignments.update(development=None)
        slot = SlotFactory(open_day=open_day, capacity=4)
        BookingFactory(slot=slot), WaitingEntryFactory(slot=slot)
        late = SlotFactory(
            open_day__development__time_zone="Asia/Tokyo", starts=datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
        )
        VisitFactory(starts=TEN, ends=TEN + timedelta(hours=1))
        drawn = [
            (day, f"{entry.starts:%H:%M}", entry.taken, entry.capacity, entry.waiting)
            for day, entry in self.entries(manager)
        ]
        saturday = date(2026, 12, 5)
        assert drawn == [(saturday, "00:30", 0, late.capacity, 0), (saturday, "10:30", 2, 4, 1)]
        assert [(day, entry.kind) for day, entry in self.entries(manager, day="2026-11-24")] == [
            (date(2026, 11, 24), "visit")
        ]

    def test_a_month_gathers_the_times_of_a_day_and_the_filters_choose(self, manager, open_day):
        slots = [SlotFactory(open_day=open_day, starts=SATURDAY + timedelta(hours=n), capacity=2) for n in range(2)]
        BookingFactory(slot=slots[0])
        SlotFactory()  # elsewhere
        found = self.entries(manager, "month")
        assert [(day, entry.taken, entry.capacity) for day, entry in found] == [(date(2026, 12, 5), 2, 4)]
        assert [len(self.entries(manager, state=state)) for state in ("", "free", "full", "draft", "cancelled")] == [
            2,
            1,
            1,
            0,
            0,
        ]
        assert self.entries(manager, kind="visits") == []
        assert self.entries(manager, development=str(open_day.development_id)) != []

    @pytest.mark.parametrize("day", ["x", "1999-01-01", "9999-12-31"])
    def test_a_day_that_is_none_is_not_found(self, manager, day):
        assert [manager.get(url(view), {"day": day}).status_code for view in ("week", "month")] == [404, 404]

    def test_their_queries_do_not_grow(self, manager, open_day):
        numbers = {view: set() for view in ("week", "month", "index", "figures")}
        for more in (1, 2):
            for _each in range(more):
                BookingFactory(slot=SlotFactory(open_day=OpenDayFactory(development=open_day.development)))
            for view, found in numbers.items():
                with CaptureQueriesContext(connection) as queries:
                    html_of(manager.get(url(view), {} if view == "index" else {"day": "2026-12-05"}))
                found.add(len(queries))
        assert {view: len(found) for view, found in numbers.items()} == dict.fromkeys(numbers, 1)
