"""Text messages: the interface to a gateway, and one that writes files for demonstration and tests."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


class SmsError(Exception):
    """The gateway did not take the message. `temporary` says whether trying again later may help.

    What it says goes into logs and reasons: never the number.
    """

    def __init__(self, message, *, temporary):
        super().__init__(message)
        self.temporary = temporary


class NumberRefusedError(SmsError):
    """It is the number: nothing else will be taken for it, either."""

    def __init__(self, message):
        super().__init__(message, temporary=False)


class NobodyThereError(SmsError):
    """The gateway can't be reached, so it has taken nothing, and no other message need be tried now."""

    def __init__(self, message):
        super().__init__(message, temporary=True)


class NoAnswerError(SmsError):
    """The gateway had the message and did not answer: it may have taken it. Each of these attempts is counted."""

    def __init__(self, message):
        super().__init__(message, temporary=True)


class Gateway:
    """What a company's SMS provider is wrapped in; the setting SMS_GATEWAY names the class.

    One that sends whatever it is given has `send` alone. One that fills in templates which its provider has
    approved has the other two instead. All return the provider's own number of what it took, or None.
    """

    def send(self, to, text, reference):
        """Hand `text` to the provider for the number `to` (E.164), within seconds.

        `reference` is the same when a message is repeated, so a provider that knows it can drop the second.
        Raises SmsError.
        """
        raise NotImplementedError

    def send_notice(self, to, text, reference, *, title, path, language):
        """The same for a notice: what it is about, and the path of its page ("" for none)."""
        return self.send(to, text, reference)

    def send_code(self, to, text, reference, *, code, language):
        """The same for a code that somebody waits for at the door."""
        return self.send(to, text, reference)


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
