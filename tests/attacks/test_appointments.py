"""Open days and visits under attack: forged ids and numbers, forms sent once more, hostile words, jobs that die."""

import csv
import io
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.events.models import Event
from accounts.links import make_mac
from accounts.notices import kinds
from accounts.notices.models import Notice
from portal.bookings import booking as bookings
from portal.bookings import gate, reminders, waiting
from portal.bookings.errors import BookingError
from portal.bookings.messages import send_message
from portal.bookings.models import Booking, OpenDay, Passage, Reminder, Slot, WaitingEntry, WaitingStep
from portal.bookings.opinions.actions import cite_opinions
from portal.bookings.opinions.models import Citation, OpinionRequest
from portal.bookings.opinions.tasks import ask_for_opinions
from portal.visits.booking import cancel_visit
from portal.visits.models import Visit
from progress.transfers.actions import transfer_home
from tests.factories import NOW, TODAY, OwnerFactory, StaffFactory, UpdateFactory, UserFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    SlotFactory,
    TicketPrintFactory,
    VisitorFactory,
    WaitingEntryFactory,
    household_at,
)
from tests.portal.bookings.opinion_factories import OpinionFactory, OpinionPhotoFactory
from tests.portal.visits.factories import TEN, AvailabilityFactory, VisitFactory

pytestmark = pytest.mark.django_db
TEXTS = {"title_en": "News", "body_en": "Words.", "title_zh": "", "body_zh": ""}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def slot():
    return SlotFactory()


@pytest.fixture
def tie(client, slot):
    tie = household_at(slot.open_day.development)
    client.force_login(tie.owner.user)
    return tie


@pytest.fixture
def desk(slot):
    client = Client()
    client.force_login(StaffFactory(group="Supervisors", development=slot.open_day.development))
    return client


def come(client, tie, slot, act="book", **given):
    data = {"op": uuid4(), "slot": slot.pk, "adults": 2, "children": 0, "rules": 1, "accepted": "on"}
    return client.post(reverse(f"home:{act}", args=[tie.home.pk, slot.open_day_id]), data | given)


def status(client, url):
    """What came back; a file is read to its end."""
    response = client.get(url)
    list(response)
    return response.status_code


def errors_of(response):
    return [str(error) for errors in response.context["form"].errors.values() for error in errors]


class TestNumbers:
    @pytest.mark.parametrize("number", ["-1", "0", "1e9", "1000000000", "NaN", "inf", "²", "9" * 8000, "1\x00", "½"])
    def test_what_is_no_party_is_refused_in_words(self, client, tie, slot, number):
        for field in ("adults", "children"):
            if (field, number) != ("children", "0"):
                response = come(client, tie, slot, **{field: number})
                assert (response.status_code, len(errors_of(response))) == (200, 1), (field, number)
        assert not Booking.objects.exists()

    def test_full_width_digits_are_digits(self, client, tie, slot):
        come(client, tie, slot, adults="２", children="１")
        assert Booking.objects.get().people == 3


class TestSentOnceMore:
    """The page before is a finger away: what it sends again is not said to be done when it is not."""

    def test_a_booking_that_was_cancelled_since(self, client, tie, slot):
        op = uuid4()
        come(client, tie, slot, op=op)
        bookings.cancel(Booking.objects.get(), by=tie.owner.user, at=NOW)
        response = come(client, tie, slot, op=op)
        assert (response.status_code, errors_of(response)) == (
            200,
            ["This form was sent already. Please open the page anew."],
        )

    def test_a_booking_with_another_time_chosen(self, client, tie, slot):
        op, other = uuid4(), SlotFactory(open_day=slot.open_day)
        come(client, tie, slot, op=op)
        response = come(client, tie, other, op=op)
        assert "You can change it, or move it." in errors_of(response)[0]
        assert Booking.objects.get().slot == slot

    def test_the_id_of_a_booking_of_another_open_day_or_home(self, client, tie, slot):
        mine, foreign = BookingFactory(home=tie.home, slot=SlotFactory()), BookingFactory(slot=slot)
        for op in (mine.pk, foreign.pk):
            assert errors_of(come(client, tie, slot, op=op)) == [
                "This form was sent already. Please open the page anew."
            ]

    def test_a_place_in_the_line_that_was_left(self, client, tie, slot):
        Slot.objects.update(capacity=2)
        BookingFactory(slot=slot)
        op = uuid4()
        assert come(client, tie, slot, "wait", op=op).status_code == 302
        waiting.leave(WaitingEntry.objects.get(), by=tie.owner.user, at=NOW)
        assert come(client, tie, slot, "wait", op=op).status_code == 200

    def test_a_visit_that_was_cancelled_since(self, client, tie, now):
        now.move_to(TEN - timedelta(days=5))
        AvailabilityFactory(development=tie.home.development)
        data = {"time": TEN.isoformat(), "visit_id": uuid4(), "note": ""}
        url = reverse("home:visit-times", args=[tie.home.pk, "survey"])
        assert client.post(url, data).status_code == 302
        cancel_visit(Visit.objects.get(), by=tie.owner.user, at=NOW)
        assert errors_of(client.post(url, data)) == ["This form has been sent already. Please begin anew."]


class TestOneKindForAnother:
    def test_no_id_opens_what_another_kind_stands_behind(self, client, tie, slot):
        """Each id of the household's own, in every address that takes another."""
        booking = BookingFactory(home=tie.home, slot=slot)
        entry = WaitingEntryFactory(home=tie.home, slot=SlotFactory(open_day=slot.open_day))
        visit, opinion = VisitFactory(home=tie.home, owner=tie.owner), OpinionFactory(booking__home=tie.home)
        photo = OpinionPhotoFactory(opinion=opinion)
        ids = {"booking": booking.pk, "waiting": entry.pk, "visit": visit.pk, "opinion": opinion.booking_id}
        ids |= {"photo": photo.pk, "said": opinion.pk, "slot": slot.pk, "day": slot.open_day_id, "home": tie.home.pk}
        pages = {
            "booking": ["booking", "booking-change", "booking-move", "booking-cancel", "booking-ics", "booking-pdf"],
            "waiting": ["waiting"],
            "visit": ["visit", "visit-move", "visit-ics"],
            "opinion": ["opinion"],
        }
        opened = set()
        for kind, names in pages.items():
            for name in names:
                opened |= {(name, other) for other in ids if self.opens(client, name, ids[other]) and other != kind}
        assert opened == {(name, "opinion") for name in pages["booking"]}  # a booking, too
        assert all(self.opens(client, names[0], ids[kind]) for kind, names in pages.items())

    def opens(self, client, name, pk):
        found = status(client, reverse(f"home:{name}", args=[pk]))
        assert found < 500
        return found != 404

    def test_at_the_gate_only_the_code_of_this_booking_opens_it(self, desk, slot):
        booking, other = BookingFactory(slot=slot), BookingFactory(slot=slot)
        Booking.objects.update(code_version=2)
        forged = [
            make_mac("ticket", other.pk, 2),
            make_mac("ticket", booking.pk, 3),
            make_mac("offline", booking.pk, 2),
            make_mac("ticket", booking.pk, 2).upper(),
            make_mac("ticket", booking.pk, 2)[:-1],
            "\u202e\U0001f600",
            "x" * 3000,
        ]
        codes = [desk.get(reverse("site:ticket", args=[booking.pk, mac])).status_code for mac in forged]
        assert codes == [404] * len(forged)
        assert desk.get(reverse("site:ticket", args=[booking.pk, make_mac("ticket", booking.pk, 2)])).status_code == 200

    def test_an_entry_of_the_gate_is_never_a_walk_in_nor_the_other_way_round(self, slot):
        booking, given = BookingFactory(slot=slot), {"by": None, "at": SATURDAY, "said_at": SATURDAY}
        party = {"slot": slot, "home": None, "names": [], "adults": 1, "children": 0}
        with pytest.raises(BookingError, match="somebody else"):
            gate.walk_in(op_id=booking.pk, **party, **given)
        entry = gate.walk_in(op_id=uuid4(), **party, **given)
        with pytest.raises(BookingError, match="somebody else"):
            gate.check_out(op_id=entry.booking.pk, booking=booking, **given)


def test_who_has_bought_a_home_finds_nothing_of_those_before_and_they_nothing_any_more(client, tie, slot):
    booking, entry = BookingFactory(home=tie.home, slot=slot), WaitingEntryFactory(home=tie.home)
    photo = OpinionPhotoFactory(opinion=OpinionFactory(booking__home=tie.home))
    visit = VisitFactory(home=tie.home, owner=tie.owner)
    printed = TicketPrintFactory(booking=booking, ready=True)
    urls = [
        *[reverse(f"home:{name}", args=[booking.pk]) for name in ("booking", "booking-ics", "booking-pdf")],
        reverse("home:booking-pdf-file", args=[booking.pk, printed.pk]),
        reverse("home:waiting", args=[entry.pk]),
        reverse("home:opinion", args=[photo.opinion.booking_id]),
        reverse("home:opinion-photo", args=[photo.pk, "thumb"]),
        *[reverse(f"home:{name}", args=[visit.pk]) for name in ("visit", "visit-ics", "visit-move")],
    ]
    assert 404 not in [status(client, url) for url in urls]
    new, bought = OwnerFactory(), Client()
    transfer_home(home=tie.home, to=[new], on=TODAY, by=None, at=NOW + timedelta(minutes=1))
    bought.force_login(new.user)
    found = [(url, status(person, url)) for url in urls for person in (client, bought)]
    assert [url for url, status in found if status != 404] == []
    page = bought.get(reverse("home:visits", args=[tie.home.pk])).content.decode()
    assert [str(row.pk) for row in (booking, entry, visit) if str(row.pk) in page] == []


def test_a_message_to_those_who_came_is_not_for_who_has_sold_since(slot):
    stays, sold = BookingFactory(slot=slot, has_left=True), BookingFactory(slot=slot, has_left=True)
    texts = {"title_en": "Thank you", "text_en": "Your photos.", "title_zh": "", "text_zh": ""}
    given = {"open_day": slot.open_day, "slot": None, "to": "arrived", "texts": texts, "by": UserFactory()}
    before = send_message(message_id=uuid4(), **given, at=NOW)
    assert before.people == 2
    transfer_home(home=sold.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
    kind = kinds.get("open-day-message")
    assert [kind.still_concerns(before, booking.owner) for booking in (stays, sold)] == [True, False]
    assert send_message(message_id=uuid4(), **given, at=NOW).people == 1


class TestHostileWords:
    def form(self, day, **given):
        """The form of an open day as a browser sends it."""
        wall = {"opens_at": "2026-11-01T08:00", "closes_at": "2026-12-05T09:00", "change_until": "2026-12-04T17:30"}
        texts = {f"{name}_en": "x" for name in ("title", "summary", "meeting_point", "route", "bring")}
        terms = {"max_party": 4, "min_age": 0, "offer_hours": 24, "open_day_id": uuid4()}
        return {"development": day.development_id, **wall, **texts, **terms, **given}

    @pytest.mark.parametrize("field", ["title_en", "title_zh", "meeting_point_en", "meeting_point_zh"])
    @pytest.mark.parametrize("words", ["Open\r\nBcc: all@example.com", "Gate\u2028BEGIN:VALARM", "\x1b[31mred"])
    def test_what_heads_a_mail_or_a_date_is_one_line(self, desk, slot, field, words):
        response = desk.post(reverse("desk_openday:new"), self.form(slot.open_day, **{field: words}))
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field])

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01T00:00", "NaN"])
    def test_a_time_that_is_none_is_refused(self, desk, slot, moment):
        day = self.form(slot.open_day, opens_at=moment)
        assert list(desk.post(reverse("desk_openday:new"), day).context["form"].errors) == ["opens_at"]
        rows = {"first": moment, "minutes": 60, "pause": 1440, "number": 24, "capacity": 5}
        response = desk.post(reverse("desk_openday:slots_add", args=[slot.open_day_id]), rows)
        assert list(response.context["form"].errors) == ["first"]
        one = {"starts": moment, "ends": moment, "capacity": 5}
        response = desk.post(reverse("desk_openday:slot", args=[slot.pk]), one)
        assert list(response.context["form"].errors) == ["starts", "ends"]

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
    def test_a_visit_arranged_at_such_a_time_is_refused(self, desk, slot, moment):
        home = household_at(slot.open_day.development).home
        data = {"visit_id": uuid4(), "arranged": moment}
        response = desk.post(reverse("desk_visit:book", args=[home.pk]), data)
        assert (response.status_code, bool(response.context["form"].errors)) == (200, True)

    def test_calendars_read_one_date_whatever_stands_in_the_way_there(self, client, tie, slot):
        route = "86 Road\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Free beer;,\\n\u202e😀\r\n" + "路" * 500
        OpenDay.objects.update(title_en='Open;day, "x" \\n 😀\u202e', route_en=route, meeting_point_en="A:B;C,D")
        booking = BookingFactory(home=tie.home, slot=slot, owner=tie.owner)
        content = client.get(reverse("home:booking-ics", args=[booking.pk])).content
        [event] = Calendar.from_ical(content).events
        assert ["Free beer" in event[name] for name in ("DESCRIPTION", "SUMMARY")] == [True, False]
        assert max(len(line) for line in content.split(b"\r\n")) <= 75

    def test_a_spreadsheet_gets_words_and_no_formulas(self, desk, slot):
        booking = BookingFactory(slot=slot, needs="=cmd|'/c calc'!A1", owner=OwnerFactory(name="+Eve"))
        VisitorFactory(booking=booking, name='@SUM(1+1)*cmd|"x"')
        session = desk.session
        session["account_authentication_methods"] = [{"method": "password", "at": NOW.timestamp()}]
        session.save()
        response = desk.post(reverse("desk_openday:export", args=[slot.open_day_id]), {"kind": "csv"})
        [_heading, line] = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
        assert [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))] == []
        assert "no-store" in response.headers["Cache-Control"]


class TestCitations:
    def cite(self, opinion, update_id, by):
        words = {opinion: ("Narrow hall", "")}
        return cite_opinions(update_id=update_id, open_day=opinion.open_day, texts=TEXTS, words=words, by=by)

    @pytest.mark.parametrize("kind", ["published here", "another's draft here", "my draft elsewhere"])
    def test_words_are_never_put_into_an_update_that_stands_already(self, kind):
        opinion, by = OpinionFactory(), UserFactory()
        here = opinion.open_day.development
        update = {
            "published here": lambda: UpdateFactory(development=here, author=by, state="published", published_at=NOW),
            "another's draft here": lambda: UpdateFactory(development=here),
            "my draft elsewhere": lambda: UpdateFactory(author=by),
        }[kind]()
        with pytest.raises(BookingError, match="used already"):
            self.cite(opinion, update.pk, by)
        assert not Citation.objects.exists()

    def test_the_form_sent_twice_is_one_draft_with_the_words_once(self):
        opinion, by, op = OpinionFactory(), UserFactory(), uuid4()
        assert self.cite(opinion, op, by) == self.cite(opinion, op, by)
        assert Citation.objects.count() == 1


class KilledError(BaseException):
    """No `except Exception` catches it: the process is gone."""


COUNTED = (Notice, Event, Passage, Reminder, WaitingStep, OpinionRequest)


class TestJobs:
    """What came due while the worker was down, what is done twice, and what dies half-way."""

    @pytest.fixture
    def due(self):
        """A day before a Saturday: offers that have run out, bookings to remind of; others to mark and to ask."""
        soon, past = SlotFactory(), SlotFactory(starts=SATURDAY - timedelta(days=3))
        for _each in range(2):
            BookingFactory(slot=soon)
            BookingFactory(slot=past)
            BookingFactory(slot=past, has_left=True)
            WaitingEntryFactory(slot=soon, offered=True)
        return SATURDAY - timedelta(hours=23)

    def run(self, at):
        waiting.expire_offers(at=at)
        reminders.remind(at=at)
        gate.sweep_no_shows(at=at)
        ask_for_opinions(at=at)

    def counts(self):
        states = (Booking.objects.values_list("state"), WaitingEntry.objects.values_list("state"))
        return [model.objects.count() for model in COUNTED], [sorted(rows) for rows in states]

    def test_run_twice_or_a_minute_later_they_change_nothing(self, due):
        self.run(due)
        counts = self.counts()
        assert 0 not in counts[0]
        self.run(due)
        self.run(due + timedelta(minutes=1))
        assert self.counts() == counts

    @pytest.mark.parametrize("turn", [1, 3, 5])
    def test_killed_anywhere_they_lose_nothing_and_repeat_nothing(self, due, turn):
        whole = self.expected(due)
        with patch.object(type(Notice.objects.all()), "bulk_create", self.dying(turn)), pytest.raises(KilledError):
            self.run(due)
        self.run(due)
        assert self.counts() == whole

    def dying(self, turn):
        bulk_create, calls = type(Notice.objects.all()).bulk_create, []

        def dies(rows, *args, **kwargs):
            calls.append(rows)
            if len(calls) == turn:
                raise KilledError
            return bulk_create(rows, *args, **kwargs)

        return dies

    def expected(self, due):
        with transaction.atomic():
            self.run(due)
            counts = self.counts()
            transaction.set_rollback(True)
        return counts


def test_looking_changes_nothing(client, tie, slot, desk):
    """The pages of forms, opened by whoever may send them."""
    booking, entry = BookingFactory(home=tie.home, slot=slot), WaitingEntryFactory(home=tie.home, offered=True)
    visit = VisitFactory(home=tie.home, owner=tie.owner)
    of = {"booking": booking, "waiting": entry, "visit": visit}
    names = ["booking", "booking-change", "booking-move", "booking-cancel", "booking-visitors", "waiting-leave"]
    names += ["offer-take", "offer-decline", "waiting", "visit", "visit-move", "visit-cancel"]
    kind = {"offer-take": "waiting", "offer-decline": "waiting"}
    for name in names:
        client.get(reverse(f"home:{name}", args=[of[kind.get(name, name.partition("-")[0])].pk]))
    for name in ("gate-in", "gate-out", "gate-missed", "gate-without", "gate-undo"):
        desk.get(reverse(f"site:{name}", args=[booking.pk]))
    for name in ("publish", "cancel", "copy_to", "rules", "slots_add", "messages"):
        desk.get(reverse(f"desk_openday:{name}", args=[slot.open_day_id]))
    desk.get(reverse("site:ticket", args=[booking.pk, make_mac("ticket", booking.pk, 1)]))
    desk.get(reverse("site:visit-act", args=[visit.pk, "confirm"]))
    stand = [type(row).objects.get(pk=row.pk).state for row in (booking, entry, visit, slot.open_day, slot)]
    assert stand == ["booked", "offered", "booked", "published", "open"]
    assert (Passage.objects.count(), OpenDay.objects.count()) == (0, 2)
