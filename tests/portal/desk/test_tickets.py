"""Tickets on the desk: the queues, one ticket with the home's file beside it, and what is written and done there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from time_machine import travel

from accounts.events.models import Event
from portal.desk.tickets import counts
from portal.desk.tickets.keyset import heard, newest_first, soonest_due_first
from portal.tickets.models import Message, Ticket
from tests.factories import NOW, HomeFactory, OwnershipFactory, StaffFactory
from tests.portal.tickets.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Shen Yue")


@pytest.fixture
def ticket(tie):
    return TicketFactory(ownership=tie)


@pytest.fixture
def service(client, tie):
    client.user = StaffFactory(group="Customer service", development=tie.home.development, name="Xu Man")
    client.force_login(client.user)
    return client


def url(name, *args):
    return reverse(f"desk_ticket:{name}", args=args)


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def send(client, ticket, kind="reply", text="In May.", seen=1, message_id=None, **more):
    given = {"message_id": message_id or uuid4(), "seen": seen, "steps": 0, "text": text} | more
    return client.post(url(kind, ticket.pk), {f"{kind}-{name}": value for name, value in given.items()})


class TestQueues:
    def test_each_holds_what_it_says(self, service, tie):
        hour, me = timedelta(hours=1), service.user
        rows = {
            "mine": {"assignee": me, "team": "site_manager", "due_at": NOW + 30 * hour},
            "late": {"assignee": StaffFactory(), "team": "repairs", "due_at": NOW - hour},
            "today": {"team": "repairs", "due_at": NOW + hour},
            "urgent": {"team": "repairs", "priority": "emergency", "assignee": StaffFactory()},
            "asked": {"team": "repairs", "unanswered_since": NOW, "assignee": StaffFactory()},
            "over": {"closed": True, "assignee": me},
            "resting": {"resolved": True, "assignee": me},
        }
        for title, fields in rows.items():
            TicketFactory(ownership=tie, title=title, **fields)
        TicketFactory(title="elsewhere", priority="emergency", unanswered_since=NOW, due_at=NOW)
        expected = {
            "mine": {"mine"},
            "team": {"mine"},
            "unassigned": {"today"},
            "late": {"late"},
            "today": {"today"},
            "unanswered": {"asked"},
            "waiting": {"resting"},
            "emergencies": {"urgent"},
            "all": set(rows),
        }
        with travel(NOW, tick=False):
            pages = {name: service.get(url("index"), {"queue": name}).context for name in expected}
        found = {name: {row.ticket.title for row in page["rows"]} for name, page in pages.items()}
        assert found == expected
        shown = {name: int(count) for name, _label, count in pages["mine"]["tabs"] if count}
        assert shown == {name: len(titles) for name, titles in expected.items() if name != "all"}

    def test_numbers_are_counted_up_to_a_limit(self, service, ticket, monkeypatch):
        TicketFactory.create_batch(2, ownership__home=ticket.home)
        monkeypatch.setattr(counts, "MOST", 2)
        tabs = service.get(url("index")).context["tabs"]
        assert [count for name, _label, count in tabs if name == "unassigned"] == ["2+"]

    def test_what_is_due_soonest_leads_and_each_stands_on_one_page(self, tie):
        days = (3, None, -2, 1, None)
        tickets = [
            TicketFactory(ownership=tie, due_at=None if day is None else NOW + timedelta(days=day)) for day in days
        ]
        restless = sorted((each for each in tickets if each.due_at is None), key=lambda each: each.pk)
        expected = [tickets[2], tickets[3], tickets[0], *restless]
        for size in (1, 2, 3, 5):
            assert walked(soonest_due_first, size) == expected

    def test_all_of_them_are_the_newest_first(self, tie):
        tickets = [TicketFactory(ownership=tie, reported_at=NOW - timedelta(days=n // 2)) for n in range(5)]
        expected = sorted(tickets, key=lambda each: (each.reported_at, each.pk), reverse=True)
        for size in (1, 2, 3):
            assert walked(newest_first, size) == expected

    @pytest.mark.parametrize("after", ["x", "_", "2026_x", "2026-01-01T00:00_" + "0" * 32, "9" * 500, "\x00"])
    def test_an_address_that_makes_no_sense_leads_to_the_beginning(self, service, ticket, after):
        for query in ({"queue": "all", "after": after}, {"q": "tap", "after": after}, {"queue": after}):
            assert service.get(url("index"), query).status_code == 200
        assert ticket.title in html_of(service.get(url("index"), {"queue": "all", "after": after}))

    def test_filters_narrow_and_foreign_developments_are_not_offered(self, service, ticket, tie):
        other = TicketFactory(ownership=tie, kind="praise", title="Thank you all")
        foreign = TicketFactory()
        page = service.get(url("index"), {"queue": "all", "kind": "praise"})
        assert [row.ticket for row in page.context["rows"]] == [other]
        assert str(foreign.development_id) not in html_of(page)
        named = service.get(url("index"), {"queue": "all", "development": foreign.development_id})
        assert foreign not in [row.ticket for row in named.context["rows"]]

    def test_a_search_looks_through_all_of_ones_own(self, service, ticket):
        foreign = TicketFactory(number="T-2611-7777")
        found = service.get(url("index"), {"q": ticket.number.lower(), "queue": "mine"})
        assert [row.ticket for row in found.context["rows"]] == [ticket]
        assert service.get(url("index"), {"q": foreign.number}).context["rows"] == []

    def test_three_tickets_cost_as_many_queries_as_one(self, service, tie, django_assert_max_num_queries):
        def queries():
            TicketFactory(ownership=tie, assignee=service.user, due_at=NOW)
            with django_assert_max_num_queries(60) as captured:
                html_of(service.get(url("index"), {"queue": "mine"}))
            return len(captured)

        queries()  # what is kept in memory from the first time on
        assert queries() == queries() == queries()


def walked(order, size):
    """All tickets, page by page."""
    found, after = [], None
    while True:
        page = order(Ticket.objects.all(), after, size=size)
        found += page.rows
        if not page.after:
            return found
        after = heard(page.after)


class TestWriting:
    def test_a_reply_goes_out_and_a_note_does_not(self, service, ticket, told):
        assert send(service, ticket, "note", "I suspect the valve.").status_code == 302
        assert told() == []
        version = Ticket.objects.get().version
        assert send(service, ticket, "reply", "We come in May.", seen=version).status_code == 302
        assert [who for who, _kind in told()] == [ticket.owner]
        page = html_of(service.get(url("inspect", ticket.pk)))
        note, reply = page.index("I suspect the valve."), page.index("We come in May.")
        assert ('data-from="note"' in page[:note], 'data-from="me"' in page[note:reply]) == (True, True)
        assert list(Message.objects.order_by("at", "internal").values_list("internal", flat=True)).count(True) == 1

    def test_the_two_buttons_can_not_be_mistaken(self, service, ticket):
        page = html_of(service.get(url("inspect", ticket.pk)))
        assert ("Send to the owner as Xu Man" in page, "Keep as internal note" in page) == (True, True)
        assert [page.count(f'action="{url(kind, ticket.pk)}"') for kind in ("reply", "note")] == [1, 1]

    @pytest.mark.parametrize("kind", ["reply", "note"])
    def test_the_second_of_two_sees_the_first_and_keeps_their_own_words(self, service, ticket, kind):
        colleague = StaffFactory(group="Customer service", development=ticket.development)
        service.force_login(colleague)
        send(service, ticket, "reply", "In May, says Wu.")
        service.force_login(service.user)
        page = html_of(send(service, ticket, kind, "In June, I think."))
        assert "In June, I think.</textarea>" in page
        assert "in the meantime" in page
        assert page.count("data-new") == 1
        assert page.index("data-new") < page.index("In May, says Wu.")
        version = Ticket.objects.get().version
        assert f'name="{kind}-seen" value="{version}"' in page
        assert Message.objects.count() == 1
        send(service, ticket, kind, "In June, I think.", seen=version)
        assert Message.objects.count() == 2

    def test_a_double_click_writes_once(self, service, ticket):
        message_id = uuid4()
        assert [send(service, ticket, message_id=message_id).status_code for _each in range(2)] == [302, 302]
        assert Message.objects.count() == 1

    def test_bad_words_and_strange_forms_are_refused(self, service, ticket):
        for text in ("", " ", "x" * 4001, "a\x00b", "See you on {visit}"):
            assert send(service, ticket, text=text).status_code == 200
        for seen in ("", "x", "-1", "9" * 20):
            assert send(service, ticket, seen=seen).status_code == 200
        assert service.post(url("reply", ticket.pk), {}).status_code == 200
        assert Message.objects.count() == 0

    def test_a_ready_sentence_comes_after_what_is_written_and_sends_nothing(self, service, ticket):
        macro = service.get(url("inspect", ticket.pk)).context["macros"][0]
        given = {"macro": macro.pk, "reply-text": "Good morning.", "reply-seen": 1, "reply-message_id": uuid4()}
        page = html_of(service.post(url("sentence", ticket.pk), given))
        assert f"Good morning.\n\nDear Shen Yue, thank you for telling us. I am looking after {ticket.number}" in page
        assert Message.objects.count() == 0
        assert service.post(url("sentence", ticket.pk), {"macro": "x"}).status_code == 200


class TestPage:
    def test_owners_words_are_escaped(self, service, tie):
        hostile = "<script>alert(1)</script>\u202e{{ 7|add:7 }}"
        ticket = TicketFactory(ownership=tie, title=hostile, text=hostile, when_possible=hostile)
        MessageFactory(ticket=ticket, text=hostile, quoted=hostile)
        for address in (url("inspect", ticket.pk), url("index") + "?queue=all", url("raise_at", tie.home.pk)):
            assert "<script>alert(1)" not in html_of(service.get(address))

    def test_opening_it_is_logged(self, service, ticket):
        service.get(url("inspect", ticket.pk))
        event = Event.objects.get(verb="looked at", subject_id=str(ticket.pk))
        assert (event.actor, event.home_id) == (service.user, ticket.home_id)

    def test_the_file_shows_the_household_to_those_who_may_know_it(self, client, ticket, tie):
        OwnershipFactory(home=tie.home, role="co_owner", owner__name="Chen Bo")
        seen = {}
        for group in ("Repairs", "Customer service"):
            client.force_login(StaffFactory(group=group, development=tie.home.development))
            seen[group] = "Chen Bo" in html_of(client.get(url("inspect", ticket.pk)))
        assert seen == {"Repairs": False, "Customer service": True}

    def test_three_messages_cost_as_many_queries_as_one(self, service, ticket, django_assert_max_num_queries):
        def queries():
            MessageFactory(ticket=ticket)
            with django_assert_max_num_queries(90) as captured:
                html_of(service.get(url("inspect", ticket.pk)))
            return len(captured)

        queries()
        assert queries() == queries() == queries()

    def test_the_menu_counts_ones_own(self, service, tie):
        TicketFactory(ownership=tie, assignee=service.user)
        TicketFactory(ownership=tie, assignee=service.user, closed=True)
        TicketFactory(ownership=tie)
        assert "Tickets (1)" in html_of(service.get("/desk/"))


class TestActs:
    def test_somebody_else_looks_after_it_with_a_reason(self, service, ticket):
        colleague = StaffFactory(group="Customer service", development=ticket.development)
        given = {"to": colleague.pk, "seen": 1}
        assert service.post(url("assign", ticket.pk), given).status_code == 200
        assert service.post(url("assign", ticket.pk), given | {"reason": "Speaks Dutch"}).status_code == 302
        assert Ticket.objects.get().assignee == colleague
        page = html_of(service.post(url("assign", ticket.pk), {"to": "", "seen": 1, "reason": "Not mine"}))
        assert ("in the meantime" in page, "Not mine" in page) == (True, True)

    def test_it_is_merged_within_its_home_only_and_taken_apart(self, service, ticket, tie):
        other, foreign = TicketFactory(ownership=tie), TicketFactory()
        assert service.post(url("merge", ticket.pk), {"into": foreign.pk}).status_code == 200
        assert service.post(url("merge", ticket.pk), {"into": other.pk}).status_code == 302
        assert other.number in html_of(service.get(url("inspect", ticket.pk)))
        assert ticket.number in html_of(service.get(url("inspect", other.pk)))
        service.post(url("unmerge", ticket.pk))
        assert Ticket.objects.get(pk=ticket.pk).merged_into is None

    def test_fixed_without_a_photo_is_refused_and_the_words_stay(self, service, ticket):
        given = {"outcome": "fixed", "work_done_en": "New valve", "text": "All is warm now.", "seen": 1}
        page = html_of(service.post(url("resolve", ticket.pk), given))
        assert ("New valve" in page, "All is warm now." in page) == (True, True)
        assert Ticket.objects.get().state == "new"

    def test_one_is_raised_for_an_owner_on_the_telephone_once(self, service, tie, told):
        HomeFactory(number="9-901")
        found = service.get(url("raise"), {"q": "Shen"})
        assert [home.pk for home in found.context["homes"]] == [tie.home.pk]
        given = {"ticket_id": uuid4(), "owner": tie.owner.pk, "kind": "repair", "text": "The heating is cold."}
        answers = [service.post(url("raise_at", tie.home.pk), given) for _each in range(2)]
        ticket = Ticket.objects.get()
        assert [answer.url for answer in answers] == [url("inspect", ticket.pk)] * 2
        assert (ticket.owner, ticket.channel, ticket.by_staff) == (tie.owner, "phone", True)

    def test_elsewhere_nothing_is_found_or_changed(self, client, ticket):
        client.force_login(StaffFactory(group="Supervisors", development=OwnershipFactory().home.development))
        for name in ("reply", "note", "sentence", "assign", "route", "resolve", "merge", "unmerge", "resume", "visit"):
            assert client.post(url(name, ticket.pk)).status_code == 404
        assert client.get(url("inspect", ticket.pk)).status_code == 404
        assert client.post(url("raise_at", ticket.home_id)).status_code == 404
        assert (Message.objects.count(), Ticket.objects.get().version) == (0, 1)
