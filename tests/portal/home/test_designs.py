"""An owner reads what changes, and answers; one answer a home."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from progress.designs.models import Answer, DesignDrawing
from progress.designs.publishing import withdraw_change
from progress.models import Role
from tests.factories import (
    NOW,
    TODAY,
    AnswerFactory,
    DesignChangeFactory,
    DevelopmentFactory,
    OwnershipFactory,
    PrivateFileFactory,
)
from tests.progress.test_designs import amended

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Lin Wen")


@pytest.fixture
def change(tie):
    return DesignChangeFactory(homes=[tie.home])


@pytest.fixture
def page(client, tie, change):
    """The change's page as its owner sees it."""

    def opened(user=None):
        client.force_login(user or tie.owner.user)
        return client.get(reverse("home:design", args=[change.pk])).content.decode()

    return opened


def send(client, name, change, home, user, **given):
    client.force_login(user)
    url = reverse(f"home:design-{name}", args=[change.pk, home.pk])
    return client.post(url, {f"{home.pk}-{field}": value for field, value in given.items()}, follow=True)


class TestPage:
    def test_it_says_what_why_what_it_means_and_by_when(self, page):
        text = page()
        for words in ("The rail is of steel.", "no longer made", "less of the garden", "Sunday 6 December 2026"):
            assert words in text
        assert "I acknowledge this change" in text

    def test_on_the_front_page_it_waits_until_it_is_answered(self, client, tie, change):
        client.force_login(tie.owner.user)
        front = reverse("home:home", args=[tie.home.pk])
        assert str(change.title) in client.get(front).content.decode()
        AnswerFactory(change=change, home=tie.home, owner=tie.owner)
        assert str(change.title) not in client.get(front).content.decode()

    def test_family_reads_it_and_has_nothing_to_press(self, client, page, tie, change):
        family = OwnershipFactory(home=tie.home, role=Role.FAMILY).owner.user
        AnswerFactory(change=change, home=tie.home, owner=tie.owner, answer="objected", comment="Secret reasons")
        text = page(family)
        assert ("Lin Wen" in text, "Secret reasons" in text, "design-acknowledge" in text) == (True, False, False)
        assert send(client, "acknowledge", change, tie.home, family, seen=1).status_code == 404
        assert str(change.title) not in client.get(reverse("home:home", args=[tie.home.pk])).content.decode()

    def test_of_two_homes_each_is_answered_by_itself(self, client, tie, change, page):
        second = OwnershipFactory(owner=tie.owner, home__building=tie.home.building)
        change.homes.add(second.home)
        send(client, "acknowledge", change, second.home, tie.owner.user, seen=1)
        assert page().count("I acknowledge this change") == 1
        assert Answer.objects.get().home == second.home

    def test_a_home_that_is_none_of_theirs_is_not_found(self, client, tie, change):
        other = OwnershipFactory(home__building=tie.home.building).home
        change.homes.add(other)
        assert send(client, "acknowledge", change, other, tie.owner.user, seen=1).status_code == 404

    def test_the_new_owner_reads_that_it_was_answered_and_not_who_the_seller_is(self, page, tie, change):
        AnswerFactory(change=change, home=tie.home, owner__name="Old Owner", answer="objected", comment="My own matter")
        text = page()
        assert ("an owner before you" in text, "Old Owner" in text, "My own matter" in text) == (True, False, False)

    def test_it_costs_the_same_with_one_drawing_and_with_two(self, change, page):
        page()
        counts = []
        for _each in range(2):
            DesignDrawing.objects.create(change=change, file=PrivateFileFactory(), name="plan.jpg")
            with CaptureQueriesContext(connection) as queries:
                page()
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestAnswering:
    def test_pressed_twice_it_is_on_record_once(self, client, tie, change):
        for _each in range(2):
            response = send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1)
            assert "That you acknowledge it is on record" in response.content.decode()
        assert Answer.objects.count() == 1

    def test_an_objection_wants_a_comment_and_says_so(self, client, tie, change):
        response = send(client, "object", change, tie.home, tie.owner.user, seen=1, comment=" ")
        assert "Please say what you object to" in response.content.decode()
        assert not Answer.objects.exists()

    def test_objected_withdrawn_and_acknowledged(self, client, tie, change, page):
        send(client, "object", change, tie.home, tie.owner.user, seen=1, comment="Too dark")
        assert "Withdraw my objection" in page()
        objection = Answer.objects.get()
        client.post(reverse("home:design-take-back", args=[objection.pk]))
        send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1)
        assert Answer.objects.standing().get().answer == "acknowledged"
        assert "Too dark" in page()  # among the earlier answers

    def test_the_co_owner_reads_who_has_objected_and_cannot_undo_it(self, client, tie, change, page):
        send(client, "object", change, tie.home, tie.owner.user, seen=1, comment="Too dark")
        other = OwnershipFactory(home=tie.home, role=Role.CO_OWNER).owner.user
        text = page(other)
        assert "The objection stands until its author withdraws it" in text
        assert client.post(reverse("home:design-take-back", args=[Answer.objects.get().pk])).status_code == 404
        response = send(client, "acknowledge", change, tie.home, other, seen=1)
        assert "Lin Wen has objected on 22 November 2026" in response.content.decode()

    def test_whoever_read_the_earlier_text_keeps_their_words_and_reads_the_new_one(self, client, tie, change):
        amended(change, texts=change.words() | {"what_en": "Green steel"})
        response = send(client, "object", change, tie.home, tie.owner.user, seen=1, comment="Too dark")
        text = response.content.decode()
        assert ("The text has changed" in text, "Too dark" in text, "Green steel" in text) == (True, True, True)
        assert not Answer.objects.exists()

    def test_after_the_last_day_it_counts_as_late_and_they_are_asked_to_ring(self, client, tie, change, page, now):
        now.move_to(change.ends_at, tick=False)
        assert "marked as late" in page()
        response = send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1)
        assert "please call us, too" in response.content.decode()
        assert Answer.objects.get().late

    def test_after_selling_there_is_no_such_page(self, client, tie, change):
        tie.state, tie.until = "ended", TODAY
        tie.save()
        assert send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1).status_code == 404
        assert client.get(reverse("home:design", args=[change.pk])).status_code == 404

    def test_what_is_withdrawn_says_why_and_takes_no_answer(self, client, tie, change, page):
        withdraw_change(change, reason_en="Glass is back", by=None, at=NOW)
        text = page()
        assert ("Glass is back" in text, "I acknowledge" in text) == (True, False)
        response = send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1)
        assert "has been withdrawn" in response.content.decode()


class TestHistory:
    def test_the_earlier_text_and_its_answer_stay_readable(self, client, tie, change, page):
        send(client, "acknowledge", change, tie.home, tie.owner.user, seen=1)
        amended(change, texts=change.words() | {"what_en": "Green steel"})
        text = page()
        assert ("This answer was given to an earlier text" in text, "to version 1" in text) == (True, True)
        earlier = client.get(reverse("home:design-text", args=[change.pk, 1])).content.decode()
        assert ("The rail is of steel." in earlier, "Green steel" in earlier) == (True, False)
        assert client.get(reverse("home:design-text", args=[change.pk, 3])).status_code == 404

    def test_the_list_shows_what_waits_and_what_was_answered(self, client, tie, change):
        other = DesignChangeFactory(homes=[tie.home], title_en="Second lift")
        AnswerFactory(change=other, home=tie.home, owner=tie.owner)
        DesignChangeFactory(development=tie.home.development, title_en="Only a draft")
        client.force_login(tie.owner.user)
        text = client.get(reverse("home:designs", args=[tie.home.pk])).content.decode()
        assert text.index(str(change.title)) < text.index("Second lift") < text.index("Acknowledged")
        assert "Only a draft" not in text


def test_a_day_at_the_home_counts_not_one_elsewhere(tie, now):
    """The last day is over at midnight of the development, wherever the server stands."""
    west = DevelopmentFactory(time_zone="America/Los_Angeles")
    change = DesignChangeFactory(development=west)
    assert change.ends_at.utcoffset() == timedelta(hours=-8)
    assert change.ends_at.date() == change.answer_by + timedelta(days=1)
