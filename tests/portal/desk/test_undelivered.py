"""Messages that failed: seen by those who look after the customer, and tried again by a button."""

import pytest
from django.urls import reverse

from accounts.notices.models import Circular, Notice
from tests.factories import NOW, InvitationFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ownership():
    return OwnershipFactory()


@pytest.fixture
def supervisor(client, ownership):
    client.force_login(StaffFactory(group="Supervisors", development=ownership.home.development))
    return client


def failed(**person):
    return Notice.objects.create(key="the-key-of-the-row", kind="invitation", channel="email", state="failed", **person)


def test_a_failed_message_is_queued_anew(supervisor, ownership):
    notice = failed(owner=ownership.owner)
    assert "Try again" in supervisor.get(reverse("desk_undelivered:inspect", args=[notice.pk])).content.decode()
    supervisor.post(reverse("desk_undelivered:again", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.state == Notice.State.QUEUED


def test_a_failed_invitation_is_seen_by_those_who_look_after_the_customer(supervisor, ownership):
    notice = failed(invitation=InvitationFactory(owner=ownership.owner))
    assert supervisor.get(reverse("desk_undelivered:inspect", args=[notice.pk])).status_code == 200


def test_of_customers_elsewhere_nothing_is_seen_nor_sent(supervisor):
    notice = failed(owner=OwnershipFactory().owner)
    assert supervisor.get(reverse("desk_undelivered:inspect", args=[notice.pk])).status_code == 404
    assert supervisor.post(reverse("desk_undelivered:again", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.state == Notice.State.FAILED


def test_its_page_says_to_whom_what_about_and_why_in_words(supervisor, ownership):
    notice = failed(owner=ownership.owner, reason="dead letter")
    page = supervisor.get(reverse("desk_undelivered:inspect", args=[notice.pk]))
    shown = {str(field["label"]): str(field["value"]) for field in page.context["fields"]}
    assert set(shown) == {"To", "Channel", "About", "Why", "Since"}
    assert (shown["To"], shown["About"]) == (ownership.owner.name, "Your invitation to the portal")
    assert notice.key not in page.content.decode()


def test_the_list_says_how_many_may_have_come_twice(supervisor, ownership):
    page = reverse("desk_undelivered:index")
    assert "may have come twice" not in supervisor.get(page).content.decode()
    sent = {"kind": "invitation", "channel": "email", "state": "sent", "sent_at": NOW, "claims": 2}
    Notice.objects.create(key="a", owner=ownership.owner, **sent)
    Notice.objects.create(key="b", owner=OwnershipFactory().owner, **sent)  # another development's
    assert "1 message that was sent may have come twice" in supervisor.get(page).content.decode()


def test_what_was_to_be_told_to_many_and_broke_off_goes_on_by_a_button(client):
    client.force_login(StaffFactory(group="Supervisors", everywhere=True))
    fields = {"kind": "update-published", "at": NOW, "people": 5000, "told": 1200}
    circular = Circular.objects.create(key="c", state=Circular.State.STOPPED, claims=3, **fields)
    page = client.get(reverse("desk_undelivered:index")).content.decode().replace(",", "")
    assert "News from the site: telling many people broke off after 1200 of 5000." in page
    client.post(reverse("desk_undelivered:circular-again", args=[circular.pk]))
    circular.refresh_from_db()
    assert (circular.state, circular.claims) == (Circular.State.WRITING, 0)
    assert "broke off after" not in client.get(reverse("desk_undelivered:index")).content.decode()


def test_those_of_one_development_do_not_see_it(supervisor):
    circular = Circular.objects.create(key="c", state=Circular.State.STOPPED, at=NOW, people=5000)
    assert "broke off after" not in supervisor.get(reverse("desk_undelivered:index")).content.decode()
    assert supervisor.post(reverse("desk_undelivered:circular-again", args=[circular.pk])).status_code == 404
