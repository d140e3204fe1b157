"""The complaints board: only with consent to these words, and nothing that says who it was."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cms import board as cms_board
from cms.models import ComplaintsBoardPage
from portal.tickets.board import actions
from portal.tickets.board.models import Entry
from portal.tickets.board.naming import telling
from portal.tickets.errors import TicketError
from tests.cms.factories import add, front
from tests.factories import NOW, StaffFactory

from .factories import TicketFactory
from .formal_factories import EntryFactory

pytestmark = pytest.mark.django_db
TEXTS = {
    "title_en": "A ceiling that dripped",
    "title_zh": "吊顶滴水",
    "complaint_en": "Water came through the ceiling.",
    "complaint_zh": "吊顶漏水。",
    "answer_en": "The seal above was renewed.",
    "answer_zh": "楼上防水已重做。",
}


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def ticket():
    return TicketFactory(closed=True, kind="complaint", ownership__owner__name="沈悦")


@pytest.fixture
def staff(ticket):
    return StaffFactory(group="Supervisors", development=ticket.development)


def prepared(ticket, staff, **texts):
    return actions.prepare(ticket, texts=TEXTS | texts, by=staff, at=NOW)


def agreed(ticket, staff):
    entry = prepared(ticket, staff)
    return actions.agree(entry, version=entry.version, by=ticket.raised_by, at=NOW)


def shown():
    return [str(entry.title) for entry in cms_board.entries(at=NOW)]


def test_it_stands_there_once_the_owner_agreed_and_staff_published(ticket, staff):
    entry = agreed(ticket, staff)
    assert shown() == []
    actions.publish(entry, by=staff, at=NOW)
    assert shown() == ["A ceiling that dripped"]


def test_without_consent_nothing_is_published(ticket, staff):
    entry = prepared(ticket, staff)
    with pytest.raises(TicketError):
        actions.publish(entry, by=staff, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="published", published_at=NOW, published_by=staff)


def test_other_words_need_another_consent_and_come_down_until_then(ticket, staff):
    entry = agreed(ticket, staff)
    actions.publish(entry, by=staff, at=NOW)
    entry = prepared(ticket, staff, answer_en="The seal was renewed, and the ceiling painted.")
    assert (entry.state, shown()) == ("asked", [])
    with pytest.raises(TicketError):
        actions.agree(entry, version=1, by=ticket.raised_by, at=NOW)


def test_consent_taken_back_takes_it_down_and_nobody_asks_again(ticket, staff):
    entry = agreed(ticket, staff)
    actions.publish(entry, by=staff, at=NOW)
    actions.refuse(entry, by=ticket.raised_by, at=NOW)
    assert shown() == []
    with pytest.raises(TicketError):
        prepared(ticket, staff, title_en="Another title")


def test_a_page_kept_before_is_not_shown_after_consent_is_taken_back(
    client, ticket, staff, django_capture_on_commit_callbacks
):
    page = add(front(), ComplaintsBoardPage)
    entry = agreed(ticket, staff)
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(entry, by=staff, at=NOW)
    assert "A ceiling that dripped" in client.get(page.url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        actions.refuse(entry, by=ticket.raised_by, at=NOW)
    assert "A ceiling that dripped" not in client.get(page.url).content.decode()


def test_whatever_names_somebody_is_refused(ticket, staff):
    number = str(ticket.home)
    for words in (
        f"In {number} it dripped.",
        "沈 悦家漏水",
        "Call 139-0013-9000",
        "lin@example.com wrote",
        ticket.number,
    ):
        assert telling(ticket, [words]), words
        with pytest.raises(TicketError):
            prepared(ticket, staff, complaint_en=words)
    assert telling(ticket, TEXTS.values()) == []


def test_only_a_solved_case_is_asked_for(staff):
    for fields in ({}, {"closed": True, "outcome": "withdrawn"}):
        with pytest.raises(TicketError):
            prepared(TicketFactory(**fields), staff)


def test_nobody_but_its_author_agrees(ticket, staff):
    entry = prepared(ticket, staff)
    with pytest.raises(TicketError):
        actions.agree(entry, version=1, by=staff, at=NOW)


def test_the_owner_reads_decides_and_takes_down(client, ticket, staff):
    entry = prepared(ticket, staff)
    client.force_login(ticket.raised_by)
    page = reverse("home:board-entry", args=[ticket.pk])
    assert "Water came through the ceiling." in client.get(page).content.decode()
    client.post(reverse("home:board-agree", args=[ticket.pk]), {"version": entry.version})
    entry.refresh_from_db()
    assert entry.state == "agreed"
    assert "Take it down" in client.get(page).content.decode()


def test_staff_prepare_and_publish_on_the_desk(client, ticket, staff):
    client.force_login(staff)
    page = reverse("desk_board:words", args=[ticket.pk])
    client.post(page, TEXTS | {"title_en": "<script>alert(1)</script>"})
    entry = Entry.objects.get(ticket=ticket)
    actions.agree(entry, version=1, by=ticket.raised_by, at=NOW)
    html = client.post(reverse("desk_board:publish", args=[ticket.pk]), follow=True).content.decode()
    assert "<script>alert(1)</script>" not in html
    assert shown() == ["<script>alert(1)</script>"]


def test_the_public_page_asks_the_database_no_more_for_three_than_for_one(django_assert_max_num_queries):
    for more in (1, 2):
        for _each in range(more):
            EntryFactory(published=True)
        with django_assert_max_num_queries(1):
            cms_board.entries(at=NOW)
    assert len(shown()) == 3
