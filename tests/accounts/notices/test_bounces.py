"""What the mail provider tells us afterwards: acted upon once, and only about what is ours."""

import json
from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.test import Client
from django.urls import reverse

from accounts import hooks
from accounts.events.models import Event
from accounts.models import Address, Channel
from accounts.notices import reasons
from accounts.notices.actions import try_again
from accounts.notices.bounces import verdict_on
from accounts.notices.models import Notice, Preference
from tests.factories import NOW, InvitationFactory, OwnerFactory, UserFactory

SECRET = "portal:a-long-and-random-password"
AT = "2026-11-22T02:00:05Z"


@pytest.fixture
def postmark(settings):
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    return settings


@pytest.fixture
def hook(postmark, db):
    """A function that posts an event, or any body, to the webhook; `secret` may be wrong."""
    client = Client(raise_request_exception=False)

    def post(event, secret=SECRET, **headers):
        if secret:
            headers["Authorization"] = f"Basic {b64encode(secret.encode()).decode()}"
        body = event if isinstance(event, str) else json.dumps(event)
        return client.post(reverse("accounts:mail-events"), body, content_type="application/json", headers=headers)

    return post


def sent(person, **fields):
    who = {"invitation" if person._meta.model_name == "invitation" else "owner": person}
    values = {"key": str(uuid4()), "kind": "test-mail", "channel": "email", "state": "sent", "sent_at": NOW} | fields
    return Notice.objects.create(**who, subject_kind="accounts.owner", subject_id=str(uuid4()), **values)


def bounce(notice, kind="HardBounce", at=AT, **fields):
    address = notice.owner.user.email if notice.owner else "invited@example.com"
    known = {"RecordType": "Bounce", "Type": kind, "Email": address, "BouncedAt": at, "Details": "550 5.1.1 unknown"}
    return known | {"Metadata": {"notice": str(notice.pk)}, "MessageID": "pm-1", "ID": 42} | fields


def fate(notice):
    notice.refresh_from_db()
    return notice.state, bool(notice.returned_at), notice.returned_reason


RETURNED = ("sent", True, reasons.BOUNCED)
AS_IT_WAS = ("sent", False, "")


class TestReturned:
    def test_a_bounce_marks_its_notice_and_suppresses_the_address(self, hook):
        notice = sent(OwnerFactory())
        assert hook(bounce(notice)).status_code == 200
        assert fate(notice) == RETURNED
        address = Address.objects.get()
        assert (address.value, address.suppressed_reason) == (notice.owner.user.email, reasons.BOUNCED)
        verbs = Event.objects.order_by("id").values_list("verb", "subject_id")
        assert list(verbs) == [("returned", str(notice.pk)), ("address suppressed", str(notice.owner.pk))]

    @pytest.mark.parametrize("known", ["message id", "provider's id"])
    def test_a_notice_is_known_without_our_metadata_too(self, hook, known):
        notice = sent(OwnerFactory(), provider_id="pm-77")
        name = f"<{notice.pk}@homes.example>" if known == "message id" else "pm-77"
        hook(bounce(notice, Metadata={}, MessageID=name))
        assert fate(notice) == RETURNED

    def test_a_complaint_is_no_bounce_but_ends_our_mail_there(self, hook):
        notice = sent(OwnerFactory())
        hook(bounce(notice, "SpamComplaint", RecordType="SpamComplaint"))
        assert fate(notice) == ("sent", True, reasons.COMPLAINED)
        assert Address.objects.get().suppressed_reason == reasons.COMPLAINED

    @pytest.mark.parametrize("kind", ["SoftBounce", "Blocked", "DMARCPolicy"])
    def test_what_came_back_for_another_reason_suppresses_nothing(self, hook, kind):
        notice = sent(OwnerFactory())
        hook(bounce(notice, kind))
        assert (fate(notice)[:2], Address.objects.count()) == (("sent", True), 0)

    @pytest.mark.parametrize("kind", ["Transient", "DnsError", "AutoResponder", "Subscribe"])
    def test_what_is_only_late_or_answered_changes_nothing(self, hook, kind):
        notice = sent(OwnerFactory())
        assert hook(bounce(notice, kind)).status_code == 200
        assert (fate(notice), Address.objects.count()) == (AS_IT_WAS, 0)

    def test_an_invitation_comes_back_though_its_address_is_nobodys(self, hook):
        notice = sent(InvitationFactory())
        hook(bounce(notice))
        assert (fate(notice), Address.objects.count()) == (RETURNED, 0)

    def test_one_that_is_told_before_our_own_commit_is_not_lost(self, hook):
        notice = sent(OwnerFactory(), state="queued", sent_at=None)
        hook(bounce(notice))
        assert fate(notice) == ("queued", True, reasons.BOUNCED)

    @pytest.mark.parametrize("kind", ["HardBounce", "SoftBounce", "Blocked"])
    def test_what_must_arrive_comes_as_a_text_message_instead_once(self, hook, kind):
        notice = sent(OwnerFactory(), key="urgent:1:email", kind="test-urgent")
        notice.owner.addresses.create(channel=Channel.SMS, value="+8613800000001")
        for _each in range(2):
            hook(bounce(notice, kind))
        assert Notice.objects.get(channel="sms").key == "urgent:1:sms"

    def test_what_was_read_and_marked_as_unwanted_does_not(self, hook):
        notice = sent(OwnerFactory(), key="urgent:1:email", kind="test-urgent")
        notice.owner.addresses.create(channel=Channel.SMS, value="+8613800000001")
        hook(bounce(notice, "SpamComplaint", RecordType="SpamComplaint"))
        assert Notice.objects.filter(channel="sms").count() == 0


class TestOnce:
    def test_told_twice_it_is_acted_upon_once(self, hook):
        notice = sent(OwnerFactory())
        for _each in range(2):
            assert hook(bounce(notice)).status_code == 200
        assert Event.objects.filter(verb="returned").count() == 1

    def test_a_corrected_address_is_not_taken_away_by_what_is_told_again(self, hook):
        notice = sent(OwnerFactory())
        hook(bounce(notice))
        Address.objects.update(suppressed_reason="")
        hook(bounce(notice))
        assert Address.objects.get().suppressed_reason == ""

    def test_what_was_sent_anew_is_not_returned_by_the_earlier_event(self, hook):
        notice = sent(OwnerFactory())
        hook(bounce(notice))
        assert try_again(notice, by=UserFactory(), at=NOW + timedelta(days=1))
        Notice.objects.update(state="sent", sent_at=NOW + timedelta(days=1))
        hook(bounce(notice, at="2026-11-22T01:59:00Z"))
        assert fate(notice) == AS_IT_WAS
        hook(bounce(notice, at="2026-11-23T03:00:00Z"))
        assert fate(notice) == RETURNED

    def test_an_address_that_is_no_longer_theirs_is_left_alone(self, hook):
        notice = sent(OwnerFactory())
        hook(bounce(notice, Email="somebody.else@example.com"))
        assert (fate(notice), Address.objects.count()) == (RETURNED, 0)

    def test_delivered_after_it_came_back_changes_nothing(self, hook):
        notice = sent(OwnerFactory())
        hook(bounce(notice))
        hook(bounce(notice, RecordType="Delivery", DeliveredAt="2026-11-22T05:00:00Z"))
        assert fate(notice) == RETURNED


class TestUnsubscribed:
    """At the provider, by a button of its own: as by the link of that message."""

    def gone(self, notice, **fields):
        return bounce(notice, RecordType="SubscriptionChange", SuppressionReason="ManualSuppression", **fields)

    def test_the_topic_of_the_message_is_switched_off(self, hook):
        notice = sent(OwnerFactory(), kind="test-news")
        for _each in range(2):
            hook(self.gone(notice))
        assert list(Preference.objects.values_list("owner", "topic", "channel", "mode")) == [
            (notice.owner.pk, "news", "email", "off")
        ]
        assert (fate(notice), Address.objects.count()) == (AS_IT_WAS, 0)

    def test_switched_on_again_it_stays_on_though_told_again(self, hook):
        notice = sent(OwnerFactory(), kind="test-news")
        hook(self.gone(notice))
        Preference.objects.update(mode="now")
        hook(self.gone(notice))
        assert Preference.objects.get().mode == "now"

    @pytest.mark.parametrize("kind", ["test-urgent", "test-mail", "no-such-kind"])
    def test_what_must_arrive_or_has_no_topic_is_not(self, hook, kind):
        assert hook(self.gone(sent(OwnerFactory(), kind=kind))).status_code == 200
        assert Preference.objects.count() == 0


class TestAttacks:
    @pytest.mark.parametrize("secret", ["", "portal:wrong", "portal:", "wrong", SECRET + "x", ":"])
    def test_without_the_secret_nothing_is_heard(self, hook, secret):
        notice = sent(OwnerFactory())
        assert hook(bounce(notice), secret=secret).status_code == 400
        assert (fate(notice), Address.objects.count()) == (AS_IT_WAS, 0)

    @pytest.mark.parametrize("lacking", [{"EMAIL_PROVIDER": ""}, {"ANYMAIL": {"WEBHOOK_SECRET": ""}}])
    def test_where_it_is_not_set_up_there_is_nothing(self, hook, settings, lacking):
        for name, value in lacking.items():
            setattr(settings, name, value)
        assert hook(bounce(sent(OwnerFactory()))).status_code == 404

    def test_another_providers_events_are_not_heard(self, hook, settings):
        settings.EMAIL_PROVIDER = "no-such-provider"
        assert hook(bounce(sent(OwnerFactory()))).status_code == 404

    @pytest.mark.parametrize("name", ["", "x", "a" * 5000, "00000000-0000-4000-8000-000000000000", "<@>", None, 7, []])
    def test_forged_ids_touch_nothing(self, hook, name):
        notice = sent(OwnerFactory())
        assert hook(bounce(notice, Metadata={"notice": name}, MessageID="no-such-id")).status_code == 200
        assert (fate(notice), Address.objects.count()) == (AS_IT_WAS, 0)

    def test_a_text_message_does_not_come_back_by_mail(self, hook):
        notice = sent(OwnerFactory(), channel=Channel.SMS)
        hook(bounce(notice))
        assert fate(notice) == AS_IT_WAS

    @pytest.mark.parametrize("body", ["", "nonsense", "[]", "[1]", "null", '"x"', '{"RecordType": {}}', "{" * 2000])
    def test_what_is_no_event_is_refused_and_breaks_nothing(self, hook, body):
        assert hook(body).status_code in {200, 400}

    def test_a_body_beyond_a_megabyte_is_not_read(self, hook):
        assert hook(" " * (hooks.LARGEST + 1)).status_code == 413

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
    def test_only_posts_are_events(self, postmark, db, client, method):
        assert getattr(client, method)(reverse("accounts:mail-events")).status_code == 405

    def test_what_breaks_in_our_own_hands_is_told_again(self, hook, monkeypatch):
        monkeypatch.setattr("accounts.notices.bounces.act_upon", lambda *args, **kwargs: 1 / 0)
        assert hook(bounce(sent(OwnerFactory()))).status_code == 500


class TestVerdicts:
    """Each provider has its own word for a mailbox that is full today."""

    @pytest.mark.parametrize(
        ("raw", "description"),
        [
            ({"event": "soft_bounce"}, ""),
            ({"bounce_class": "22"}, ""),
            ({"event": "bounce", "hard_bounce": False}, ""),
            ({}, "Transient: MailboxFull"),
            ({"type": "blocked"}, ""),
            (SimpleNamespace(), "452 4.2.2 over quota"),
        ],
    )
    def test_full_today_is_not_for_good(self, raw, description):
        verdict = verdict_on(event(raw, description))
        assert (verdict.reason, verdict.for_good) == (reasons.BOUNCED_NOW, False)

    @pytest.mark.parametrize("raw", [{"event": "hard_bounce"}, {"bounce_class": "10"}, {"hard_bounce": True}, {}])
    def test_unknown_is_for_good(self, raw):
        assert verdict_on(event(raw, "Permanent: General")).for_good

    @pytest.mark.parametrize("reason", [RejectReason.BLOCKED, RejectReason.TIMED_OUT, RejectReason.SPAM, None])
    def test_that_we_are_not_wanted_is_not_the_addresss_fault(self, reason):
        assert verdict_on(event({}, "", reject_reason=reason)).for_good is False

    @pytest.mark.parametrize("kind", [EventType.OPENED, EventType.DELIVERED, EventType.QUEUED, EventType.CLICKED])
    def test_the_rest_is_passed_over(self, kind):
        assert verdict_on(event({}, "", event_type=kind)) is None


def event(raw, description, **fields):
    known = {"event_type": EventType.BOUNCED, "reject_reason": RejectReason.BOUNCED, "esp_event": raw}
    return AnymailTrackingEvent(description=description, **known | fields)
