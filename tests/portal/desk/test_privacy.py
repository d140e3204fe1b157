"""Wishes to be erased, on the desk: seen by who sees the whole record, agreed or refused."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.events.models import Event
from accounts.privacy.models import ErasureRequest
from progress.models import RightState
from tests.factories import (
    NOW,
    AssignmentFactory,
    ErasureRequestFactory,
    HomeFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
INDEX = reverse("desk_erasurerequest:index")
HOME = reverse("wagtailadmin_home")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def wish(ours):
    ErasureRequest.objects.update(state="waiting")
    return ErasureRequest.objects.get(pk=ours.rows["desk_erasurerequest"].pk)


def at(wish, name="inspect"):
    return reverse(f"desk_erasurerequest:{name}", args=[wish.pk])


def state(wish):
    wish.refresh_from_db()
    return wish.state


def text(response):
    return response.content.decode()


def test_it_says_what_would_happen_and_the_look_is_noted(desk, supervisor, wish, ours):
    page = text(desk.get(at(wish)))
    assert f"They are the only owner of {ours.home}." in page
    assert Event.objects.get(verb="looked at").subject_id == str(ours.owner.pk)


def test_with_a_co_owner_it_says_that_the_home_stays_theirs(desk, wish, ours):
    OwnershipFactory(home=ours.home, role="co_owner")
    assert "it stays with its other owners (1)" in text(desk.get(at(wish)))


def test_agreed_it_waits_for_its_day(desk, wish, supervisor):
    desk.post(at(wish, "agree"))
    assert (state(wish), wish.decided_by, wish.decided_at) == ("approved", supervisor, NOW)


def test_refused_the_reason_is_kept_as_written(desk, wish):
    desk.post(at(wish, "refuse"), {"reason": "The last invoice is open."})
    assert (state(wish), wish.reason) == ("refused", "The last invoice is open.")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_refused_without_a_reason_or_with_an_endless_one_it_stays_open(desk, wish, reason):
    page = desk.post(at(wish, "refuse"), {"reason": reason})
    assert (page.status_code, state(wish)) == (200, "waiting")


def test_what_was_taken_back_meanwhile_is_not_agreed_to(desk, wish):
    ErasureRequest.objects.update(state="taken-back")
    page = desk.post(at(wish, "agree"), follow=True)
    assert ("no longer open: taken back" in text(page), state(wish)) == (True, "taken-back")


def test_deciding_asks_again_who_they_are(desk, wish, long_in):
    long_in(desk)
    answers = [desk.post(at(wish, "agree")), desk.post(at(wish, "refuse"), {"reason": "No."})]
    assert ([answer.status_code for answer in answers], state(wish)) == ([302, 302], "waiting")


class TestWhoseCustomerItIs:
    def test_with_a_home_elsewhere_too_it_is_nothing_for_who_works_here_only(self, desk, wish, ours):
        OwnershipFactory(owner=ours.owner)
        assert (desk.get(at(wish)).status_code, desk.post(at(wish, "agree")).status_code) == (404, 404)
        assert str(ours.owner) not in text(desk.get(INDEX))

    def test_also_with_one_that_is_over(self, desk, wish, ours):
        OwnershipFactory(owner=ours.owner, former=True)
        assert desk.get(at(wish)).status_code == 404

    def test_who_works_at_both_decides(self, desk, wish, ours, supervisor):
        elsewhere = OwnershipFactory(owner=ours.owner).home.development
        AssignmentFactory(user=supervisor, development=elsewhere)
        assert desk.get(at(wish)).status_code == 200

    def test_a_customer_without_a_home_is_decided_about_by_who_works_everywhere(self, client, desk):
        homeless = ErasureRequestFactory(owner=OwnerFactory())
        assert desk.get(at(homeless)).status_code == 404
        client.force_login(StaffFactory(group="Supervisors", everywhere=True))
        assert client.get(at(homeless)).status_code == 200

    def test_customer_service_does_not(self, client, wish, ours):
        client.force_login(StaffFactory(group="Customer service", development=ours.development))
        assert [client.get(INDEX).status_code, client.post(at(wish, "agree")).status_code] == [404, 404]


class TestToday:
    def test_it_shows_what_waits(self, desk, wish):
        assert INDEX + "?state=waiting" in text(desk.get(HOME))

    def test_it_warns_of_what_waits_too_long(self, desk, wish, supervisor, clock):
        clock.move_to(NOW + timedelta(days=30), tick=False)
        desk.force_login(supervisor)
        page = text(desk.get(HOME))
        assert "wish to be erased has waited too long" in page
        assert "nobody has answered" in text(desk.get(at(wish)))

    def test_it_shows_nothing_where_nothing_waits(self, desk, theirs, wish):
        ErasureRequest.objects.filter(pk=wish.pk).update(state="approved")
        assert INDEX + "?state=waiting" not in text(desk.get(HOME))


class TestErasedRecord:
    @pytest.fixture
    def erased(self, ours):
        owner = ours.owner
        owner.erased_at, owner.name, owner.user = NOW, "Erased customer", None
        owner.save()
        return owner

    def test_is_not_written_into(self, desk, erased):
        url = reverse("desk_owner:edit", args=[erased.pk])
        form = {"name": "Back Again", "customer_no": erased.customer_no, "language": "en", "email": "back@example.com"}
        assert [desk.get(url).status_code, desk.post(url, form).status_code] == [404, 404]
        erased.refresh_from_db()
        assert (erased.name, erased.addresses.count()) == ("Erased customer", 0)

    def test_gets_no_home(self, desk, erased, ours):
        home = HomeFactory(building=ours.home.building)
        form = {"home": home.pk, "owner": erased.pk, "role": "owner", "since": "2026-11-22"}
        page = desk.post(reverse("desk_ownership:add"), form)
        assert (page.status_code, home.ownerships.filter(state=RightState.LIVE).count()) == (200, 0)


def test_the_list_says_on_which_day_it_is_carried_out(desk, wish):
    ErasureRequest.objects.filter(pk=wish.pk).update(due_at=NOW + timedelta(days=30))
    assert re.search(r"<td[^>]*>\s*22 December 2026", text(desk.get(INDEX)))
