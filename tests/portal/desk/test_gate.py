"""The gate's pages on a phone: the list, the code of a ticket, entries from the queue, walk-ins, weather, paper."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.events.models import Event
from accounts.notices.models import Notice
from portal.bookings.models import Booking, Passage
from portal.bookings.tickets import address_of
from portal.desk.gate.rows import mac_of
from portal.ui.offline import person_of
from tests.factories import OwnershipFactory, StaffFactory
from tests.portal.bookings.factories import (
    SATURDAY,
    BookingFactory,
    OpenDayFactory,
    SafetyRuleFactory,
    SlotFactory,
    VisitorFactory,
    WaitingEntryFactory,
    household_at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("saturday")]
SENT = {"X-Offline": "send"}


@pytest.fixture
def saturday(time_machine):
    """The morning of the open day, 10:40 at the site."""
    time_machine.move_to(SATURDAY + timedelta(minutes=10), tick=False)


def party(slot, number, name, **fields):
    tie = household_at(slot.open_day.development, home__number=number, owner__name=name)
    return BookingFactory(slot=slot, home=tie.home, **fields)


@pytest.fixture
def booking():
    return party(SlotFactory(), "3-1102", "Shen Yue", needs="A wheelchair")


@pytest.fixture
def guard(client, booking):
    guard = StaffFactory(group="Site managers", development=booking.open_day.development, name="Zhou Ning")
    client.force_login(guard)
    return guard


def page_of(client, name, *args, **query):
    return client.get(reverse(f"site:{name}", args=args), query).content.decode()


def ticket(client, booking, version=None):
    response = client.get(reverse("site:ticket", args=[booking.pk, mac_of(booking, version)]))
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def enter(client, booking, act="in", **fields):
    fields = {"op": uuid4(), **fields}
    return client.post(reverse(f"site:gate-{act}", args=[booking.pk]), fields, headers=SENT)


def state(booking):
    booking.refresh_from_db()
    return booking.state


class TestLists:
    def test_today_stands_before_other_days(self, client, booking, guard):
        later = SlotFactory(
            open_day__development=booking.open_day.development, starts=SATURDAY + timedelta(days=7)
        ).open_day
        OpenDayFactory(draft=True, development=booking.open_day.development)
        response = client.get(reverse("site:gate"))
        assert (response.context["today"], response.context["others"]) == ([booking.open_day], [later])

    def test_the_list_says_who_comes_and_what_they_need(self, client, booking, guard):
        page = page_of(client, "gate-day", booking.open_day_id)
        assert all(words in page for words in ("3-1102", "Shen Yue", "A wheelchair", "10:30", "2 of 18 places"))

    def test_without_script_the_search_finds_by_name_and_number(self, client, booking, guard):
        party(booking.slot, "3-1103", "Han Mei")
        for sought in ("yue", "1102", "shen 3-"):
            response = client.get(reverse("site:gate-day", args=[booking.open_day_id]), {"q": sought})
            assert [party.booking for time in response.context["times"] for party in time.parties] == [booking]

    def test_its_queries_do_not_grow_with_the_parties(self, client, booking, guard, django_assert_num_queries):
        counts = []
        for _size in (1, 3):
            with django_assert_num_queries(30, exact=False) as counted:
                page_of(client, "gate-day", booking.open_day_id)
            counts.append(len(counted))
            for extra in BookingFactory.create_batch(2, slot=booking.slot, arrived=True):
                VisitorFactory(booking=extra)
        assert counts[0] == counts[1]

    def test_paper_has_a_column_to_sign_and_telephones_only_for_those_who_may_see_them(self, client, booking, guard):
        VisitorFactory(booking=booking, name="Lin An")
        booking.owner.addresses.create(channel="sms", value="+8613800000000")
        page = page_of(client, "gate-list", booking.open_day_id)
        assert ("Lin An" in page, "I have read the rules" in page, "+8613800000000" in page) == (True, True, False)
        client.force_login(StaffFactory(group="Customer service", development=booking.open_day.development))
        assert "+8613800000000" in page_of(client, "gate-list", booking.open_day_id)
        assert Event.objects.filter(verb="fetched", subject_id=str(booking.open_day_id)).count() == 2


class TestTickets:
    def test_the_code_shows_the_party_and_one_button(self, client, booking, guard):
        words = ticket(client, booking)
        assert ("3-1102" in words, words.count("Let in"), "Not today" in words) == (True, 1, False)
        assert address_of(booking).endswith(reverse("site:ticket", args=[booking.pk, mac_of(booking)]))
        assert Event.objects.get(verb="looked at").home_id == booking.home_id

    @pytest.mark.parametrize("forged", ["x", "ü" * 43, ""])
    def test_a_forged_code_is_none_of_ours(self, client, booking, guard, forged):
        forged = forged or mac_of(BookingFactory(slot=booking.slot))  # of another party
        response = client.get(reverse("site:ticket", args=[booking.pk, forged]))
        assert (response.status_code, b"Not a ticket of ours" in response.content) == (404, True)

    def test_a_code_of_another_site_is_none_of_ours(self, client, booking, guard):
        assert "Not a ticket of ours" in ticket(client, BookingFactory())

    def test_a_code_of_another_day_says_which(self, client, booking, guard):
        next_week = SlotFactory(
            open_day__development=booking.open_day.development,
            open_day__title_en="Up on the roof",
            starts=SATURDAY + timedelta(days=7),
        )
        words = ticket(client, BookingFactory(slot=next_week))
        assert "This ticket is for Saturday, 12 December 2026, 10:30: Up on the roof." in words
        assert "Let in" not in words

    def test_a_code_shown_twice_says_who_let_them_in_and_when(self, client, booking, guard):
        enter(client, booking)
        assert "Shown before: they are on the site Zhou Ning let them in at 10:40." in ticket(client, booking)

    def test_a_cancelled_booking_is_not_let_in(self, client, booking, guard):
        words = ticket(client, BookingFactory(slot=booking.slot, cancelled=True))
        assert ("Not to be let in: cancelled" in words, "Let in" in words) == (True, False)

    def test_after_a_move_an_old_code_tells_the_right_time(self, client, booking, guard):
        afternoon = SlotFactory(open_day=booking.open_day, starts=SATURDAY + timedelta(hours=3))
        Booking.objects.filter(pk=booking.pk).update(slot=afternoon, code_version=2)
        booking.refresh_from_db()
        assert "Moved: their time is 13:30 It has not come yet." in ticket(client, booking, version=1)

    def test_only_the_page_that_scans_may_use_the_camera(self, client, booking, guard):
        policies = {
            name: client.get(reverse(f"site:gate-{name}", args=[booking.open_day_id])).headers["Permissions-Policy"]
            for name in ("scan", "day")
        }
        assert [policies[name].split(",")[0] for name in ("scan", "day")] == ["camera=(self)", "camera=()"]

    def test_whoever_is_not_of_the_staff_sees_nothing(self, client, booking):
        address = reverse("site:ticket", args=[booking.pk, mac_of(booking)])
        assert client.get(address).headers["Location"] == f"/account/login/?next={address}"
        client.force_login(booking.owner.user)
        assert client.get(address).status_code == 404


class TestQueue:
    def test_what_is_done_needs_no_words_and_what_was_done_before_has_some(self, client, booking, guard):
        op = uuid4()
        assert [enter(client, booking, op=op).status_code for _twice in "12"] == [204, 204]
        client.force_login(StaffFactory(group="Supervisors", development=booking.open_day.development))
        answer = enter(client, booking)
        assert answer.json() == {"said": "3-1102 · Shen Yue: Zhou Ning let them in at 10:40."}
        assert (answer.status_code, Passage.objects.count()) == (200, 1)

    def test_what_is_refused_is_said_in_words(self, client, booking, guard):
        gone = party(booking.slot, "3-1103", "Han Mei", cancelled=True)
        answer = enter(client, gone)
        assert (answer.status_code, answer.json()["said"]) == (
            422,
            "3-1103 · Han Mei: This booking was cancelled by the household.",
        )

    def test_how_long_ago_counts_and_not_the_phones_clock(self, client, booking, guard):
        enter(client, booking, made_at="2031-01-01T00:00:00.000Z", sent_at="2031-01-01T00:08:00.000Z")
        booking.refresh_from_db()
        assert booking.arrived_at == SATURDAY + timedelta(minutes=2)

    @pytest.mark.parametrize(
        ("fields", "outcome"),
        [
            ({"op": "x"}, (422, "booked")),
            ({"made_at": "soon"}, (422, "booked")),
            ({"made_at": "0001-01-01", "sent_at": "9999-12-31"}, (204, "arrived")),
        ],
    )
    def test_nonsense_is_refused_and_a_clock_beyond_all_bounds_does_no_harm(
        self, client, booking, guard, fields, outcome
    ):
        assert (enter(client, booking, **fields).status_code, state(booking)) == outcome

    def test_ticks_and_names_come_with_the_entry(self, client, booking, guard):
        visitor = VisitorFactory(booking=booking, name="")
        assert enter(client, booking).status_code == 422
        fields = {"accepted": [visitor.pk, "²", "x"], f"name-{visitor.pk}": "Lin\nAn "}
        assert (enter(client, booking, **fields).status_code, state(booking)) == (204, "arrived")
        visitor.refresh_from_db()
        assert visitor.name == "Lin An"
        enter(client, booking, "without", absent=[VisitorFactory(booking=booking).pk])
        booking.refresh_from_db()
        assert booking.people == 1

    def test_without_script_one_comes_back_to_the_party_in_the_list(self, client, booking, guard):
        response = client.post(reverse("site:gate-in", args=[booking.pk]), {"op": uuid4()})
        assert response.headers["Location"] == f"/site/gate/{booking.open_day_id}/#party-{booking.pk}"


class TestOffline:
    def test_the_lists_of_today_are_fetched_ahead_and_may_be_kept(self, client, booking, guard):
        SlotFactory(open_day__development=booking.open_day.development, starts=SATURDAY + timedelta(days=7))
        said = client.get(reverse("site:offline-ahead")).json()
        own = [reverse(f"site:{name}") for name in ("offline", "gate")]
        lists = [reverse(f"site:gate-{name}", args=[booking.open_day_id]) for name in ("day", "inside", "walk-in")]
        assert ([address for address, _edition in said["pages"]], said["person"]) == ([*own, *lists], person_of(guard))
        kept = {address: client.get(address).headers.get("X-Offline-Keep") for address in [*own, *lists]}
        assert set(kept.values()) == {"page"}
        assert "X-Offline-Keep" not in client.get(reverse("site:gate-list", args=[booking.open_day_id])).headers

    def test_the_worker_rules_over_the_site_and_a_party_stands_for_its_ticket(self, client, booking, guard):
        assert f'"ahead": "{reverse("site:offline-ahead")}"' in page_of(client, "worker")
        page = page_of(client, "gate-day", booking.open_day_id)
        assert ('data-worker="/site/sw.js"' in page, 'data-scope="/site/"' in page) == (True, True)
        ticket = reverse("site:ticket", args=[booking.pk, mac_of(booking)])
        assert re.search(rf'id="party-{booking.pk}"\s+data-stands-for="{re.escape(ticket)}"', page)


class TestWalkInsAndWeather:
    def test_a_walk_in_of_a_home_by_its_number(self, client, booking, guard):
        tie = OwnershipFactory(home__number="5-201", home__building=booking.home.building)
        fields = {"op": uuid4(), "slot": booking.slot_id, "adults": 2, "names": "Li Wei\nLi Na", "accepted": "on"}
        address = reverse("site:gate-walk-in", args=[booking.open_day_id])
        assert client.post(address, fields | {"home": "9-999"}, headers=SENT).json() == {
            "said": "Walk-in: There is no home with that number here."
        }
        said = client.post(address, fields | {"home": "5-201"}, headers=SENT).json()["said"]
        assert said == f"5-201 · {tie.owner}: 2 people are in."
        found = Booking.objects.get(walk_in=True)
        assert (found.home, found.state, [each.name for each in found.visitors.all()]) == (
            tie.home,
            "arrived",
            ["Li Wei", "Li Na"],
        )

    def test_the_weather_tells_everybody_after_one_clear_yes(self, client, booking, guard):
        afternoon = SlotFactory(open_day=booking.open_day, starts=SATURDAY + timedelta(hours=3))
        later = BookingFactory(slot=afternoon)
        WaitingEntryFactory(slot=afternoon)
        SafetyRuleFactory(open_day=booking.open_day)
        address = reverse("site:gate-weather", args=[booking.open_day_id])
        assert "13:30: 1 party, 2 people, 1 party waiting" in client.get(address).content.decode()
        fields = {"slot": str(afternoon.pk), "reason_en": "Wind force 7."}
        assert (client.post(address, fields).status_code, state(later)) == (200, "booked")
        assert (client.post(address, fields | {"sure": "on"}).status_code, state(later)) == (302, "cancelled")
        assert (later.cancelled_because, state(booking)) == ("weather", "booked")
        told = Notice.objects.filter(due_at__lte=timezone.now()).values_list("owner", "kind").distinct()
        assert list(told.filter(owner__in=[booking.owner_id, later.owner_id])) == [
            (later.owner_id, "booking-called-off")
        ]
