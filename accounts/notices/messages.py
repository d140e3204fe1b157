"""What a notice says, in the reader's language, in the shape its channel needs."""

import re
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from secrets import token_hex
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import Channel, Owner

from . import unsubscribing
from .addresses import PASSING

TITLE_LENGTH = URL_LENGTH = 250  # what a Notice keeps
NAME, LINK = f"name{token_hex(12)}", f"link{token_hex(12)}"  # stand for the reader's in what is written once for many


@dataclass(frozen=True)
class Line:
    """A piece of text, and its language where that is not the message's own."""

    text: str
    lang: str = ""


@dataclass(frozen=True)
class Message:
    title: str
    text: str
    language: str
    url: str = ""
    html: str = ""
    secret: bool = False
    headers: dict = field(default_factory=dict)  # of an e-mail
    link: str = ""  # that unsubscribes; nobody else is to read it

    def kept(self):
        """What the notice keeps of it."""
        text, url = ("", "") if self.secret else (self.text.replace(self.link or "\x00", "…"), self.url)
        return {"title": self.title, "text": text, "url": url, "language": self.language}


def one_line(text):
    """`text` without line breaks and control characters: safe in a header."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", str(text)).strip()


def compose(notice, kind, subject):
    """The Message. Runs the kind's hooks, so anything may be raised."""
    language = language_of(notice.person)
    message = _SHAPES[notice.channel](notice, kind, subject, language)
    if len(message.url) > URL_LENGTH:
        raise ValueError("The path is too long to be kept.")
    return replace(message, secret=kind.secret)


def brief(kind, subject, language):
    """(title, paragraphs, those in brief, path) of a message that stands among others. Runs the kind's hooks."""
    with translation.override(language), timezone.override(ZoneInfo(kind.zone(subject))):
        title, paragraphs = _said(kind, subject, language)
        return title, paragraphs, [_line(text, language) for text in kind.in_brief(subject)], kind.url(subject)


def language_of(person):
    """The language in which we write to an Owner, User, Invitation or Guest."""
    wanted = person.reading_language if isinstance(person, Owner) else person.language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def message_id(notice):
    """The same for every attempt, so that a mail server or reader can tell a repeat."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if "." not in domain:
        domain = urlsplit(settings.BASE_URL).hostname
    return f"<{notice.pk}@{domain}>"


def _for_inbox(notice, kind, subject, language):
    return _once(_entry, kind, subject, language)


def _entry(kind, subject, language):
    title, paragraphs = _said(kind, subject, language)
    return Message(title.text, "\n\n".join(line.text for line in paragraphs), language, kind.url(subject))


def _for_email(notice, kind, subject, language):
    name, link = one_line(notice.person.name), absolute(unsubscribing.path_for(notice, kind))
    guest = isinstance(notice.person, PASSING)
    letter = _once(_letter, kind, subject, language, bool(name), bool(link), guest)
    text = letter.text.replace(NAME, name).replace(LINK, link)
    html = letter.html.replace(NAME, escape(name)).replace(LINK, escape(link))
    headers = unsubscribing.headers(link)
    if answers := kind.reply_to(subject, notice.person):
        headers["Reply-To"] = answers
    return replace(letter, text=text, html=html, link=link, headers=headers)


def _once(write, kind, subject, language, *form):
    """What is said of `subject` is written once for all whom a batch tells of it."""
    known, key = vars(subject).setdefault("_letters", {}), (write, kind.code, language, *form)
    if key not in known:
        with translation.override(language), timezone.override(ZoneInfo(kind.zone(subject))):
            known[key] = write(kind, subject, language, *form)
    return known[key]


def _letter(kind, subject, language, named, unsubscribes, guest):
    """The Message, with NAME and LINK where the reader's own belong, if there are any."""
    title, paragraphs = _said(kind, subject, language)
    path = kind.url(subject)
    context = {
        "lang": language_tag(language),
        "title": title,
        "paragraphs": paragraphs,
        "greeting": _("Dear %(name)s,") % {"name": NAME} if named else _("Hello,"),
        "action": kind.action,
        "url": absolute(path),
        "why": kind.why,
        "company": settings.COMPANY_NAME[language],
        "hotline": settings.COMPANY_HOTLINE,
        "preferences": "" if guest else absolute(reverse("home:preferences")),
        "unsubscribe": LINK if unsubscribes else "",
        **kind.context(subject),
    }
    text, html = (render_to_string(f"emails/{kind.template}.{ending}", context) for ending in ("txt", "html"))
    return Message(title.text, text.strip() + "\n", language, path, html=html)


def _for_sms(notice, kind, subject, language):
    return _once(_text_message, kind, subject, language)


def _text_message(kind, subject, language):
    title, __ = _said(kind, subject, language)
    path = kind.url(subject)
    text = f"{one_line(kind.sms(subject))} {absolute(path)}".strip()
    return Message(title.text, text, language, path)


_SHAPES = {Channel.INBOX: _for_inbox, Channel.EMAIL: _for_email, Channel.SMS: _for_sms}


def _said(kind, subject, language):
    title = kind.title(subject)
    words = one_line(title) or str(kind.label)
    if len(words) > TITLE_LENGTH:
        words = words[: TITLE_LENGTH - 1] + "…"
    paragraphs = [_line(text, language) for text in kind.paragraphs(subject)]
    return Line(words, _line(title, language).lang), [line for line in paragraphs if line.text]


def _line(text, language):
    lang = getattr(text, "lang", "")
    return Line(str(text).replace("\x00", "").strip(), "" if lang == language_tag(language) else lang)


def language_tag(language):
    """As HTML and mail write it."""
    return "zh-Hans" if language == "zh-hans" else language


def absolute(path):
    """The whole address of a path of ours, as messages need it; of no path, none."""
    return settings.BASE_URL.rstrip("/") + path if path else ""
