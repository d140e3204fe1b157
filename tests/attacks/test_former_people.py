"""Those who were somebody here: sold, erased, tenants, family; with pages, photos, links and messages still at hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import accept_invitation
from accounts.notices.actions import tell
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from progress.actions import turn_rights
from progress.models import Role
from progress.updates.models import UpdatePhoto
from tests.factories import NOW, TODAY, InvitationFactory, OwnershipFactory, PrivateFileFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def update(tie):
    return UpdateFactory(development=tie.home.development, homes=[tie.home])


@pytest.fixture
def photo(update):
    return UpdatePhoto.objects.create(update=update, file=PrivateFileFactory(), order=0)


@pytest.fixture
def browser(client, tie):
    client.force_login(tie.owner.user)
    return client


def sell(tie):
    tie.until = TODAY
    tie.save()
    turn_rights(on=TODAY)


def erase(tie):
    tie.owner.erased_at = NOW
    tie.owner.save()


def close(tie):
    tie.owner.user.is_active = False
    tie.owner.user.save()


def let(tie):
    tie.role = Role.TENANT
    tie.save()


ENDS = pytest.mark.parametrize("end", [sell, erase, close, let], ids=["sold", "erased", "closed", "a tenant now"])


@ENDS
def test_a_photo_that_the_browser_has_is_not_confirmed(browser, tie, photo, end):
    """A 304 would show it once more."""
    path = reverse("home:photo-file", args=[photo.pk, "thumb"])
    first = browser.get(path)
    list(first)
    etag = {"If-None-Match": first.headers["ETag"]}
    assert browser.get(path, headers=etag).status_code == 304
    end(tie)
    for headers in ({}, etag, {"If-None-Match": "*"}, {"Range": "bytes=0-"}):
        for method in (browser.get, browser.head):
            answer = method(path, headers=headers)
            assert answer.status_code in {302, 404}, headers
            assert "ETag" not in answer.headers


@ENDS
def test_pages_in_an_open_session_are_gone(browser, tie, update, photo, end):
    end(tie)
    for name, args in (
        ("home:update", [update.pk]),
        ("home:photo", [update.pk, photo.pk]),
        ("home:journey", [tie.home_id]),
    ):
        assert browser.get(reverse(name, args=args)).status_code in {302, 404}, name
    assert update.title_en not in browser.get("/my/", follow=True).content.decode()


@ENDS
def test_news_that_waited_in_the_outbox_is_not_sent(tie, update, end, mailoutbox, time_machine):
    time_machine.move_to(NOW)
    tell([tie.owner], "update-published", update, at=NOW)
    end(tie)
    deliver_due()
    assert mailoutbox == []


def test_an_erased_owner_reads_no_message_any_more(browser, tie):
    notice = Notice.objects.create(
        key="m", kind="x", subject_id="1", owner=tie.owner, channel="inbox", state="sent", sent_at=NOW, title="News"
    )
    erase(tie)
    assert browser.get(reverse("home:message", args=[notice.pk])).status_code == 404
    assert "News" not in browser.get(reverse("home:inbox")).content.decode()


def test_the_link_in_a_message_about_a_home_that_was_sold_opens_nothing(browser, tie, update, time_machine):
    time_machine.move_to(NOW)
    tell([tie.owner], "update-published", update, at=NOW)
    deliver_due()
    sell(tie)
    notice = Notice.objects.get(channel="inbox")
    assert browser.get(reverse("home:message", args=[notice.pk])).status_code == 200
    assert browser.get(notice.url).status_code == 404


def test_an_invitation_kept_since_before_the_sale_shows_nothing(client, time_machine):
    time_machine.move_to(NOW)
    invitation = InvitationFactory()
    tie = OwnershipFactory(owner=invitation.owner)
    update = UpdateFactory(development=tie.home.development, homes=[tie.home])
    sell(tie)
    client.post(invitation.path, {"password": "", "language": "en"})
    assert client.get(reverse("home:home", args=[tie.home_id])).status_code == 404
    assert client.get(reverse("home:update", args=[update.pk])).status_code == 404


def test_an_invitation_of_an_erased_owner_makes_no_login(client, time_machine):
    time_machine.move_to(NOW)
    invitation = InvitationFactory()
    invitation.owner.erased_at = NOW
    invitation.owner.save()
    client.post(invitation.path, {"password": "", "language": "en"})
    assert "_auth_user_id" not in client.session


def test_a_used_invitation_lets_nobody_in_again(time_machine):
    time_machine.move_to(NOW)
    invitation = InvitationFactory()
    accept_invitation(invitation, password=None, language="en", at=NOW)
    thief = Client()
    assert thief.post(invitation.path, {"password": "", "language": "en"}).status_code == 403
    assert "_auth_user_id" not in thief.session


def test_family_reads_the_progress_and_not_the_owners_messages(client, tie, update):
    family = OwnershipFactory(home=tie.home, role=Role.FAMILY).owner
    notice = Notice.objects.create(
        key="m", kind="x", subject_id="1", owner=tie.owner, channel="inbox", state="sent", sent_at=NOW, title="News"
    )
    client.force_login(family.user)
    assert client.get(reverse("home:update", args=[update.pk])).status_code == 200
    assert client.get(reverse("home:message", args=[notice.pk])).status_code == 404


def test_the_new_owner_sees_none_of_the_neighbours(client, tie, update):
    new = OwnershipFactory(home=tie.home, since=TODAY).owner
    beside = UpdateFactory(development=tie.home.development, homes=[OwnershipFactory().home])
    client.force_login(new.user)
    assert client.get(reverse("home:update", args=[update.pk])).status_code == 200
    assert client.get(reverse("home:update", args=[beside.pk])).status_code == 404


def test_an_ownership_that_begins_tomorrow_shows_nothing_today(client, tie, update):
    coming = OwnershipFactory(home=tie.home, state="pending", since=TODAY + timedelta(days=1)).owner
    client.force_login(coming.user)
    assert client.get(reverse("home:home", args=[tie.home_id])).status_code == 404
    turn_rights(on=TODAY + timedelta(days=1))
    assert client.get(reverse("home:update", args=[update.pk])).status_code == 200
