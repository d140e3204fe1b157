"""Text messages through Tencent Cloud: SMS_GATEWAY=accounts.sms_tencent.TencentGateway.

As every provider in China it sends no text of ours but a template that it has approved, filled in. The settings
name the template for each language, and what fills it in: `1400:title,path`. docs/operations.md says how a company
registers them.
"""

import json
import logging
import re

import requests
from django.conf import settings
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient
from urllib3.exceptions import NewConnectionError

from .sms import Gateway, NoAnswerError, NobodyThereError, NumberRefusedError, SmsError

logging.getLogger("tencentcloud_sdk_common").setLevel(logging.WARNING)  # below that it writes down whole requests

OK = "Ok"
THE_NUMBER = {
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "InvalidParameterValue.IncorrectPhoneNumber",
}
# It is this message that is refused. All else is for the company to mend or for the provider, and the message waits.
THIS_MESSAGE = re.compile(
    r"InvalidParameter|MissingParameter|UnsupportedOperation|LimitExceeded\.(PhoneNumberCount|AppCountryOrRegionIn)"
    r"|FailedOperation\.(ContainSensitiveWord|TemplateParamSet|JsonParseFail|FailResolvePacket)"
)
WITHOUT_ANSWER = {"InternalError.Timeout", "InternalError.SendAndRecvFail"}  # of the carrier behind the gateway


class TencentGateway(Gateway):
    def __init__(self):
        self.given = settings.TENCENT_SMS
        scheme, _mark, host = self.given["endpoint"].rpartition("://")
        http = HttpProfile(protocol=scheme or "https", endpoint=host or None, reqTimeout=self.given["timeout"])
        try:
            credential = Credential(self.given["secret_id"], self.given["secret_key"])
        except TencentCloudSDKException as error:
            raise SmsError("The gateway's secrets are not set up.", temporary=True) from error
        self.client = SmsClient(credential, self.given["region"], ClientProfile(httpProfile=http, language="en-US"))

    def send_notice(self, to, text, reference, *, title, path, language):
        given = {"title": title, "path": path.lstrip("/"), "text": text}
        return self._send(to, reference, "notice", language, given)

    def send_code(self, to, text, reference, *, code, language):
        return self._send(to, reference, "code", language, {"code": code})

    def _send(self, to, reference, purpose, language, given):
        template, names = self._template(purpose, language)
        request = models.SendSmsRequest()
        request.PhoneNumberSet = [to]
        request.SmsSdkAppId = self.given["app_id"]
        request.SignName = self.given["sign"].get(language) or next(filter(None, self.given["sign"].values()), "")
        request.TemplateId = template
        request.TemplateParamSet = [given.get(name, "") for name in names]
        request.SessionContext = reference
        try:
            answer = self.client.SendSms(request)
        except TencentCloudSDKException as error:
            # Without its cause: what it says may repeat the number, and ends in a log.
            raise _verdict(error.code or "", _transport(error)) from None
        return _taken(answer, reference)

    def _template(self, purpose, language):
        """(id, names of what fills it in), in the reader's language or else in the other."""
        templates = self.given[purpose]
        wanted = templates.get(language) or next(filter(None, templates.values()), "")
        number, _mark, names = wanted.partition(":")
        if not number:
            raise SmsError(f"No template for a {purpose} is set up.", temporary=True)
        return number, [name.strip() for name in names.split(",") if name.strip()]


def _taken(answer, reference):
    """The provider's number of what it took for us. A gateway that says yes twice has said yes.

    An answer that speaks of another message, or of none, is no answer.
    """
    ours = [status for status in answer.SendStatusSet or () if status.SessionContext in {reference, "", None}]
    if not ours:
        raise NoAnswerError("The gateway answered, but not about this message.")
    taken = next((status for status in ours if status.Code == OK), None)
    if taken is None:
        raise _verdict(ours[0].Code or "", None)
    return taken.SerialNo


def _transport(error):
    """What went wrong below the SDK, if that was it."""
    cause = error.__context__
    return cause if isinstance(cause, OSError | json.JSONDecodeError | KeyError) else None


def _verdict(code, transport):
    """The SmsError that says what an answer means. The code alone: what stands beside it may hold the number."""
    if transport is not None:
        return _without_answer(transport)
    if code in THE_NUMBER:
        return NumberRefusedError(code)
    if code in WITHOUT_ANSWER:
        return NoAnswerError(code)
    return SmsError(code or "no code", temporary=not THIS_MESSAGE.match(code))


def _without_answer(transport):
    """Whether the message can't have arrived, or may have."""
    reason = getattr(transport.args[0] if transport.args else None, "reason", None)
    never = requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError
    name = type(transport).__name__
    if isinstance(transport, never) or isinstance(reason, NewConnectionError):
        return NobodyThereError(name)
    return NoAnswerError(name)
