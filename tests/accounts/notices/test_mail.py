"""What a mail says is what Django would write, byte for byte; it is only written more quickly."""

from email.errors import HeaderParseError

import pytest
from django.core.mail import EmailMultiAlternatives

from accounts.notices.mail import _POLICY, Mail

HEADERS = {"Message-ID": "<1@example.com>", "Date": "Fri, 06 Nov 2026 08:00:00 -0000", "Content-Language": "en"}


def written(model, **fields):
    values = {"subject": "A stage", "body": "Dear reader,\n", "from_email": "a@example.com", "to": ["b@example.com"]}
    mail = model(**{**values, "headers": HEADERS, **fields})
    mail.attach_alternative("<p>Dear reader,</p>\n<p>外窗装到九层。</p>", "text/html")
    message = mail.message()
    content = message.as_bytes(linesep="\r\n")
    return content.replace(message.get_boundary().encode(), b"BOUNDARY")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"subject": "外窗装到九层"},
        {"subject": "外窗装到九层。吊篮在南立面，本周五拆除。" * 6},
        {"body": "外窗装到九层。" * 200},
        {"to": ["业主 <b@example.com>"]},
        {"headers": {**HEADERS, "List-Unsubscribe": f"<https://example.com/{'x' * 90}/>"}},
        *({"subject": ("word " * 20)[:length].strip()} for length in range(60, 80)),
        *({"subject": "w" * length} for length in range(60, 80)),
    ],
)
def test_mail_is_what_django_writes(fields):
    assert written(Mail, **fields) == written(EmailMultiAlternatives, **fields)


@pytest.mark.parametrize("value", ["a\nb", "a\r\n b", "a\x0bb", "a\x1cb", "a\tb", " a ", "外", "", " " * 90])
def test_header_out_of_the_ordinary_is_written_as_before(value):
    plain = EmailMultiAlternatives().message().policy
    assert _POLICY.fold_binary("X", value) == plain.fold_binary("X", value)


def test_header_within_a_header_is_refused_as_before():
    with pytest.raises(HeaderParseError):
        _POLICY.fold_binary("X", "a\r\nBcc: c@example.com")


def test_boundary_is_another_for_each_mail():
    mails = [Mail(body="a") for __ in range(2)]
    for mail in mails:
        mail.attach_alternative("<p>a</p>", "text/html")
    first, second = (mail.message().get_boundary() for mail in mails)
    assert first != second
