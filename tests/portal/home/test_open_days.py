"""Open days on the owners' pages: found, booked, changed, moved and given back; waited for."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from icalendar import Calendar
from pypdf import PdfReader

from accounts.links import check_mac
from portal.bookings import booking as booking_actions
from portal.bookings.models import Booking, OpenDay, WaitingEntry
from portal.bookings.paper.models import TicketPrint
from portal.bookings.paper.tasks import make_ticketprint
from portal.bookings.tickets import address_of, code_svg
from progress.models import Role
from tests.factories import NOW, BuildingFactory, OwnershipFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    SafetyRuleFactory,
    SlotFactory,
    TicketPrintFactory,
    WaitingEntryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


@pytest.fixture
def day(tie):
    day = OpenDayFactory(development=tie.home.development)
    SafetyRuleFactory(open_day=day)
    return day


@pytest.fixture
def slot(day):
    return SlotFactory(open_day=day)


def address(tie, day, name="open-day"):
    return reverse(f"home:{name}", args=[tie.home.pk, day.pk])


def given(slot, /, **changes):
    fields = {"op": uuid4(), "rules": 1, "slot": slot.pk, "adults": 2, "children": 1, "needs": "", "accepted": "on"}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def booked(tie, slot, **fields):
    return BookingFactory(slot=slot, home=tie.home, owner=tie.owner, **fields)


def shown(client, name, *args):
    return client.get(reverse(f"home:{name}", args=args)).content.decode()


class TestFinding:
    def test_the_tab_lists_what_can_be_booked_what_is_booked_and_what_is_past(self, client, tie, slot):
        other, past = OpenDayFactory(development=tie.home.development), OpenDayFactory(development=tie.home.development)
        booked(tie, SlotFactory(open_day=other))
        booked(tie, SlotFactory(open_day=past, starts=NOW - timedelta(days=30)), has_left=True)
        context = client.get(reverse("home:visits", args=[tie.home.pk])).context
        assert [each.title for each in context["open_days"]] == [slot.open_day.title]
        assert [each.open_day for each in context["coming"]] == [other]
        assert [each.open_day for each in context["past"]] == [past]

    def test_the_tab_takes_as_many_queries_with_three_as_with_one(self, client, tie):
        url = reverse("home:visits", args=[tie.home.pk])
        self.fill(tie)
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        self.fill(tie), self.fill(tie)
        with CaptureQueriesContext(connection) as three:
            client.get(url)
        assert len(three) == len(one)

    def fill(self, tie):
        slots = [SlotFactory(open_day=OpenDayFactory(development=tie.home.development)) for _each in range(4)]
        booked(tie, slots[0])
        booked(tie, slots[1], cancelled=True)
        WaitingEntryFactory(slot=slots[2], home=tie.home, owner=tie.owner)

    def test_each_time_says_how_full_it_is(self, client, tie, day):
        hours = {
            "full": SlotFactory(open_day=day, capacity=2),
            "nearly": SlotFactory(open_day=day, starts=SATURDAY + timedelta(hours=1), capacity=8),
            "free": SlotFactory(open_day=day, starts=SATURDAY + timedelta(hours=2)),
            "off": SlotFactory(open_day=day, starts=SATURDAY + timedelta(hours=3), cancelled=True),
        }
        BookingFactory(slot=hours["full"]), WaitingEntryFactory(slot=hours["full"])
        BookingFactory(slot=hours["nearly"], adults=3), BookingFactory(slot=hours["nearly"], adults=3)
        choices = client.get(address(tie, day)).context["choices"]
        assert [(choice.when, str(choice.words), str(choice.badge[0])) for choice in choices] == [
            ("10:30", "Full. 1 party is waiting.", "Waiting list"),
            ("11:30", "2 of 8 places left", "Nearly full"),
            ("12:30", "18 of 18 places left", "Open"),
            ("13:30", "The crane is taken down.", "Cancelled"),
        ]

    def test_a_draft_and_what_is_for_other_buildings_are_not_found(self, client, tie):
        here = tie.home.development
        for day in (OpenDayFactory(development=here, draft=True), elsewhere(here)):
            assert client.get(address(tie, day)).status_code == 404

    def test_the_front_page_asks_to_choose_a_time_then_shows_the_appointment(self, client, tie, slot):
        context = client.get(reverse("home:home", args=[tie.home.pk])).context
        assert (address(tie, slot.open_day) in [need.url for need in context["needs"]]) is True
        assert context["appointment"] is None
        booking = booked(tie, slot)
        context = client.get(reverse("home:home", args=[tie.home.pk])).context
        assert (address(tie, slot.open_day) in [need.url for need in context["needs"]]) is False
        assert context["appointment"].url == reverse("home:booking", args=[booking.pk])


def elsewhere(development):
    return OpenDayFactory(development=development, buildings=[BuildingFactory(development=development)])


class TestBooking:
    def test_a_double_click_is_one_booking(self, client, tie, slot):
        fields = given(slot)
        answers = [client.post(address(tie, slot.open_day, "book"), fields) for _each in range(2)]
        booking = Booking.objects.get()
        assert [answer["Location"] for answer in answers] == [reverse("home:booking", args=[booking.pk])] * 2
        assert (booking.pk, booking.people, booking.owner) == (fields["op"], 3, tie.owner)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"adults": 0}, "At least one adult has to come along."),
            ({"adults": -1}, "At least one adult has to come along."),
            ({"adults": 1000}, "Up to 4 people a home can come. Please bring fewer."),
            ({"children": 3}, "Up to 4 people a home can come. Please bring fewer."),
            ({"adults": None}, "Please say how many adults come."),
            ({"slot": None}, "Please choose a time."),
            ({"accepted": None}, "Please accept the rules; without them we can&#x27;t take you up."),
            ({"rules": 0}, "The rules of the site have changed meanwhile. Please read them again."),
            ({"op": "double"}, "Please open this page anew, and try once more."),
            ({"needs": "a\nb"}, "one line"),
        ],
    )
    def test_what_is_filled_in_wrongly_is_told_under_its_field(self, client, tie, slot, changes, words):
        response = client.post(address(tie, slot.open_day, "book"), given(slot, **changes))
        assert (response.status_code, Booking.objects.count()) == (200, 0)
        assert words in response.content.decode()

    def test_a_time_of_another_development_is_no_choice(self, client, tie, day):
        SlotFactory(open_day=day)
        response = client.post(address(tie, day, "book"), given(SlotFactory()))
        assert "This time is not among those of the open day." in response.content.decode()
        assert not Booking.objects.exists()

    def test_a_time_that_has_filled_up_meanwhile_is_told_and_offers_the_line(self, client, tie, day):
        slot = SlotFactory(open_day=day, capacity=2)
        BookingFactory(slot=slot)
        html = client.post(address(tie, day, "book"), given(slot)).content.decode()
        assert "This time is full. You can join its waiting list, or choose another time." in html
        assert (Booking.objects.count(), address(tie, day, "wait") in html) == (1, True)

    @pytest.mark.parametrize(("role", "status"), [(Role.CO_OWNER, 302), (Role.FAMILY, 302), (Role.TENANT, 404)])
    def test_the_household_books_but_for_tenants(self, client, tie, slot, role, status):
        other = OwnershipFactory(home=tie.home, role=role)
        client.force_login(other.owner.user)
        assert client.post(address(tie, slot.open_day, "book"), given(slot)).status_code == status


class TestTicket:
    def test_it_shows_a_code_that_the_gate_knows_by_its_seal(self, client, tie, slot):
        booking = booked(tie, slot)
        assert code_svg(booking) in shown(client, "booking", booking.pk)
        match = resolve(address_of(booking).removeprefix(settings.BASE_URL))
        assert match.view_name == "site:ticket"
        assert check_mac("ticket", booking.pk, 1, match.kwargs["mac"])

    def test_names_are_kept_and_whoever_ticks_has_accepted_the_rules(self, client, tie, slot):
        client.post(address(tie, slot.open_day, "book"), given(slot, children=0))
        booking = Booking.objects.get()
        fields = {"rules": 1, "name-0": tie.owner.name, "name-1": "Lin Wen", "accepted-1": "on"}
        client.post(reverse("home:booking-visitors", args=[booking.pk]), fields)
        named = [(each.name, each.rules_version) for each in booking.visitors.all()]
        assert named == [(tie.owner.name, 1), ("Lin Wen", 1)]

    def test_rules_that_changed_since_wait_for_the_owner_at_the_front(self, client, tie, slot):
        booking = booked(tie, slot)
        OpenDay.objects.update(rules_version=2)
        needs = client.get(reverse("home:home", args=[tie.home.pk])).context["needs"]
        assert reverse("home:booking", args=[booking.pk]) + "#rules" in [need.url for need in needs]
        assert "The rules of the site have changed" in shown(client, "booking", booking.pk)

    def test_more_people_and_another_time_are_a_matter_of_room(self, client, tie, day, slot):
        booking, small = booked(tie, slot), SlotFactory(open_day=day, starts=SATURDAY + timedelta(hours=3), capacity=2)
        change, move = (reverse(f"home:booking-{what}", args=[booking.pk]) for what in ("change", "move"))
        assert client.post(change, {"adults": 3, "children": 0}).status_code == 302
        assert "Only 2 places are left at this time." in client.post(move, {"slot": small.pk}).content.decode()
        booking.refresh_from_db()
        assert (booking.people, booking.slot) == (3, slot)
        client.post(change, {"adults": 2, "children": 0})
        client.post(move, {"slot": small.pk})
        booking.refresh_from_db()
        assert (booking.people, booking.slot) == (2, small)

    def test_cancelling_asks_first_and_then_shows_no_code(self, client, tie, slot):
        booking = booked(tie, slot)
        url = reverse("home:booking-cancel", args=[booking.pk])
        assert "Keep it" in client.get(url).content.decode()
        booking.refresh_from_db()
        assert booking.state == "booked"
        html = client.post(url, follow=True).content.decode()
        assert ("<path" in html and code_svg(booking) in html, "Cancelled on 22 November 2026" in html) == (False, True)

    @pytest.mark.parametrize("what", ["change", "move", "visitors", "cancel"])
    def test_cancelled_in_another_tab_every_form_gets_a_kind_word(self, client, tie, slot, what):
        booking = booked(tie, slot, cancelled=True)
        other = SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=3))
        fields = {"adults": 1, "children": 0, "slot": other.pk, "rules": 1, "name-0": "Shen Yue"}
        html = client.post(reverse(f"home:booking-{what}", args=[booking.pk]), fields, follow=True).content.decode()
        words = "Cancelled on 22 November 2026" if what == "cancel" else "This booking has been cancelled."
        assert words in html


class TestWaiting:
    @pytest.fixture
    def full(self, day):
        slot = SlotFactory(open_day=day, capacity=2)
        slot.taken = BookingFactory(slot=slot)
        return slot

    def test_a_household_stands_in_line_sees_its_turn_and_leaves(self, client, tie, full):
        WaitingEntryFactory(slot=full, joined_at=NOW - timedelta(hours=1))
        fields = given(full, adults=1, children=0)
        html = client.post(address(tie, full.open_day, "wait"), fields, follow=True).content.decode()
        assert "You are number 2 in the line" in html
        assert "You joined the line." in html
        client.post(reverse("home:waiting-leave", args=[fields["op"]]))
        assert WaitingEntry.objects.get(pk=fields["op"]).state == "withdrawn"

    @pytest.mark.parametrize(("answer", "state", "bookings"), [("take", "taken", 2), ("decline", "declined", 1)])
    def test_an_offer_is_shown_with_its_end_and_answered(self, client, tie, full, answer, state, bookings):
        entry = WaitingEntryFactory(slot=full, home=tie.home, owner=tie.owner, adults=1)
        booking_actions.cancel(full.taken, by=None, at=NOW, because="staff")
        html = shown(client, "waiting", entry.pk)
        assert ("A place is held for you" in html, "left" in html) == (True, True)
        client.post(reverse(f"home:offer-{answer}", args=[entry.pk]))
        entry.refresh_from_db()
        assert (entry.state, Booking.objects.count()) == (state, bookings)

    def test_an_offer_used_twice_gets_a_kind_word(self, client, tie, full):
        entry = WaitingEntryFactory(slot=full, home=tie.home, owner=tie.owner, state="expired")
        html = client.post(reverse("home:offer-take", args=[entry.pk]), follow=True).content.decode()
        assert ("You are no longer in this line" in html, 'role="alert"' in html or "alert" in html) == (True, True)
        assert Booking.objects.filter(home=tie.home).count() == 0


class TestCalendarFile:
    def read(self, client, booking):
        response = client.get(reverse("home:booking-ics", args=[booking.pk]))
        calendar = Calendar.from_ical(response.content)
        (event,) = calendar.walk("VEVENT")
        return str(calendar["METHOD"]), event

    def test_it_follows_a_move_and_takes_a_cancelled_visit_out_again(self, client, tie, slot):
        booking = booked(tie, slot)
        other = SlotFactory(open_day=slot.open_day, starts=SATURDAY + timedelta(hours=3))
        first = self.read(client, booking)
        booking_actions.move(booking, slot=other, by=tie.owner.user, at=NOW)
        second = self.read(client, booking)
        booking_actions.cancel(booking, by=tie.owner.user, at=NOW)
        third = self.read(client, booking)
        assert [method for method, _event in (first, second, third)] == ["PUBLISH", "PUBLISH", "CANCEL"]
        assert [int(event["SEQUENCE"]) for _method, event in (first, second, third)] == [0, 1, 2]
        assert len({str(event["UID"]) for _method, event in (first, second, third)}) == 1
        assert (first[1]["DTSTART"].dt, second[1]["DTSTART"].dt) == (slot.starts, other.starts)

    def test_line_breaks_and_control_characters_break_nothing(self, client, tie, slot):
        nasty = "North\r\nEND:VEVENT\r\nBEGIN:VEVENT\x00\u2028gate; a, b"
        fields = {f"{name}_{code}": nasty for name in ("title", "meeting_point", "route") for code in ("en", "zh")}
        OpenDay.objects.update(**{name: value.replace("\x00", "\x01") for name, value in fields.items()})
        _method, event = self.read(client, booked(tie, slot))
        said = "North END:VEVENT BEGIN:VEVENT gate; a, b"
        assert str(event["SUMMARY"]) == f"Open day: {said}"
        assert str(event["DESCRIPTION"]) == said
        assert str(event["LOCATION"]).startswith(said)


class TestPaper:
    def test_the_ticket_is_printed_by_the_worker_and_offered_until_it_says_something_else(self, client, tie, slot):
        booking = booked(tie, slot)
        page, ask = (reverse(f"home:booking-{name}", args=[booking.pk]) for name in ("pdf", "pdf-ask"))
        assert "It is being printed" in client.post(ask, follow=True).content.decode()
        print_ = TicketPrint.objects.get()
        make_ticketprint(print_.pk)
        file = reverse("home:booking-pdf-file", args=[booking.pk, print_.pk])
        assert file in client.get(page).content.decode()
        pdf = PdfReader(BytesIO(b"".join(client.get(file).streaming_content)))
        text = " ".join(pdf.pages[0].extract_text().split())
        assert ("Saturday 5 December 2026, 10:30–11:45" in text, len(pdf.pages)) == (True, 1)
        Booking.objects.update(adults=3)
        assert file not in client.get(page).content.decode()

    def test_nobody_else_of_the_household_fetches_a_print_and_nothing_is_printed_of_a_cancelled_booking(
        self, client, tie, slot
    ):
        booking = booked(tie, slot)
        print_ = TicketPrintFactory(booking=booking, asked_by=OwnershipFactory(home=tie.home).owner.user, ready=True)
        assert client.get(reverse("home:booking-pdf-file", args=[booking.pk, print_.pk])).status_code == 404
        booking_actions.cancel(booking, by=tie.owner.user, at=NOW)
        html = client.post(reverse("home:booking-pdf-ask", args=[booking.pk]), follow=True).content.decode()
        assert "This booking is cancelled, so there is no ticket to print." in html
        assert TicketPrint.objects.count() == 1


def test_a_ticket_and_the_tab_are_kept_on_the_phone_before_anybody_opens_them(client, tie, slot):
    ticket = reverse("home:booking", args=[booked(tie, slot).pk])
    pages = dict(client.get(reverse("home:offline-ahead")).json()["pages"])
    assert {ticket, reverse("home:visits", args=[tie.home.pk])} <= set(pages)
    assert client.get(ticket).headers["X-Offline-Keep"] == "page"
    Booking.objects.update(adults=3)
    assert dict(client.get(reverse("home:offline-ahead")).json()["pages"])[ticket] != pages[ticket]


def test_the_search_finds_an_open_day_that_is_for_a_home_of_the_reader(client, tie, slot):
    SlotFactory(open_day=elsewhere(tie.home.development))
    hits = client.get(reverse("home:search"), {"q": "your own window"}).content.decode()
    assert (address(tie, slot.open_day) in hits, hits.count("/open-days/")) == (True, 1)
