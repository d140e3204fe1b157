"""An owner without a login is reached at the address that staff wrote on the record."""

import pytest
from django.urls import reverse

from accounts.models import Channel
from accounts.notices.actions import tell
from accounts.notices.models import Notice
from tests.factories import NOW, OwnerFactory, OwnershipFactory, StaffFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ownership():
    return OwnershipFactory(owner=OwnerFactory(user=None, name="Sun Jing"))


@pytest.fixture
def service(client, ownership):
    client.force_login(StaffFactory(group="Supervisors", development=ownership.home.development))
    return client


def save(client, owner, **fields):
    url = reverse("desk_owner:edit", args=[owner.pk])
    data = {"name": owner.name, "customer_no": owner.customer_no, "language": "en", "email": "", "phone": ""}
    return client.post(url, data | fields)


def test_an_address_on_the_record_is_written_to(service, ownership):
    assert save(service, ownership.owner, email="sun.jing@example.com", phone="138 0000 0001").status_code == 302
    update = UpdateFactory(development=ownership.home.development, homes=[ownership.home])
    tell([ownership.owner], "update-published", update, at=NOW)
    assert Notice.objects.get(channel=Channel.EMAIL).state == "queued"
    addresses = ownership.owner.addresses.values_list("channel", "value")
    assert set(addresses) == {("email", "sun.jing@example.com"), ("sms", "+8613800000001")}


def test_a_suppressed_address_written_anew_is_tried_anew(service, ownership):
    ownership.owner.addresses.create(channel=Channel.EMAIL, value="old@example.com", suppressed_reason="refused")
    save(service, ownership.owner, email="new@example.com")
    address = ownership.owner.addresses.get()
    assert (address.value, address.suppressed_reason) == ("new@example.com", "")


def test_what_is_no_address_is_refused(service, ownership):
    assert save(service, ownership.owner, phone="12").status_code == 200
    assert save(service, ownership.owner, email="sun\njing@example.com").status_code == 200
    assert list(ownership.owner.addresses.all()) == []


def test_other_changes_leave_the_addresses_as_they_are(service, ownership):
    ownership.owner.addresses.create(channel=Channel.EMAIL, value="sun@example.com")
    save(service, ownership.owner, name="Sun Jing 孙静", email="sun@example.com")
    assert [address.value for address in ownership.owner.addresses.all()] == ["sun@example.com"]
