"""Who has booked an open day, seen and served from the desk: lists, tables, the telephone, messages, figures."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.events.models import Event
from accounts.models import Owner
from accounts.notices import kinds
from portal.bookings import figures
from portal.bookings.models import Booking, OpenDay, OpenDayMessage, WaitingEntry
from tests.factories import NOW, OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    SlotFactory,
    VisitorFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def slot():
    return SlotFactory(open_day__title_en="Your own window")


@pytest.fixture
def service(client, slot):
    client.user = StaffFactory(group="Customer service", development=slot.open_day.development)
    client.force_login(client.user)
    return client


def url(name, *args):
    return reverse(f"desk_openday:{name}", args=args)


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def listed(self, client, at, **chosen):
        return list(client.get(url("bookings", at.open_day_id), chosen).context["page"])

    def test_it_is_filtered_by_time_state_rules_needs_and_name(self, service, slot):
        later = SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=2))
        plain, stepfree = BookingFactory(slot=slot), BookingFactory(slot=later, step_free=True)
        behind = BookingFactory(slot=later, rules_version=0, accepted_at=None)
        named = BookingFactory(slot=later)
        VisitorFactory(booking=named, name="Grandmother Wu", rules_version=1, accepted_at=NOW)
        gone = BookingFactory(slot=slot, cancelled=True)
        found = {
            "": {plain, stepfree, behind, named},
            f"slot={slot.pk}": {plain},
            "state=all": {plain, stepfree, behind, named, gone},
            "state=cancelled": {gone},
            "only=rules": {behind},
            "only=step-free": {stepfree},
            "q=grandmother": {named},
            f"q={plain.owner.name}": {plain},
            "slot=nonsense&state=x&only=y": {plain, stepfree, behind, named},
        }
        for query, expected in found.items():
            chosen = dict(pair.split("=") for pair in query.split("&") if pair)
            assert set(self.listed(service, slot, **chosen)) == expected, query

    def test_its_queries_do_not_grow(self, service, slot):
        numbers = {"bookings": set(), "waiting": set()}
        for more in (1, 2):
            for _each in range(more):
                VisitorFactory(booking=BookingFactory(slot=slot))
                WaitingEntryFactory(slot=slot)
            for name, found in numbers.items():
                with CaptureQueriesContext(connection) as queries:
                    html_of(service.get(url(name, slot.open_day_id)))
                found.add(len(queries))
        assert [len(found) for found in numbers.values()] == [1, 1]

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_it_is_taken_out_as_a_table_that_is_never_a_formula_and_that_is_noted(self, service, slot, kind):
        booking = BookingFactory(slot=slot, needs="=HYPERLINK(1)")
        Owner.objects.filter(pk=booking.owner_id).update(name="@SUM(A1)")
        BookingFactory(slot=slot, cancelled=True)
        answer = service.post(url("export", slot.open_day_id), {"kind": kind})
        if kind == "csv":
            rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        else:
            rows = [list(row) for row in openpyxl.load_workbook(BytesIO(answer.content)).active.values]
        assert (len(rows), rows[1][3], rows[1][7], str(rows[1][4])) == (2, "'@SUM(A1)", "'=HYPERLINK(1)", "2")
        assert rows[1][0] == "2026-12-05 10:30"
        event = Event.objects.get(verb="exported")
        assert (event.actor, event.subject_id) == (service.user, str(slot.open_day_id))

    def test_it_leaves_only_after_the_login_is_proved_again(self, service, slot, long_in):
        long_in(service)
        assert service.post(url("export", slot.open_day_id), {"kind": "csv"}).status_code == 302
        assert not Event.objects.filter(verb="exported").exists()


class TestTelephone:
    def party(self, at, tie, **changes):
        values = {"booking_id": uuid4(), "slot": at.pk, "owner": tie.owner.pk, "adults": 2, "children": 1}
        return values | {"act": "book", "accepted": "on", **changes}

    def test_the_home_is_found_by_number_name_and_telephone(self, service, slot):
        tie = household_at(slot.open_day.development, owner__name="Shen Yue", home__number="3-1102")
        tie.owner.addresses.create(channel="sms", value="+8613800138000")
        household_at(slot.open_day.development, owner__name="Wang Lin", home__number="5-501")
        OwnershipFactory(owner__name="Shen Yue elsewhere", home__number="3-1102")
        for words in ("1102", "shen", tie.owner.customer_no, "138 0013 8000"):
            homes = service.get(url("call", slot.open_day_id), {"q": words}).context["homes"]
            assert [home.pk for home in homes] == [tie.home.pk], words

    def test_it_books_past_the_deadline_says_so_and_a_double_click_books_once(self, service, slot, told, at_now):
        tie = household_at(slot.open_day.development)
        OpenDay.objects.update(closes_at=NOW - timedelta(hours=1))
        address = url("call_book", slot.open_day_id, tie.home.pk)
        assert [words.split(" on ")[0] for words in service.get(address).context["passed"]] == ["Booking closed"]
        form = self.party(slot, tie)
        answers = [service.post(address, form).url for _twice in range(2)]
        booking = Booking.objects.get()
        assert answers == [url("booking", booking.pk)] * 2
        assert (booking.by_staff, booking.booked_by, booking.people) == (True, service.user, 3)
        assert [owner for owner, _kind in told()] == [tie.owner]

    def test_a_full_time_is_refused_and_takes_them_onto_the_waiting_list(self, service, slot):
        BookingFactory(slot=slot, adults=slot.capacity)
        tie = household_at(slot.open_day.development)
        address = url("call_book", slot.open_day_id, tie.home.pk)
        page = service.post(address, self.party(slot, tie))
        assert (len(page.context["form"].non_field_errors()), Booking.objects.count()) == (1, 1)
        assert service.post(address, self.party(slot, tie, act="wait")).url == url("waiting", slot.open_day_id)
        entry = WaitingEntry.objects.get()
        assert (entry.home, entry.state) == (tie.home, "waiting")
        service.post(url("take_off", entry.pk))
        entry.refresh_from_db()
        assert entry.state == "withdrawn"

    @pytest.mark.parametrize("wrong", [{"adults": 0}, {"adults": -1}, {"adults": 1000}, {"slot": "x"}])
    def test_a_party_or_a_time_that_cannot_be_is_refused(self, service, slot, wrong):
        tie = household_at(slot.open_day.development)
        page = service.post(url("call_book", slot.open_day_id, tie.home.pk), self.party(slot, tie, **wrong))
        assert (list(page.context["form"].errors), Booking.objects.count()) == (list(wrong), 0)

    def test_the_owner_of_another_home_and_the_time_of_another_open_day_are_not_offered(self, service, slot):
        tie, other = household_at(slot.open_day.development), household_at(slot.open_day.development)
        elsewhere = SlotFactory(open_day__development=slot.open_day.development)
        for wrong in ({"owner": other.owner.pk}, {"slot": elsewhere.pk}):
            page = service.post(url("call_book", slot.open_day_id, tie.home.pk), self.party(slot, tie, **wrong))
            assert list(page.context["form"].errors) == list(wrong)
        assert service.get(url("call_book", slot.open_day_id, OwnershipFactory().home.pk)).status_code == 404


class TestBooking:
    def test_opening_it_is_noted_as_a_look_at_the_home_s_file(self, service, slot):
        booking = BookingFactory(slot=slot)
        html_of(service.get(url("booking", booking.pk)))
        look = Event.objects.get(verb="looked at")
        assert (look.actor, look.home_id, look.subject_id) == (service.user, booking.home_id, str(booking.pk))

    def test_the_party_is_changed_moved_and_cancelled_after_the_owners_deadline(self, service, slot, told):
        OpenDay.objects.update(change_until=NOW - timedelta(hours=1), opens_at=NOW - timedelta(days=9))
        later = SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=2))
        booking = BookingFactory(slot=slot)
        service.post(url("booking_party", booking.pk), {"adults": 1, "children": 2})
        service.post(url("booking_move", booking.pk), {"slot": later.pk})
        booking.refresh_from_db()
        assert (booking.people, booking.slot) == (3, later)
        history = [line["what"] for line in service.get(url("booking", booking.pk)).context["history"]]
        assert history == ["moved", "changed"]
        service.post(url("booking_cancel", booking.pk))
        booking.refresh_from_db()
        assert (booking.state, booking.cancelled_because) == ("cancelled", "staff")
        assert {owner for owner, _kind in told()} == {booking.owner}

    def test_a_move_to_a_full_time_is_refused_and_the_old_place_stays(self, service, slot):
        full = SlotFactory(open_day=slot.open_day, capacity=1, starts=SATURDAY + timedelta(hours=2))
        booking = BookingFactory(slot=slot)
        page = service.post(url("booking_move", booking.pk), {"slot": full.pk})
        booking.refresh_from_db()
        assert (bool(page.context["forms"]["move"].errors), booking.slot) == (True, slot)


class TestMessages:
    def message(self, **changes):
        values = {"message_id": uuid4(), "to": "booked", "slot": "", "title_en": "Rain", "text_en": "Bring a coat."}
        return values | {"title_zh": "", "text_zh": "", **changes}

    def test_it_is_looked_at_with_its_readers_and_sent_once(self, service, slot, told):
        booking = BookingFactory(slot=slot)
        BookingFactory(slot=SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=2)))
        WaitingEntryFactory(slot=slot), BookingFactory()
        address, form = url("messages", slot.open_day_id), self.message(slot=slot.pk)
        assert (service.post(address, form).context["readers"], told()) == (1, [])
        for _twice in range(2):
            service.post(address, form | {"confirmed": "1"})
        sent = OpenDayMessage.objects.get()
        assert (sent.people, sent.by, told()) == (1, service.user, [(booking.owner, "open-day-message")])

    def test_each_choice_of_readers_reaches_its_own(self, service, slot):
        booked, waiting = BookingFactory(slot=slot), WaitingEntryFactory(slot=slot)
        came, _gone = BookingFactory(slot=slot, arrived=True), BookingFactory(slot=slot, cancelled=True)
        for to, row in (("booked", booked), ("waiting", waiting), ("arrived", came)):
            service.post(url("messages", slot.open_day_id), self.message(to=to, confirmed="1"))
            assert list(OpenDayMessage.objects.get(to=to).readers()) == [row.owner]

    def test_it_reaches_them_in_their_language_and_whoever_cancelled_meanwhile_no_more(self, service, slot):
        booking, other = BookingFactory(slot=slot), BookingFactory(slot=slot)
        both = self.message(title_zh="雨天", text_zh="请带雨衣。\n还有雨靴。", confirmed="1")
        service.post(url("messages", slot.open_day_id), both)
        kind, message = kinds.get("open-day-message"), OpenDayMessage.objects.get()
        with translation.override("zh-hans"):
            assert (kind.title(message), kind.paragraphs(message)) == ("雨天", ["请带雨衣。", "还有雨靴。"])
        Booking.objects.filter(pk=other.pk).update(state="cancelled", cancelled_at=NOW, cancelled_because="household")
        assert [kind.still_concerns(message, row.owner) for row in (booking, other)] == [True, False]

    @pytest.mark.parametrize("wrong", [{"title_en": ""}, {"text_en": ""}, {"title_zh": "雨"}, {"to": "all"}])
    def test_half_a_language_is_refused(self, service, slot, wrong):
        BookingFactory(slot=slot)
        page = service.post(url("messages", slot.open_day_id), self.message(confirmed="1", **wrong))
        assert (bool(page.context["form"].errors), OpenDayMessage.objects.count()) == (True, 0)

    def test_nobody_to_read_it_means_nothing_is_sent(self, service, slot):
        page = service.post(url("messages", slot.open_day_id), self.message(confirmed="1"))
        assert (page.context["readers"], OpenDayMessage.objects.count()) == (0, 0)


class TestFigures:
    def test_they_count_places_who_came_how_early_and_what_became_of_the_line(self, service, slot):
        for days in (0, 2, 20):
            BookingFactory(slot=slot, created_at=SATURDAY - timedelta(days=days, hours=2), arrived=True)
        BookingFactory(slot=slot, missed=True, created_at=SATURDAY - timedelta(days=20))
        BookingFactory(slot=slot, cancelled=True), BookingFactory(slot=slot, walk_in=True, home=None, arrived=True)
        WaitingEntryFactory(slot=slot, state="taken"), WaitingEntryFactory(slot=slot)
        BookingFactory()  # elsewhere
        assert figures.how_early(Booking.objects.filter(slot=slot)) == [
            (0, 1, 1),
            (1, 3, 1),
            (3, 7, 0),
            (7, 14, 0),
            (14, None, 2),
        ]
        shown = service.get(url("figures")).context
        assert [(bar["taken"], bar["capacity"], bar["value"]) for bar in shown["places"]] == [(8, 18, 44)]
        assert [(bar["came"], bar["missed"], bar["value"]) for bar in shown["shown_up"]] == [(3, 1, 75)]
        assert {bar["label"]: bar["parties"] for bar in shown["outcomes"] if bar["parties"]} == {
            "took a place": 1,
            "still wait": 1,
        }
        one = service.get(url("figures"), {"open_day": slot.open_day_id}).context
        assert [(bar["label"], bar["taken"]) for bar in one["places"]] == [("10:30", 8)]


def test_nothing_of_another_development_is_there(client, slot):
    """Its open day, times, bookings, line and messages: looking or doing."""
    booking, entry = BookingFactory(slot=slot), WaitingEntryFactory(slot=slot)
    client.force_login(StaffFactory(group="Supervisors", development=OpenDayFactory().development))
    rows = {
        slot.open_day_id: "page change rules copy_to publish cancel slots_add bookings waiting call messages history",
        slot.pk: "slot slot_cancel",
        booking.pk: "booking",
    }
    posts = {
        slot.open_day_id: "export change rules copy_to publish cancel slots_add messages",
        slot.pk: "slot slot_cancel",
    }
    posts |= {booking.pk: "booking_party booking_move booking_cancel", entry.pk: "take_off"}
    looked = {(name, client.get(url(name, pk)).status_code) for pk, names in rows.items() for name in names.split()}
    done = {(name, client.post(url(name, pk)).status_code) for pk, names in posts.items() for name in names.split()}
    assert {code for _name, code in looked | done} == {404}
    assert client.get(url("call_book", slot.open_day_id, booking.home_id)).status_code == 404
    shown = client.get(url("index")).content.decode() + client.get(url("figures")).content.decode()
    assert "Your own window" not in shown + client.get(url("week"), {"day": "2026-12-05"}).content.decode()
