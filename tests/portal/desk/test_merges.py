"""Two records of one person, from the desk."""

import pytest
import time_machine
from django.urls import reverse

from accounts.merges.models import OwnerMerge
from progress.models import Ownership
from tests.factories import NOW, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db
NEW, CONFIRM = "desk_ownermerge:new", "desk_ownermerge:confirm"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service(client, ours):
    client.force_login(StaffFactory(group="Customer service", development=ours.development))
    return client


@pytest.fixture
def double(ours):
    """The second record of the owner of ours, with a home of its own there."""
    return OwnershipFactory(home__building=ours.home.building, owner__name="Entered Twice").owner


def numbers(kept, gone):
    return {"kept": kept.customer_no, "gone": gone.customer_no}


def test_the_preview_shows_both_and_changes_nothing(service, ours, double):
    page = service.post(reverse(NEW), numbers(ours.owner, double))
    text = page.content.decode()
    assert (ours.owner.name in text, "Entered Twice" in text) == (True, True)
    assert ("ownerships", 1) in [(str(label), count) for label, count in page.context["lines"]]
    assert double.ownerships.count() == 1


def test_confirmed_and_taken_apart_again(service, ours, double):
    response = service.post(reverse(CONFIRM), numbers(ours.owner, double))
    merge = OwnerMerge.objects.get(gone=double)
    assert response["Location"] == reverse("desk_ownermerge:inspect", args=[merge.pk])
    assert (ours.owner.ownerships.count(), double.ownerships.count()) == (2, 0)
    assert b"Take apart" in service.get(response["Location"]).content
    service.post(reverse("desk_ownermerge:undo", args=[merge.pk]))
    assert (ours.owner.ownerships.count(), double.ownerships.count()) == (1, 1)
    assert b"Take apart" not in service.get(response["Location"]).content


def test_after_30_days_there_is_no_way_back(service, ours, double):
    service.post(reverse(CONFIRM), numbers(ours.owner, double))
    merge = OwnerMerge.objects.get(gone=double)
    with time_machine.travel("2026-12-23T12:00:00Z"):
        service.force_login(StaffFactory(group="Supervisors", development=ours.development))
        page = service.post(reverse("desk_ownermerge:undo", args=[merge.pk]), follow=True).content.decode()
    assert "After 30 days two records stay one." in page
    assert "Take apart" not in page


@pytest.mark.parametrize("name", [NEW, CONFIRM])
def test_what_is_wrong_is_said_and_nothing_changes(service, ours, theirs, double, name):
    OwnershipFactory(owner=double, home=theirs.home)
    cases = [
        (numbers(ours.owner, ours.owner), "one and the same"),
        ({"kept": ours.owner.customer_no, "gone": "nobody"}, "No customer has the number nobody"),
        (numbers(ours.owner, theirs.owner), "No customer has the number"),
        (numbers(ours.owner, double), "in a development that isn&#x27;t yours"),
        ({}, "This field is required"),
    ]
    before = set(Ownership.objects.values_list("pk", "owner", "state"))
    for given, words in cases:
        assert words in service.post(reverse(name), given).content.decode()
    assert set(Ownership.objects.values_list("pk", "owner", "state")) == before


@pytest.mark.parametrize("group", ["Site managers", "Marketing"])
def test_for_other_groups_there_is_no_such_page(client, ours, group):
    client.force_login(StaffFactory(group=group, development=ours.development))
    assert [client.get(reverse(NEW)).status_code, client.post(reverse(CONFIRM)).status_code] == [404, 404]


def test_one_of_another_development_is_not_found(service, theirs):
    merge = theirs.rows["desk_ownermerge"]
    assert service.post(reverse("desk_ownermerge:undo", args=[merge.pk])).status_code == 404
