"""Handing a message over, and what the other side's answer means."""

import re
import smtplib
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.core.validators import validate_email

from accounts.models import Channel
from accounts.sms import NoAnswerError as GatewaySilentError
from accounts.sms import NobodyThereError, NumberRefusedError, SmsError, gateway

from . import providers
from .mail import Mail
from .messages import language_tag, one_line
from .reasons import BUSY, NO_ANSWER, REFUSED, UNREACHABLE, joined


class TryLaterError(Exception):
    """Not taken now; another time it may be. The message is the reason to keep."""


class UnreachableError(TryLaterError):
    """Nobody answers: no other message on this channel need be tried now."""


class NoAnswerError(TryLaterError):
    """It may have been taken: no answer came. Each of these attempts is counted; nothing else is tried now."""


class RefusedError(Exception):
    """Never will be taken. `address_at_fault`: nothing else will be taken there either."""

    def __init__(self, reason, *, address_at_fault):
        super().__init__(reason)
        self.address_at_fault = address_at_fault


class Email:
    """One connection to the mail server, opened for the first message and kept for those that follow."""

    def __init__(self):
        self.connection = None

    def send(self, notice, message, address):
        """Returns once the server has accepted it: what a provider calls it, or "".

        Raises TryLaterError, UnreachableError, RefusedError.
        """
        mail = _mail(notice, message, address)
        self._open()
        try:
            self.connection.send_messages([mail])
        except Exception as error:
            if not _session_goes_on(error):
                self.close()
            raise _verdict(error, address) from error
        if answer := providers.refusal_of(mail):
            raise _by_code(answer.code, answer.words, address, address_at_fault=False)
        return providers.id_of(mail)

    def _open(self):
        if self.connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
        except Exception as error:
            raise UnreachableError(joined(UNREACHABLE, _detail(error))) from error
        self.connection = connection

    def close(self):
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()


class Sms:
    """One gateway for a batch."""

    def __init__(self):
        self.gateway = None

    def send(self, notice, message, address):
        """Returns what the gateway calls it. Raises TryLaterError and its kinds, RefusedError."""
        named = {"title": message.title, "path": message.url, "language": message.language}
        try:
            self.gateway = self.gateway or gateway()
            taken = self.gateway.send_notice(address, message.text, str(notice.pk), **named)
            return str(taken or "")[: providers.ID_LENGTH]
        except SmsError as error:
            raise _verdict_on_text(error, _without(address, one_line(error))) from None

    def close(self):
        self.gateway = None


def _verdict_on_text(error, detail):
    """The exception that says what the gateway's answer means for this message."""
    if isinstance(error, NobodyThereError):
        return UnreachableError(joined(UNREACHABLE, detail))
    if isinstance(error, GatewaySilentError):
        return NoAnswerError(joined(NO_ANSWER, detail))
    if error.temporary:
        return TryLaterError(joined(BUSY, detail))
    return RefusedError(joined(REFUSED, detail), address_at_fault=isinstance(error, NumberRefusedError))


class Inbox:
    """The notice itself is the message: keeping its text is the delivery."""

    def send(self, notice, message, address):
        pass

    def close(self):
        pass


def open_channels():
    """A sender for each channel, for one batch."""
    return {Channel.INBOX: Inbox(), Channel.EMAIL: Email(), Channel.SMS: Sms()}


def _mail(notice, message, address):
    try:
        validate_email(address)
    except ValidationError as error:
        raise RefusedError(joined(REFUSED, "not an address"), address_at_fault=True) from error
    mail = Mail(
        subject=message.title,
        body=message.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            "Message-ID": notice.message_id,
            "Content-Language": language_tag(message.language),
            "Auto-Submitted": "auto-generated",  # or out-of-office replies come back
            **message.headers,
        },
    )
    mail.attach_alternative(message.html, "text/html")
    mail.metadata = {providers.NOTICE: str(notice.pk)}  # a provider gives it back with what it tells us later
    return mail


def _verdict(error, address):
    """The exception that says what the mail server's answer means for this message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _by_code(code, text, address, address_at_fault=_names_the_address(code, _words(text)))
    if isinstance(error, smtplib.SMTPSenderRefused):
        # It is us the server won't have. That is for the company to mend, and the message waits for it.
        return TryLaterError(joined(BUSY, _detail(error)))
    if isinstance(error, smtplib.SMTPResponseException):
        return _by_code(error.smtp_code, error.smtp_error, address, address_at_fault=False)
    if answer := providers.answer_in(error):
        return _by_code(answer.code, answer.words, address, address_at_fault=answer.address_at_fault)
    return TryLaterError(joined(UNREACHABLE, _detail(error)))


def _by_code(code, text, address, *, address_at_fault):
    detail = _without(address, f"{code} {_words(text)}")
    if code < 500:
        return TryLaterError(joined(BUSY, detail))
    return RefusedError(joined(REFUSED, detail), address_at_fault=address_at_fault)


def _names_the_address(code, text):
    """Whether a 5xx answer to RCPT is about the mailbox, and not about us (5.7.1, relaying denied)."""
    if enhanced := re.search(r"\b5\.(\d+)\.(\d+)\b", text):
        return enhanced[1] == "1" or enhanced.groups() == ("2", "1")
    return code in {550, 551, 553}


def _session_goes_on(error):
    """After an answer about one message the connection is still good, unless the answer was 421."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code != 421 for code, __ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code != 421


def _without(address, text):
    """What servers answer repeats the address, which has no place in logs and reasons."""
    return re.sub(re.escape(address), "…", text, flags=re.IGNORECASE)


def _words(text):
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)


def _detail(error):
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
