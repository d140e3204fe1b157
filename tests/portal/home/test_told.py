"""What we told you: the same truth that staff see, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.notices import outcomes, reasons
from accounts.notices.models import Notice
from tests.factories import NOW, TODAY, OwnershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = OwnershipFactory().owner
    client.force_login(owner.user)
    return owner


def write(**fields):
    values = {"kind": "update-published", "channel": "email", "state": "sent", "sent_at": NOW, "created_at": NOW}
    about = {"key": str(uuid4()), "subject_kind": "updates.update", "subject_id": str(uuid4())}
    return Notice.objects.create(**about | values | fields)


def shown(client):
    page = client.get(reverse("home:told"))
    return page.content.decode(), [(row.notice, str(row.outcome), link) for row, link in page.context["rows"]]


def test_each_message_stands_there_with_what_became_of_it(client, owner):
    mail = write(owner=owner, returned_at=NOW, returned_reason=reasons.BOUNCED)
    inbox = write(user=owner.user, channel="inbox", title="Windows", text="In.", created_at=NOW - timedelta(days=1))
    text, rows = shown(client)
    assert rows == [(mail, "returned", ""), (inbox, "sent", reverse("home:message", args=[inbox.pk]))]
    assert "nobody takes mail at this address" in text


def test_a_reason_ends_with_the_full_stop_of_the_readers_language(owner, monkeypatch):
    notice = write(owner=owner, state="expired", sent_at=None, reason=reasons.TOO_LATE)
    monkeypatch.setattr(outcomes, "_", lambda text: text.replace(".", "。"))
    assert outcomes.told(notice).details == ["It came too late。"]


def test_other_peoples_messages_do_not(client, owner):
    write(owner=OwnershipFactory().owner)
    write(user=UserFactory())
    assert shown(client)[1] == []


def test_half_a_year_after_the_last_home_it_ends_as_the_inbox_does(client, owner):
    mine = write(user=owner.user)
    write(owner=owner)
    owner.ownerships.update(state="ended", until=TODAY - timedelta(days=200))
    with_time = shown(client)[1]
    assert [notice for notice, _outcome, _link in with_time] == [mine]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_whoever_is_no_longer_reached_somewhere_is_told_and_led_to_another(client, owner, channel):
    value = owner.user.email if channel == "email" else "+8613800000001"
    assert "no longer reach you" not in shown(client)[0]
    owner.addresses.create(channel=channel, value=value, suppressed_reason=reasons.BOUNCED)
    text = shown(client)[0]
    assert f"no longer reach you at {value}" in text
    assert reverse("account_email" if channel == "email" else "account_change_phone") in text


def test_the_number_of_queries_does_not_grow(client, owner, django_assert_num_queries):
    write(owner=owner)
    client.get(reverse("home:told"))
    with CaptureQueriesContext(connection) as first:
        shown(client)
    for _each in range(3):
        write(owner=owner)
    with django_assert_num_queries(len(first)):
        shown(client)
