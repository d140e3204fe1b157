"""Looks at customers' files: noted once an hour, shown to supervisors, and to the customer."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.events.actions import record
from accounts.events.looks import note_look
from accounts.events.models import Event
from progress.models import RightState, Role
from tests.factories import (
    NOW,
    TODAY,
    HomeDocumentFactory,
    HomeTransferFactory,
    OwnerMergeFactory,
    OwnershipFactory,
    QuestionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db

MINE = reverse("home:looks")


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def boss(tie):
    return StaffFactory(group="Supervisors", development=tie.home.development, name="Song Jia")


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


def looks(**wanted):
    return Event.objects.filter(verb="looked at", **wanted)


def shown_to(client, user):
    client.force_login(user)
    return [look.actor for look, _home in client.get(MINE).context["rows"]]


FILES = [
    ("desk_owner:inspect", lambda tie: tie.owner),
    ("desk_owner:edit", lambda tie: tie.owner),
    ("desk_owner:history", lambda tie: tie.owner),
    ("desk_home:inspect", lambda tie: tie.home),
    ("desk_home:edit", lambda tie: tie.home),
    ("desk_home:history", lambda tie: tie.home),
    ("desk_ownership:inspect", lambda tie: tie),
    ("desk_ownership:edit", lambda tie: tie),
    ("desk_homedocument:inspect", lambda tie: HomeDocumentFactory(home=tie.home)),
    ("desk_homedocument:file", lambda tie: HomeDocumentFactory(home=tie.home)),
    ("desk_question:inspect", lambda tie: QuestionFactory(tie=tie)),
    ("desk_hometransfer:inspect", lambda tie: HomeTransferFactory(home=tie.home)),
    ("desk_ownermerge:inspect", lambda tie: OwnerMergeFactory(kept=tie.owner)),
]


@pytest.mark.parametrize(("name", "row_of"), FILES, ids=[name for name, _row in FILES])
def test_whoever_opens_it_is_noted_and_the_customer_sees_them(client, desk, boss, tie, name, row_of):
    url = reverse(name, args=[row_of(tie).pk])
    opened = [desk.get(url) for _twice in range(2)]
    assert [(answer.status_code, bool(list(answer))) for answer in opened] == [(200, True)] * 2
    assert looks(actor=boss).count() == (2 if name == "desk_ownermerge:inspect" else 1)
    assert shown_to(client, tie.owner.user) == [boss]


def test_after_an_hour_it_is_noted_again(desk, tie):
    with time_machine.travel(NOW, tick=False) as clock:
        for minutes in (0, 59, 2):
            clock.shift(timedelta(minutes=minutes))
            desk.get(reverse("desk_owner:inspect", args=[tie.owner.pk]))
    assert looks().count() == 2


def test_each_colleague_is_noted_for_themselves(client, desk, tie):
    url = reverse("desk_owner:inspect", args=[tie.owner.pk])
    desk.get(url)
    client.force_login(StaffFactory(group="Customer service", development=tie.home.development))
    client.get(url)
    assert looks().count() == 2


def test_what_is_not_found_and_what_is_saved_is_no_look(client, desk, tie):
    client.force_login(StaffFactory(group="Supervisors", development=OwnershipFactory().home.development))
    assert client.get(reverse("desk_owner:inspect", args=[tie.owner.pk])).status_code == 404
    assert not looks().exists()


def test_ids_alone_are_noted(desk, tie):
    desk.get(reverse("desk_home:inspect", args=[tie.home.pk]))
    event = looks().get()
    assert (event.subject_id, event.home_id, event.reason) == (str(tie.home.pk), tie.home.pk, "")


class TestDesk:
    @pytest.mark.parametrize(("group", "sees"), [("Supervisors", True), ("Customer service", False)])
    def test_who_looked_is_for_supervisors(self, client, tie, boss, group, sees):
        note_look(tie.owner, by=boss, at=NOW)
        note_look(tie.home, by=boss, home_id=tie.home.pk, at=NOW)
        client.force_login(StaffFactory(group=group, development=tie.home.development))
        for name, row in (("desk_owner:inspect", tie.owner), ("desk_home:inspect", tie.home)):
            html = client.get(reverse(name, args=[row.pk])).content.decode()
            assert ("Who looked" in html, "Song Jia" in html) == (sees, sees)

    def test_thirty_looks_cost_no_more_than_one(self, desk, tie, django_assert_max_num_queries):
        def queries():
            with django_assert_max_num_queries(60) as captured:
                desk.get(reverse("desk_owner:inspect", args=[tie.owner.pk]))
            return len(captured)

        queries()
        one = queries()
        for number in range(30):
            record("looked at", tie.owner, by=StaffFactory(name=f"Colleague {number}"))
        assert queries() == one


class TestOwner:
    def test_looks_from_before_and_after_their_time_are_others(self, client, tie, boss):
        later = OwnershipFactory(home=tie.home, since=TODAY + timedelta(days=2))
        tie.until, tie.state = TODAY + timedelta(days=2), RightState.ENDED
        tie.save()
        with time_machine.travel(NOW):
            record("looked at", tie.home, by=boss, home=tie.home)
        with time_machine.travel(NOW + timedelta(days=3)):
            record("looked at", tie.home, by=StaffFactory(), home=tie.home)
            assert shown_to(client, tie.owner.user) == [boss]
            assert boss not in shown_to(client, later.owner.user)
            assert len(shown_to(client, later.owner.user)) == 1

    def test_a_stranger_sees_none_of_them(self, client, tie, boss, stranger):
        note_look(tie.owner, by=boss, at=NOW)
        note_look(tie.home, by=boss, home_id=tie.home.pk, at=NOW)
        assert shown_to(client, stranger) == []

    def test_family_sees_looks_at_the_home_and_not_at_the_owner_s_record(self, client, tie, boss):
        family = OwnershipFactory(home=tie.home, role=Role.FAMILY)
        note_look(tie.owner, by=boss, at=NOW)
        assert shown_to(client, family.owner.user) == []
        note_look(tie.home, by=boss, home_id=tie.home.pk, at=NOW)
        assert shown_to(client, family.owner.user) == [boss]

    def test_the_page_names_what_and_whom(self, client, tie, boss):
        note_look(tie.home, by=boss, home_id=tie.home.pk, at=NOW)
        client.force_login(tie.owner.user)
        html = client.get(MINE).content.decode()
        assert ("Song Jia" in html, "the file of the home" in html, str(tie.home) in html) == (True, True, True)
