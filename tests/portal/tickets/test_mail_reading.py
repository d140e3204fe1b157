"""From the bytes of a mail to its words; and what is no letter at all."""

from email.message import EmailMessage

import pytest
from anymail.inbound import AnymailInboundMessage

from portal.tickets.mail.html import words_of
from portal.tickets.mail.quotes import fold
from portal.tickets.mail.reading import plain, read, subject_of
from portal.tickets.mail.stopping import why_stopped


def message(text="The tap drips.", envelope_sender=None, **headers):
    raw = EmailMessage()
    raw["From"], raw["To"], raw["Subject"] = "Shen <shen@example.com>", "service@homes.example", "The tap"
    for name, value in headers.items():
        del raw[name.replace("_", "-")]
        raw[name.replace("_", "-")] = value
    raw.set_content(text)
    parsed = AnymailInboundMessage.parse_raw_mime_bytes(raw.as_bytes())
    parsed.envelope_sender = envelope_sender
    return parsed


@pytest.mark.parametrize(
    ("mail", "said", "quoted"),
    [
        ("Thanks.\n\nOn Mon, Nov 23, 2026, Homes\n<s@x.example> wrote:\n\n> Dear\n> you", "Thanks.", "On Mon"),
        ("好的。\n\n在 2026年11月23日 09:00，檐下 <s@x.example> 写道：\n\n你好", "好的。", "在 2026"),
        ("收到\n\n------------------ 原始邮件 ------------------\n发件人: 檐下", "收到", "------"),
        ("好\n\n发件人: 檐下\n发送时间: 2026\n收件人: 沈\n\n正文", "好", "发件人"),
        ("Yes\n\n-----Original Message-----\nFrom: Homes", "Yes", "-----Original"),
        ("On it he wrote:\n> q\n\nBelow it", "Below it", "On it"),
        ("Above\n> q1\nto one\n> q2\nto two", "Above\nto one\nto two", "> q1"),
        ("> only\n> a quote", "> only\n> a quote", ""),
        ("From: me, with love", "From: me, with love", ""),
        (
            "On Monday it dripped.\nI wrote to you twice:\nno answer",
            "On Monday it dripped.\nI wrote to you twice:\nno answer",
            "",
        ),
    ],
)
def test_what_is_quoted_is_folded_away_in_both_languages(mail, said, quoted):
    written, folded = fold(mail)
    assert (written, folded.startswith(quoted), bool(folded)) == (said, True, bool(quoted))


def test_html_becomes_its_words_and_nothing_of_it_acts():
    page = "<title>x</title><p onclick=a()>One &amp; <b>two</b></p><SCRIPT>alert(1)</script><div>three &lt;b&gt;"
    assert plain(words_of(page)) == "One & two\n\nthree <b>"


@pytest.mark.parametrize("hostile", ["<!--" * 60_000, "<a " * 60_000, "<" * 200_000, "<svg" * 60_000, "&#" * 90_000])
def test_unfinished_markup_takes_no_longer_than_any_other(hostile):
    words_of(hostile)  # Python's own parser takes minutes for some of these


def test_nothing_turns_the_direction_of_writing_or_hides():
    assert plain("a\u202egpj.exe\u2066\x00\u200fb\r\nc") == "agpj.exeb\nc"
    assert subject_of(message(Subject="Re: 回复：FW: The \u202etap")) == "The tap"


def test_what_the_provider_took_for_the_text_is_the_text():
    letter = read(message("Yes.\n\nGreetings from the phone\n> old").as_bytes(), stripped="Yes.")
    assert (letter.text, letter.quoted) == ("Yes.", "Greetings from the phone\n> old")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"X_Auto_Response_Suppress": "All"}, "automatic"),
        ({"Subject": "自动回复：在休假"}, "automatic"),
        ({"Subject": "Automatic reply: away"}, "automatic"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"Precedence": "junk"}, "bulk"),
        ({"List_Id": "<news.example>"}, "bulk"),
        ({"envelope_sender": ""}, "returned"),
        ({"From": "MAILER-DAEMON@mx.example"}, "returned"),
        ({"From": "service+t-2611-0001.abc@homes.example"}, "ours"),
        ({"From": "portal@homes.example"}, "ours"),
        ({"Message_ID": "<6b1f2c7e-0000-4000-8000-000000000001@homes.example>"}, "ours"),
    ],
)
def test_what_machines_send_goes_no_further(settings, headers, why):
    settings.SERVICE_ADDRESS, settings.DEFAULT_FROM_EMAIL = "service@homes.example", "Homes <portal@homes.example>"
    assert why_stopped(message(**headers)) == why
