"""A home changes hands, from the desk."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Owner
from progress.models import Home
from progress.transfers.models import HomeTransfer
from tests.factories import NOW, TODAY, HomeTransferFactory, OwnerFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db
NEW, CONFIRM = "desk_hometransfer:new", "desk_hometransfer:confirm"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service(client, ours):
    client.force_login(StaffFactory(group="Customer service", development=ours.development))
    return client


def given(home, *owners, on=TODAY, **more):
    numbers = "\n".join(owner.customer_no for owner in owners)
    return {"home": home.pk, "on": on.isoformat(), "numbers": numbers, "new_language": "en"} | more


@pytest.fixture
def sold(ours):
    """The home that is sold, of our development."""
    return OwnershipFactory(home__building=ours.home.building)


def errors(response):
    form = response.context["form"]
    return [str(error) for name in [*form.errors] for error in form.errors[name]]


class TestPreview:
    def test_it_says_what_happens_and_changes_nothing(self, service, sold):
        buyer = OwnerFactory(name="Buyer Known Elsewhere")
        page = service.post(reverse(NEW), given(sold.home, buyer))
        text = page.content.decode()
        assert (str(page.context["home"]), page.context["at_once"]) == (str(sold.home), True)
        assert sold.owner.name in text
        assert buyer.customer_no in text
        assert list(sold.home.ownerships.live()) == [sold]
        assert not HomeTransfer.objects.filter(home=sold.home).exists()

    def test_who_stays_is_not_among_those_who_leave(self, service, sold):
        co_owner = OwnershipFactory(home=sold.home, role="co_owner")
        page = service.post(reverse(NEW), given(sold.home, co_owner.owner))
        assert page.context["leaving"] == [sold]

    def test_names_of_customers_elsewhere_are_not_said(self, service, sold, ours, theirs):
        Owner.objects.filter(pk=theirs.owner.pk).update(name="Zhang Secret")
        page = service.post(reverse(NEW), given(sold.home, theirs.owner, ours.owner))
        assert page.context["to"] == [(theirs.owner.customer_no, ""), (ours.owner.customer_no, ours.owner.name)]
        assert "Zhang Secret" not in page.content.decode()

    def test_what_it_shows_is_what_confirming_sends(self, service, sold):
        on = TODAY + timedelta(days=3)
        form = service.post(reverse(NEW), given(sold.home, on=on, new_name="Lin", new_number="C-9")).context["form"]
        sent = {field.html_name: field.value() for field in form}
        service.post(reverse(CONFIRM), sent)
        planned = HomeTransfer.objects.get(home=sold.home)
        assert (planned.on, planned.to.get().name, planned.state) == (on, "Lin", "planned")


class TestConfirm:
    def test_at_once(self, service, sold):
        buyer = OwnerFactory()
        response = service.post(reverse(CONFIRM), given(sold.home, buyer))
        done = HomeTransfer.objects.get(home=sold.home)
        assert response["Location"] == reverse("desk_hometransfer:inspect", args=[done.pk])
        assert list(Home.objects.for_user(buyer.user)) == [sold.home]
        assert "22 November 2026, 10:00" in service.get(response["Location"]).content.decode()

    def test_to_a_new_record(self, service, sold):
        service.post(reverse(CONFIRM), given(sold.home, new_name="Lin Wen", new_number="C-9"))
        owner = Owner.objects.get(customer_no="C-9")
        assert (owner.name, owner.ownerships.get().home) == ("Lin Wen", sold.home)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"numbers": "nobody"}, "No customer has the number nobody."),
            ({"on": "2026-11-21"}, "This day is past."),
            ({"on": "soon"}, "Enter a valid date."),
            ({"numbers": ""}, "Please say to whom"),
            ({"new_name": "Lin"}, "needs a name and a customer number"),
            ({"new_name": "Lin\nWen", "new_number": "C-9"}, "one line"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_changes(self, service, sold, more, words):
        for url in (NEW, CONFIRM):
            response = service.post(reverse(url), given(sold.home, OwnerFactory()) | more)
            assert words in " ".join(errors(response))
        assert list(sold.home.ownerships.live()) == [sold]
        assert not Owner.objects.filter(customer_no="C-9").exists()

    def test_to_oneself_and_twice(self, service, sold):
        response = service.post(reverse(CONFIRM), given(sold.home, sold.owner))
        assert errors(response) == ["The home belongs to them already."]
        HomeTransferFactory(home=sold.home)
        response = service.post(reverse(CONFIRM), given(sold.home, OwnerFactory()))
        assert "already. Undo that first." in errors(response)[0]

    def test_to_an_erased_customer_and_to_a_number_that_is_taken(self, service, sold):
        erased = OwnerFactory(user=None, erased_at=NOW)
        assert "erased" in errors(service.post(reverse(CONFIRM), given(sold.home, erased)))[0]
        more = {"new_name": "Lin", "new_number": erased.customer_no}
        assert "belongs to a customer already" in errors(service.post(reverse(CONFIRM), given(sold.home, **more)))[0]

    def test_a_home_of_another_development_is_none(self, service, theirs):
        for url in (NEW, CONFIRM):
            response = service.post(reverse(url), given(theirs.home, OwnerFactory()))
            assert "home" in response.context["form"].errors
            assert str(theirs.home) not in response.content.decode()
        assert list(theirs.home.ownerships.live().values_list("owner", flat=True)) == [theirs.owner.pk]


class TestUndo:
    def test_until_its_day(self, service, sold):
        service.post(reverse(CONFIRM), given(sold.home, OwnerFactory(), on=TODAY + timedelta(days=2)))
        planned = HomeTransfer.objects.get(home=sold.home)
        page = service.get(reverse("desk_hometransfer:inspect", args=[planned.pk])).content.decode()
        assert reverse("desk_hometransfer:undo", args=[planned.pk]) in page
        service.post(reverse("desk_hometransfer:undo", args=[planned.pk]))
        planned.refresh_from_db()
        assert planned.state == "undone"

    def test_not_afterwards(self, service, sold):
        service.post(reverse(CONFIRM), given(sold.home, OwnerFactory()))
        done = HomeTransfer.objects.get(home=sold.home)
        page = service.post(reverse("desk_hometransfer:undo", args=[done.pk]), follow=True)
        assert "transfer it back" in page.content.decode()
        assert reverse("desk_hometransfer:undo", args=[done.pk]) not in page.content.decode()

    def test_of_another_development_it_is_not_found(self, service, theirs):
        planned = theirs.rows["desk_hometransfer"]
        assert service.post(reverse("desk_hometransfer:undo", args=[planned.pk])).status_code == 404


@pytest.mark.parametrize("group", ["Site managers", "Marketing"])
def test_for_other_groups_there_is_no_such_page(client, ours, group):
    client.force_login(StaffFactory(group=group, development=ours.development))
    assert [client.get(reverse(NEW)).status_code, client.post(reverse(CONFIRM)).status_code] == [404, 404]
