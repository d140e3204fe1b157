"""Complaints and requests on an owner's phone: raised, followed, confirmed; and who of the home sees them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from portal.tickets.clocks import pausing
from portal.tickets.closing import confirming, resolving
from portal.tickets.conversation import note, reply
from portal.tickets.models import EmergencyWord, Ticket
from progress.components.models import Component
from progress.models import Role
from tests.factories import NOW, OwnershipFactory, StaffFactory
from tests.portal.tickets.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def owner(client, tie):
    client.force_login(tie.owner.user)
    return client


@pytest.fixture
def staff(tie):
    return StaffFactory(group="Customer service", development=tie.home.development, name="Xu Man")


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def page_of(client, ticket):
    return html_of(client.get(reverse("home:ticket", args=[ticket.pk])))


def given(**fields):
    return {"op": str(uuid4()), "kind": "repair", "text": "The tap drips.", **fields}


def send(client, tie, **fields):
    return client.post(reverse("home:ticket-raise", args=[tie.home_id]), given(**fields), follow=True)


def do(client, act, ticket, **fields):
    return html_of(client.post(reverse(f"home:ticket-{act}", args=[ticket.pk]), fields, follow=True))


class TestRaising:
    def test_it_has_a_number_its_place_and_who_is_on_it(self, owner, tie, staff):
        tap = Component.objects.filter(parent__isnull=False).order_by("code").first()
        html = html_of(send(owner, tie, component=tap.pk, when_possible="After six"))
        ticket = Ticket.objects.get()
        assert (ticket.home, ticket.component, ticket.when_possible) == (tie.home, tap, "After six")
        assert ticket.number in html

    def test_sent_twice_it_is_one(self, owner, tie):
        form = given()
        for _time in range(2):
            owner.post(reverse("home:ticket-raise", args=[tie.home_id]), form)
        assert Ticket.objects.count() == 1

    def test_what_was_kept_without_a_line_is_taken_without_a_page(self, owner, tie):
        url = reverse("home:ticket-raise", args=[tie.home_id])
        sent = owner.post(url, given(made_at="2026-11-22T01:00:00Z"), headers={"X-Offline": "send"})
        address = reverse("home:ticket", args=[Ticket.objects.get().pk])
        assert (sent.status_code, sent.json()["to"]) == (200, address)

    def test_what_was_kept_and_is_refused_is_told_in_words(self, owner, tie):
        url = reverse("home:ticket-raise", args=[tie.home_id])
        sent = owner.post(url, given(text=" "), headers={"X-Offline": "send"})
        assert (sent.status_code, sent.json()["said"]) == (422, "Please write a few words.")

    def test_danger_shows_the_hotline_first(self, owner, tie, settings):
        html = html_of(send(owner, tie, text="It smells of gas"))
        main = html[html.index("<h1") :]
        digits = settings.COMPANY_HOTLINE.replace(" ", "")
        assert Ticket.objects.get().priority == "emergency"
        assert main.index(f"tel:{digits}") < main.index("<h2 id=")

    def test_the_page_knows_the_words_of_danger_without_a_line(self, owner, tie):
        html = html_of(owner.get(reverse("home:ticket-raise", args=[tie.home_id])))
        words = re.search(r'data-danger-words="([^"]*)"', html)[1].split("|")
        assert sorted(words) == sorted(escape(each.word) for each in EmergencyWord.objects.all())

    def test_what_may_be_the_same_is_offered_and_blocks_nothing(self, owner, tie):
        TicketFactory(ownership=tie, title="The kitchen tap drips", text="The kitchen tap drips all night")
        similar = reverse("home:ticket-similar", args=[tie.home_id])
        assert "The kitchen tap drips" in html_of(owner.post(similar, {"text": "kitchen tap drips again"}))
        send(owner, tie, text="kitchen tap drips again")
        assert Ticket.objects.count() == 2

    def test_markup_and_overrides_stay_words(self, owner, tie):
        html = html_of(send(owner, tie, text="<script>alert(1)</script> \u202egnp.exe"))
        assert "<script>alert(1)</script>" not in html

    @pytest.mark.parametrize("fields", [{"kind": "x"}, {"text": " "}, {"component": "' OR 1=1"}, {"op": "x"}])
    def test_nonsense_is_refused_on_the_page(self, owner, tie, fields):
        html_of(send(owner, tie, **fields))
        assert not Ticket.objects.exists()


class TestWhose:
    def test_the_household_sees_it_unless_it_is_personal(self, client, tie):
        ticket = TicketFactory(ownership=tie)
        family = OwnershipFactory(home=tie.home, role=Role.FAMILY).owner.user
        client.force_login(family)
        assert ticket.title in page_of(client, ticket)
        Ticket.objects.update(privacy="personal")
        assert client.get(reverse("home:ticket", args=[ticket.pk])).status_code == 404

    def test_a_tenant_sees_their_own_alone(self, client, tie):
        tenant = OwnershipFactory(home=tie.home, role=Role.TENANT)
        theirs, other = TicketFactory(ownership=tenant), TicketFactory(ownership=tie)
        client.force_login(tenant.owner.user)
        html = html_of(client.get(reverse("home:tickets", args=[tie.home_id])))
        assert (theirs.number in html, other.number in html) == (True, False)

    def test_the_next_owner_sees_the_repair_and_not_a_word_of_it(self, client, tie):
        former = TicketFactory(
            ownership=tie, closed=True, of_former=True, title="My wife fell", work_done_en="New seal in the bathroom."
        )
        heir = OwnershipFactory(home=tie.home).owner.user
        client.force_login(heir)
        html = html_of(client.get(reverse("home:repairs", args=[tie.home_id])))
        assert ("New seal in the bathroom." in html, "My wife fell" in html) == (True, False)
        assert client.get(reverse("home:ticket", args=[former.pk])).status_code == 404

    def test_privacy_is_changed_by_its_author(self, owner, tie):
        ticket = TicketFactory(ownership=tie)
        do(owner, "privacy", ticket, personal="1")
        ticket.refresh_from_db()
        assert ticket.privacy == "personal"


class TestTalk:
    def test_answers_are_there_and_notes_are_not(self, owner, tie, staff):
        ticket = TicketFactory(ownership=tie)
        reply(message_id=uuid4(), ticket=ticket, text="Ms Wu comes on Thursday.", by=staff, at=NOW)
        note(message_id=uuid4(), ticket=ticket, text="Difficult customer.", by=staff, at=NOW)
        html = page_of(owner, ticket)
        assert ("Ms Wu comes on Thursday." in html, "Difficult customer." in html) == (True, False)

    def test_a_second_message_is_kept_once(self, owner, tie):
        ticket, op = TicketFactory(ownership=tie), str(uuid4())
        for _time in range(2):
            do(owner, "reply", ticket, op=op, text="It is worse.")
        assert [message.text for message in ticket.messages.all()] == ["It is worse."]

    def test_more_is_said_with_no_more_queries(self, owner, tie, staff):
        ticket, counts = TicketFactory(ownership=tie), []
        page_of(owner, ticket)
        for more in (1, 2):
            for _each in range(more):
                reply(message_id=uuid4(), ticket=ticket, text="News.", by=staff, at=NOW)
            page_of(owner, ticket)  # reads what is new
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page_of(owner, ticket)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_a_merged_one_leads_to_where_it_goes_on(self, owner, tie):
        into = TicketFactory(ownership=tie)
        ticket = TicketFactory(ownership=tie, state="merged", merged_into=into)
        assert owner.get(reverse("home:ticket", args=[ticket.pk])).url == reverse("home:ticket", args=[into.pk])


class TestEnd:
    @pytest.fixture
    def ticket(self, tie, staff):
        ticket = TicketFactory(ownership=tie, kind="question")
        resolving.resolve(ticket, outcome="answered", text="Every Monday.", seen=None, by=staff, at=NOW)
        return Ticket.objects.get(pk=ticket.pk)

    def test_the_owner_confirms_is_asked_once_and_opens_again(self, owner, ticket):
        assert "Every Monday." in page_of(owner, ticket)
        html = do(owner, "confirm", ticket)
        assert "How content are you" in html
        do(owner, "score", ticket, score="5", words="Thanks")
        assert "How content are you" not in page_of(owner, ticket)
        do(owner, "reopen", ticket)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.reopened) == ("open", 1)

    def test_not_yet_opens_it_with_their_words(self, owner, ticket):
        do(owner, "not-fixed", ticket, text="It still drips.")
        ticket.refresh_from_db()
        assert (ticket.state, ticket.messages.latest("at").text) == ("open", "It still drips.")

    def test_after_thirty_days_no_tap_opens_it(self, owner, ticket, time_machine):
        confirming.confirm(ticket, by=ticket.raised_by, at=NOW)
        time_machine.move_to(NOW + timedelta(days=32))
        owner.force_login(ticket.raised_by)
        assert "Open it again" not in page_of(owner, ticket)
        do(owner, "reopen", ticket)
        ticket.refresh_from_db()
        assert ticket.state == "closed"

    def test_it_waits_on_the_front_page(self, owner, ticket, tie):
        assert ticket.title in html_of(owner.get(reverse("home:home", args=[tie.home_id])))


class TestWaiting:
    @pytest.fixture
    def pause(self, tie, staff):
        ticket = TicketFactory(ownership=tie, kind="repair")
        review = NOW.date() + timedelta(days=5)
        return pausing.pause(ticket, why="part", reason_en="The valve is ordered.", review_on=review, by=staff, at=NOW)

    def test_a_repair_waits_once_the_owner_agrees(self, owner, tie, pause):
        assert "The valve is ordered." in html_of(owner.get(reverse("home:home", args=[tie.home_id])))
        assert reverse("home:ticket-agree", args=[pause.pk]) in page_of(owner, pause.ticket)
        owner.post(reverse("home:ticket-agree", args=[pause.pk]))
        pause.ticket.refresh_from_db()
        assert pause.ticket.state == "paused"

    def test_a_no_leaves_the_clock_running(self, owner, pause):
        owner.post(reverse("home:ticket-decline", args=[pause.pk]))
        pause.ticket.refresh_from_db()
        assert (pause.ticket.state, pause.ticket.pauses.get().state) == ("new", "declined")

    def test_the_family_is_not_asked_and_a_stranger_finds_nothing(self, client, tie, pause):
        client.force_login(OwnershipFactory(home=tie.home, role=Role.FAMILY).owner.user)
        assert "May it wait?" not in page_of(client, pause.ticket)
        client.force_login(OwnershipFactory().owner.user)
        assert client.post(reverse("home:ticket-agree", args=[pause.pk])).status_code == 404


def test_a_former_owner_reads_and_does_nothing_more(client):
    tie = OwnershipFactory(former=True)
    ticket = TicketFactory(ownership=tie)
    client.force_login(tie.owner.user)
    assert "The home is no longer yours" in page_of(client, ticket)
    html = do(client, "reply", ticket, op=str(uuid4()), text="One thing more.")
    assert ("The home is no longer yours" in html, ticket.messages.exists()) == (True, False)


def test_the_list_asks_no_more_for_three_than_for_one(owner, tie):
    url, counts = reverse("home:tickets", args=[tie.home_id]), []
    for more in (1, 2):
        for _each in range(more):
            TicketFactory(ownership=tie)
        owner.get(url)
        with CaptureQueriesContext(connection) as queries:
            html_of(owner.get(url))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_they_are_found_in_the_one_box_but_not_by_what_staff_noted(owner, tie, staff):
    ticket = TicketFactory(ownership=tie, title="吊顶渗水", text="主卫吊顶渗水")
    reply(message_id=uuid4(), ticket=ticket, text="The valve is ordered.", by=staff, at=NOW)
    note(message_id=uuid4(), ticket=ticket, text="Difficult customer.", by=staff, at=NOW)
    address = reverse("home:ticket", args=[ticket.pk])
    found = [address in html_of(owner.get(reverse("home:search"), {"q": q})) for q in ("渗水", "valve", "difficult")]
    assert found == [True, True, False]
