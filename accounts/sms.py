"""Text messages: the interface to a gateway, and one that writes files for demonstration and tests."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


class SmsError(Exception):
    """The gateway did not take the message. `temporary` says whether trying again later may help."""

    def __init__(self, message, *, temporary):
        super().__init__(message)
        self.temporary = temporary


class Gateway:
    """What a company's SMS provider is wrapped in; the setting SMS_GATEWAY names the class."""

    def send(self, to, text, reference):
        """Hand `text` to the provider for the number `to` (E.164), within seconds.

        `reference` is the same when a message is repeated, so a provider that knows it can drop the second.
        Raises SmsError.
        """
        raise NotImplementedError


class FileGateway(Gateway):
    """Appends one JSON line a message to `sms/messages.jsonl` in the data folder."""

    def send(self, to, text, reference):
        path = Path(settings.DATA_DIR) / "sms" / "messages.jsonl"
        line = json.dumps({"to": to, "text": text, "reference": reference}, ensure_ascii=False) + "\n"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(descriptor, "wb") as file:
                file.write(line.encode())
        except OSError as error:
            raise SmsError("The file could not be written.", temporary=True) from error


def sms_available():
    """Whether this installation can send text messages at all."""
    return bool(settings.SMS_GATEWAY)


def gateway():
    """The company's gateway. Ask `sms_available()` first: without one this raises SmsError."""
    if not sms_available():
        raise SmsError("No SMS gateway is set up.", temporary=False)
    return import_string(settings.SMS_GATEWAY)()
