"""Messages to a bare address: of somebody who is neither a customer nor a colleague."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Channel
from accounts.notices import unsubscribing
from accounts.notices.actions import tell
from accounts.notices.addresses import PASSING, address_of, suppress
from accounts.notices.delivery import deliver
from accounts.notices.guests import Guest
from accounts.notices.instead import tell_by_text_instead
from accounts.notices.kinds import get
from accounts.notices.models import Notice
from progress.models import Assignment
from tests.factories import NOW, DevelopmentFactory, EnquiryFactory, OwnerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest():
    return Guest.objects.create(channel="email", address="lin@example.com", language="zh-hans", created_at=NOW)


@pytest.fixture
def notice(guest):
    tell([guest], "enquiry-received", EnquiryFactory(), at=NOW)
    return Notice.objects.get()


def test_it_is_to_them_alone_and_told_once(guest, notice):
    tell([guest], "enquiry-received", EnquiryFactory._meta.model.objects.get(), at=NOW)
    assert (Notice.objects.get(), notice.person, notice.is_passing) == (notice, guest, True)


@pytest.mark.parametrize("others", [{"owner": True}, {}])
def test_a_notice_is_to_exactly_one(guest, others):
    people = {"owner": OwnerFactory(), "guest": guest} if others else {}
    with pytest.raises(IntegrityError, match="notice_to_one_person"), transaction.atomic():
        Notice.objects.create(key="k", kind="x", subject_kind="x", subject_id="1", channel="email", **people)


@pytest.mark.parametrize("fields", [{"channel": "inbox"}, {"channel": "email", "address": ""}])
def test_there_is_no_guest_without_an_address(fields):
    with pytest.raises(IntegrityError, match="guest_has_an_address"), transaction.atomic():
        Guest.objects.create(**{"address": "lin@example.com", "language": "en", **fields})


def test_they_are_reached_at_that_address_and_no_other(guest):
    assert isinstance(guest, PASSING)
    assert address_of(guest, Channel.EMAIL) == ("lin@example.com", "")
    assert address_of(guest, Channel.SMS)[0] == ""


def test_they_have_nothing_to_unsubscribe_from(guest, notice):
    assert unsubscribing.path_for(notice, get("enquiry-received")) == ""
    with pytest.raises(unsubscribing.UnknownLinkError):
        unsubscribing.find(notice.pk, "x", at=NOW)


def test_what_comes_back_is_noted_nowhere_and_not_sent_by_text(guest, notice):
    suppress(guest, Channel.EMAIL, guest.address, reason="gone", at=NOW)
    assert tell_by_text_instead(notice, at=NOW) is False
    assert Notice.objects.count() == 1


def test_one_that_can_t_be_delivered_is_shown_to_whoever_works_everywhere(client, notice, monkeypatch):
    Notice.objects.update(state="failed", reason="x")
    for user, seen in (
        (StaffFactory(group="Supervisors", everywhere=True), True),
        (StaffFactory(group="Supervisors", development=DevelopmentFactory()), False),
    ):
        Assignment.objects.filter(user=user).update(role="supervisor")
        client.force_login(user)
        page = client.get(reverse("desk_undelivered:index")).content.decode()
        assert ("lin@example.com" in page) == seen


def test_it_goes_out_in_their_language_and_greets_nobody_by_name(notice, mailoutbox):
    deliver(clock=lambda: NOW)
    [mail] = mailoutbox
    assert (mail.to, "Dear" in mail.body, Notice.objects.get().language) == (["lin@example.com"], False, "zh-hans")
