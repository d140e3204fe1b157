"""Mail through a provider's interface: the real library, to one on the loopback that takes, refuses and breaks."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Address, Channel
from accounts.notices import reasons
from accounts.notices.models import Notice
from portal.settings_messages import how_mail_leaves
from tests.factories import NOW, OwnerFactory

from .gateway import Provider
from .server import free_port


@pytest.fixture
def provider(settings):
    with Provider() as provider:
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "a-token", "POSTMARK_API_URL": provider.address}
        provider.answer = takes
        yield provider


def takes(request):
    return 200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": request["To"]}


def refuses_the_recipient(request):
    told = f"Found inactive addresses: {request['To']}. Inactive recipients are ones that have generated a hard bounce."
    return 422, {"ErrorCode": 406, "Message": told}


@pytest.fixture
def owner(db):
    return OwnerFactory()


def test_it_carries_the_id_of_its_notice_and_keeps_what_the_provider_calls_it(provider, notify, run, owner):
    [notice] = notify(owner)
    run()
    notice.refresh_from_db()
    assert (notice.state, notice.provider_id) == ("sent", "pm-1")
    [taken] = provider.taken
    assert taken["Metadata"] == {"notice": str(notice.pk)}
    assert {"Name": "Message-ID", "Value": notice.message_id} in taken["Headers"]


def test_an_address_on_the_providers_own_list_is_not_used_again(provider, notify, run, owner, states):
    provider.answer = refuses_the_recipient
    notify(owner)
    run()
    reason = f"{reasons.REFUSED} (550 refused by the mail provider)"
    assert (states(), Address.objects.get().suppressed_reason) == ([("failed", reason)], reason)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_may_be_mended_is_tried_later(provider, notify, run, owner, states, status):
    provider.answer = lambda request: (status, {"ErrorCode": 10, "Message": request["To"]})
    notify(owner)
    run()
    assert states() == [("queued", f"{reasons.BUSY} (450 answered {status})")]
    provider.answer = takes
    run(Notice.objects.get().next_try_at)
    assert states() == [("sent", "")]


def test_a_message_that_is_refused_is_refused_for_good_and_the_address_stays(provider, notify, run, owner, states):
    provider.answer = lambda request: (400, {"ErrorCode": 300, "Message": "Invalid"})
    notify(owner)
    run()
    assert (states(), Address.objects.count()) == ([("failed", f"{reasons.REFUSED} (554 answered 400)")], 0)


def test_a_refusal_in_unknown_words_is_no_yes(provider, notify, run, owner, states):
    provider.answer = lambda request: (422, {"ErrorCode": 406, "Message": "in words that the library does not know"})
    notify(owner)
    run()
    assert (states(), Address.objects.count()) == ([("failed", f"{reasons.REFUSED} (554 answered 422)")], 0)


def test_nobody_there_is_tried_later(provider, notify, run, owner, states, settings):
    settings.ANYMAIL |= {"POSTMARK_API_URL": f"http://127.0.0.1:{free_port('127.0.0.1')}"}
    notify(owner)
    run()
    [(state, reason)] = states()
    assert (state, reason.partition(" (")[0]) == ("queued", reasons.UNREACHABLE)


class TestSettings:
    @pytest.fixture
    def leaves(self, monkeypatch):
        """A function from variables of the environment to the settings of mail."""

        def leaves(**variables):
            for name, value in variables.items():
                monkeypatch.setenv(f"EMAIL_{name}", value)
            return how_mail_leaves(environ.Env())

        return leaves

    def test_without_a_provider_mail_goes_as_it_did_and_nothing_is_heard(self, leaves):
        found = leaves()
        assert (found["EMAIL_PROVIDER"], found["ANYMAIL"]["WEBHOOK_SECRET"]) == ("", "")
        assert "EMAIL_BACKEND" not in found

    def test_a_provider_may_be_heard_while_mail_goes_by_smtp(self, leaves):
        found = leaves(PROVIDER="postmark", WEBHOOK_SECRET="portal:a-long-random-password")
        assert (found["EMAIL_PROVIDER"], "EMAIL_BACKEND" in found) == ("postmark", False)

    def test_with_its_settings_mail_goes_through_it(self, leaves):
        found = leaves(PROVIDER="postmark", PROVIDER_SETTINGS="POSTMARK_SERVER_TOKEN=x,POSTMARK_MESSAGE_STREAM=y")
        assert found["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
        assert (found["ANYMAIL"]["POSTMARK_SERVER_TOKEN"], found["ANYMAIL"]["POSTMARK_MESSAGE_STREAM"]) == ("x", "y")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"PROVIDER": "postmark", "WEBHOOK_SECRET": "short:one"},
            {"PROVIDER": "postmark", "WEBHOOK_SECRET": "without-anything-between-them"},
            {"WEBHOOK_SECRET": "portal:a-long-random-password"},
            {"PROVIDER_SETTINGS": "POSTMARK_SERVER_TOKEN=x"},
        ],
    )
    def test_halves_are_refused_at_the_start(self, leaves, wrong):
        with pytest.raises(ImproperlyConfigured):
            leaves(**wrong)


class TestInstead:
    """What must arrive and no mailbox takes comes as a text message, where there is a telephone."""

    @pytest.fixture
    def reached(self, owner):
        owner.addresses.create(channel=Channel.SMS, value="+8613800000001")
        return owner

    def channels(self):
        return sorted(Notice.objects.exclude(channel="inbox").values_list("channel", "state"))

    def test_a_mandatory_message_does(self, provider, notify, run, reached):
        provider.answer = refuses_the_recipient
        notify(reached, kind="test-urgent")
        run()
        assert self.channels() == [("email", "failed"), ("sms", "sent")]

    def test_another_does_not(self, provider, notify, run, reached):
        provider.answer = refuses_the_recipient
        notify(reached)
        run()
        assert self.channels() == [("email", "failed")]

    def test_one_without_a_telephone_does_not(self, provider, notify, run, owner):
        provider.answer = refuses_the_recipient
        notify(owner, kind="test-urgent")
        run()
        assert self.channels() == [("email", "failed")]

    def test_one_refused_for_another_reason_does_not(self, provider, notify, run, reached):
        provider.answer = lambda request: (400, {"ErrorCode": 300, "Message": "Invalid"})
        notify(reached, kind="test-urgent")
        run()
        assert self.channels() == [("email", "failed")]

    def test_the_next_message_goes_there_by_itself(self, provider, notify, run, reached):
        provider.answer = refuses_the_recipient
        notify(reached)
        run()
        notify(reached, step="next", at=NOW)
        assert self.channels() == [("email", "failed"), ("sms", "queued")]
