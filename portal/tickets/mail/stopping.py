"""What is never answered by a ticket: what machines send, what came back, and what we have written ourselves."""

import re
from email.utils import parseaddr

from django.conf import settings

from .addresses import is_ours
from .headers import header, headers, people
from .models import IncomingMail

Why = IncomingMail.Why
MANY = {"bulk", "junk", "list", "auto_reply"}
ANSWERS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder")
MACHINES = {"mailer-daemon", "postmaster"}
# Some programs say it nowhere but in the subject.
AWAY = re.compile(
    r"\s*(auto(matic)?[ -]?reply|out of (the )?office|自动回复|自動回覆|外出自动回复)\s*([:：]|\Z)", re.IGNORECASE
)
OUR_ID = re.compile(r"<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@([^>]+)>")


def why_stopped(message):
    """The Why for which a message (anymail's) goes no further, or "": rather no answer than a loop."""
    checks = ((Why.OURS, _is_ours), (Why.RETURNED, _came_back), (Why.AUTOMATIC, _is_automatic), (Why.BULK, _is_bulk))
    for why, applies in checks:
        if applies(message):
            return why
    return Why.SPAM if message.spam_detected is True else ""


def sender_of(message):
    """(name, address) of whoever wrote it, as it says; of several the first."""
    found = people(message, "From")
    return (found[0][0], found[0][1].lower()) if found else ("", "")


def looks_forged(message):
    """Whether the provider found that the sender's domain does not stand behind it."""
    said = " ".join(headers(message, "Authentication-Results"))
    return "dmarc=fail" in said.lower()


def _is_ours(message):
    sender = sender_of(message)[1]
    if is_ours(sender) or sender == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower():
        return True
    known_as = OUR_ID.fullmatch(header(message, "Message-ID").strip().lower())
    return bool(known_as) and known_as[2] == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2].lower()


def _came_back(message):
    sent_by = message.envelope_sender
    empty = (sent_by is not None and not sent_by.strip("<> ")) or header(message, "Return-Path").strip() == "<>"
    machine = sender_of(message)[1].partition("@")[0] in MACHINES
    return empty or machine or message.get_content_type() == "multipart/report"


def _is_automatic(message):
    said = header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    if said not in {"", "no"} or any(header(message, name) for name in ANSWERS):
        return True
    return bool(AWAY.match(header(message, "Subject")))


def _is_bulk(message):
    return header(message, "Precedence").strip().lower() in MANY or bool(header(message, "List-Id"))
