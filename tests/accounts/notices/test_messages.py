from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import translation

from accounts.languages import LocalizedText
from accounts.models import Owner
from accounts.notices import kinds, reasons
from accounts.notices.messages import one_line
from tests.factories import OwnerFactory


@pytest.fixture
def written(notify, run, mailoutbox):
    """The parsed mail and its two bodies, for a reader."""

    def written(owner, kind="test-mail"):
        notify(owner, kind=kind)
        run()
        [mail] = mailoutbox
        message = message_from_bytes(mail.message().as_bytes(), policy=default)
        bodies = [message.get_body([subtype]).get_content() for subtype in ("plain", "html")]
        return message, *bodies

    return written


def test_english_is_written_to_who_reads_english(written):
    message, text, html = written(OwnerFactory(name="Shen Yue"))
    assert (message["Subject"], message["Content-Language"]) == ("Your windows are in", "en")
    assert text.startswith("Dear Shen Yue,\n\nYour windows are in\n\nThe cradle is on the south side.\n\nSubject\n")
    assert ('<html lang="en">' in html, 'href="http://localhost:8000/my/"' in html) == (True, True)


def test_chinese_is_written_to_who_reads_chinese(written):
    message, text, html = written(OwnerFactory(user__language="", language="zh-hans"))
    assert (message["Subject"], message["Content-Language"]) == ("您家的窗装好了", "zh-Hans")
    assert ('<html lang="zh-Hans">' in html, "檐下" in html, "檐下" in text) == (True, True, True)


def test_the_logins_language_goes_before_the_customer_records(written):
    message, *_ = written(OwnerFactory(user__language="en", language="zh-hans"))
    assert message["Subject"] == "Your windows are in"


def test_the_worker_keeps_its_own_language(written):
    with translation.override("en"):
        written(OwnerFactory(user__language="zh-hans"))
        assert translation.get_language() == "en"


def test_a_text_that_is_only_there_in_another_language_says_so(written, monkeypatch):
    owner = Owner(name="x")
    owner.body_en, owner.body_zh = "", "南侧吊篮"
    monkeypatch.setattr(kinds.get("test-mail"), "paragraphs", lambda subject: [LocalizedText.of(owner, "body")], False)
    _, _, html = written(OwnerFactory())
    assert '<p class="ink" lang="zh-Hans"' in html


def test_markup_is_escaped_in_html_and_plain_in_text(written, subject):
    Owner.objects.filter(pk=subject.pk).update(name='Subject <script>alert("1")</script> & co')
    _, text, html = written(OwnerFactory(name="<b>Bold</b>"))
    assert ("<script>" in html, "<b>" in html, "&lt;b&gt;Bold&lt;/b&gt;" in html) == (False, False, True)
    assert ("Dear <b>Bold</b>," in text, 'alert("1")</script> & co' in text) == (True, True)


@pytest.mark.parametrize("breaking", ["\r\nBcc: all@example.com", "\nBcc: x", "\u2028Bcc: x", "\x85Bcc: x"])
def test_a_line_break_in_a_name_breaks_no_header(written, subject, breaking):
    Owner.objects.filter(pk=subject.pk).update(name=f"Subject{breaking}")
    message, text, _ = written(OwnerFactory(name=f"Shen{breaking}"), kind="test-named")
    words = breaking.strip()
    assert (message["Subject"], message["Bcc"]) == (f"For Subject {words}", None)
    assert text.splitlines()[0] == f"Dear Shen {words},"


def test_a_long_title_is_cut(written, monkeypatch):
    monkeypatch.setattr(kinds.get("test-mail"), "title", lambda subject: "窗" * 300, False)
    message, *_ = written(OwnerFactory())
    assert message["Subject"].strip() == "窗" * 249 + "…"


def test_one_line_keeps_words_and_drops_control_characters():
    assert one_line(" a\r\n\tb\x07c\u2029d ") == "a b c d"


def test_nothing_in_the_mail_is_fetched_from_elsewhere(written):
    _, _, html = written(OwnerFactory())
    assert [part for part in ("<img", "url(", "<link", "<script", "src=") if part in html] == []


def test_a_person_without_a_name_is_greeted(written):
    _, text, _ = written(OwnerFactory(name=""))
    assert text.startswith("Hello,\n")


def test_reasons_keep_their_detail_when_explained():
    assert reasons.explained(reasons.joined(reasons.REFUSED, "550 no such user")) == (
        "refused by the receiving server (550 no such user)"
    )
    assert reasons.explained("") == ""
