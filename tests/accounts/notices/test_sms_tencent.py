"""Text messages through the real library, to a provider on the loopback that takes, refuses, breaks or is silent."""

import pytest

from accounts import sms
from accounts.notices import reasons
from accounts.notices.delivery import MAX_CLAIMS
from accounts.notices.models import Notice
from tests.factories import NOW, OwnerFactory

from .gateway import SmsProvider, status
from .server import free_port

NUMBER = "+8613800000001"
HOUR = 3600


@pytest.fixture
def provider():
    with SmsProvider() as provider:
        yield provider


@pytest.fixture
def tencent(provider, settings):
    settings.SMS_GATEWAY = "accounts.sms_tencent.TencentGateway"
    settings.TENCENT_SMS = {
        "secret_id": "an-id",
        "secret_key": "a-key",
        "app_id": "1400006666",
        "region": "ap-guangzhou",
        "endpoint": provider.address,
        "timeout": 5,
        "sign": {"en": "Yanxia", "zh-hans": "檐下"},
        "notice": {"en": "11:title,path", "zh-hans": "12:title"},
        "code": {"en": "", "zh-hans": "22:code"},
    }
    return settings.TENCENT_SMS


def send(**fields):
    given = {"title": "Your windows are in", "path": "/my/", "language": "en"} | fields
    return sms.gateway().send_notice(NUMBER, "…", "a-key-of-ours", **given)


@pytest.fixture
def owner(db):
    owner = OwnerFactory(user=None)
    owner.addresses.create(channel="sms", value=NUMBER)
    return owner


class TestWhatIsSent:
    def test_a_notice_fills_in_the_template_of_its_language(self, tencent, provider):
        assert send() == "2640:0"
        assert provider.taken == [
            {
                "Action": "SendSms",
                "PhoneNumberSet": [NUMBER],
                "SmsSdkAppId": "1400006666",
                "SignName": "Yanxia",
                "TemplateId": "11",
                "TemplateParamSet": ["Your windows are in", "my/"],
                "SessionContext": "a-key-of-ours",
            }
        ]

    def test_a_template_takes_what_the_settings_name_and_no_more(self, tencent, provider):
        send(language="zh-hans")
        assert (provider.taken[0]["SignName"], provider.taken[0]["TemplateParamSet"]) == (
            "檐下",
            ["Your windows are in"],
        )

    def test_a_code_has_a_template_of_its_own_in_the_language_there_is(self, tencent, provider):
        sms.gateway().send_code(NUMBER, "…", "code:1", code="493012", language="en")
        assert (provider.taken[0]["TemplateId"], provider.taken[0]["TemplateParamSet"]) == ("22", ["493012"])

    @pytest.mark.parametrize("lacking", [{"notice": {"en": ""}}, {"secret_id": ""}])
    def test_what_is_not_set_up_waits_for_the_company(self, tencent, provider, lacking):
        tencent |= lacking
        with pytest.raises(sms.SmsError) as raised:
            send()
        assert (raised.value.temporary, provider.taken) == (True, [])


class TestAnswers:
    @pytest.mark.parametrize(
        "code", ["FailedOperation.PhoneNumberInBlacklist", "InvalidParameterValue.IncorrectPhoneNumber"]
    )
    @pytest.mark.parametrize("whole", [True, False])
    def test_it_may_be_the_number(self, tencent, provider, code, whole):
        provider.answer = provider.fails(code) if whole else provider.says(code)
        with pytest.raises(sms.NumberRefusedError, match=f"^{code}$"):
            send()

    @pytest.mark.parametrize(
        "code",
        [
            "LimitExceeded.PhoneNumberOneHourLimit",
            "FailedOperation.InsufficientBalanceInSmsPackage",
            "FailedOperation.SignatureIncorrectOrUnapproved",
            "UnauthorizedOperation.ServiceSuspendDueToArrears",
            "AuthFailure.SecretIdNotFound",
            "RequestLimitExceeded",
            "InternalError.OtherError",
        ],
    )
    def test_what_may_be_mended_is_temporary(self, tencent, provider, code):
        provider.answer = provider.says(code)
        with pytest.raises(sms.SmsError) as raised:
            send()
        assert (type(raised.value), raised.value.temporary) == (sms.SmsError, True)

    @pytest.mark.parametrize(
        "code",
        [
            "FailedOperation.ContainSensitiveWord",
            "InvalidParameterValue.TemplateParameterLengthLimit",
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
            "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone",
        ],
    )
    def test_a_message_that_is_refused_is_refused_for_good(self, tencent, provider, code):
        provider.answer = provider.fails(code)
        with pytest.raises(sms.SmsError) as raised:
            send()
        assert (type(raised.value), raised.value.temporary) == (sms.SmsError, False)

    @pytest.mark.parametrize("code", [500, 503])
    def test_a_gateway_that_answers_500_has_taken_nothing(self, tencent, provider, code):
        provider.answer = lambda request: (code, b"<html>oops</html>")
        with pytest.raises(sms.SmsError) as raised:
            send()
        assert (type(raised.value), raised.value.temporary) == (sms.SmsError, True)

    @pytest.mark.parametrize(
        "answer",
        [
            b"not JSON",
            {"Response": {}},
            {"Response": {"SendStatusSet": [], "RequestId": "r"}},
            {"Response": {"SendStatusSet": [status(reference="somebody else's")], "RequestId": "r"}},
            {},
        ],
    )
    def test_an_answer_that_says_nothing_of_the_message_is_none(self, tencent, provider, answer):
        provider.answer = lambda request: (200, answer)
        with pytest.raises(sms.NoAnswerError):
            send()

    def test_silence_after_the_message_was_handed_over_is_no_answer(self, tencent, provider):
        tencent["timeout"], provider.silent = 0.2, True
        with pytest.raises(sms.NoAnswerError):
            send()

    def test_a_gateway_that_is_down_has_taken_nothing(self, tencent):
        tencent["endpoint"] = f"http://127.0.0.1:{free_port('127.0.0.1')}"
        with pytest.raises(sms.NobodyThereError):
            send()

    @pytest.mark.parametrize("codes", [("Ok", "Ok"), ("Ok", "LimitExceeded.PhoneNumberThirtySecondLimit")])
    def test_a_gateway_that_says_yes_twice_has_said_yes(self, tencent, provider, codes):
        provider.answer = provider.says(*codes)
        assert send() == "2640:0"

    def test_the_number_stands_in_no_error_nor_in_its_cause(self, tencent, provider):
        provider.answer = provider.fails("InvalidParameterValue.IncorrectPhoneNumber")
        with pytest.raises(sms.SmsError) as raised:
            send()
        assert NUMBER not in str(raised.value)
        assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


class TestDelivery:
    def test_the_providers_number_is_kept(self, tencent, notify, run, owner):
        [notice] = notify(owner, kind="test-sms")
        run()
        notice.refresh_from_db()
        assert (notice.state, notice.provider_id, notice.claims) == ("sent", "2640:0", 1)

    def test_a_number_that_takes_nothing_is_not_used_again(self, tencent, provider, notify, run, owner, states, caplog):
        caplog.set_level("INFO")
        provider.answer = provider.says("FailedOperation.PhoneNumberInBlacklist")
        notify(owner, kind="test-sms")
        run()
        reason = f"{reasons.REFUSED} (FailedOperation.PhoneNumberInBlacklist)"
        assert (states(), owner.addresses.get().suppressed_reason) == ([("failed", reason)], reason)
        assert ("notice_failed" in caplog.text, NUMBER in caplog.text) == (True, False)

    def test_a_500_waits_and_is_sent_once_the_gateway_is_well(self, tencent, provider, notify, run, owner, states):
        provider.answer = lambda request: (500, b"")
        [notice] = notify(owner, kind="test-sms")
        run()
        notice.refresh_from_db()
        assert (notice.state, notice.claims, (notice.next_try_at - NOW).seconds) == ("queued", 0, 60)
        provider.answer = provider.says("Ok")
        run(notice.next_try_at)
        assert (states(), Notice.objects.perhaps_repeated().count()) == ([("sent", "")], 0)

    def test_one_without_an_answer_is_sent_again_and_counted(self, tencent, provider, notify, run, owner, states):
        tencent["timeout"], provider.silent = 0.2, True
        [notice] = notify(owner, kind="test-sms")
        run()
        notice.refresh_from_db()
        assert states() == [("queued", f"{reasons.NO_ANSWER} (ReadTimeout)")]
        provider.silent = False
        run(notice.next_try_at)
        assert (states(), Notice.objects.perhaps_repeated().count()) == ([("sent", "")], 1)
        assert {request["SessionContext"] for request in provider.taken} == {str(notice.pk)}

    def test_three_without_an_answer_are_the_last_and_staff_see_it(self, tencent, provider, notify, run, owner):
        tencent["timeout"], provider.silent = 0.2, True
        [notice] = notify(owner, kind="test-sms")
        for _each in range(MAX_CLAIMS + 1):
            run(notice.next_try_at)
            notice.refresh_from_db()
        assert len(provider.taken) == MAX_CLAIMS
        assert (notice.state, notice.reason) == ("failed", reasons.DEAD_LETTER)
        assert (notice.next_try_at - NOW).total_seconds() > HOUR

    def test_silence_holds_up_no_more_than_one_message_a_run(self, tencent, provider, notify, run, owner):
        tencent["timeout"], provider.silent = 0.2, True
        other = OwnerFactory(user=None)
        other.addresses.create(channel="sms", value="+8613800000002")
        notify(owner, other, kind="test-sms")
        run()
        assert len(provider.taken) == 1
        assert sorted(Notice.objects.values_list("claims", flat=True)) == [0, 1]
