"""What the mail provider tells us afterwards: what came back, and who does not want our mail.

Its webhook is django-anymail's, behind one address of ours. Events repeat and come in any order; each is acted upon
once, and never for a message that isn't ours.
"""

import re
from dataclasses import dataclass
from uuid import UUID

import structlog
from anymail.signals import EventType, RejectReason
from django.db import transaction
from django.utils import timezone

from accounts.events.actions import record
from accounts.models import Channel

from . import reasons
from .addresses import has_address, suppress, with_addresses
from .instead import tell_by_text_instead
from .models import Notice
from .providers import NOTICE
from .unsubscribing import unsubscribe_at_provider

log = structlog.get_logger(__name__)

# Words by which the providers tell a mailbox that is full today from one that is none.
NOT_FOR_GOOD = re.compile(
    r"soft[-_ ]?bounce|transient|mailbox[-_ ]full|quota|\bblocked\b|\b4\.\d{1,3}\.\d{1,3}\b", re.IGNORECASE
)
SOFT_CLASSES = {"20", "21", "22", "23", "24", "40", "70", "100"}  # SparkPost's
AT_THE_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}


@dataclass(frozen=True)
class Verdict:
    reason: str
    for_good: bool  # nothing else will be taken at this address


def verdict_on(event):
    """What an event means for its message and its address; None: nothing."""
    if event.event_type == EventType.COMPLAINED:
        return Verdict(reasons.COMPLAINED, for_good=True)
    if event.event_type not in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}:
        return None
    if event.reject_reason not in AT_THE_ADDRESS:
        return Verdict(reasons.BLOCKED, for_good=False)
    for_good = not _is_soft(event)
    return Verdict(reasons.BOUNCED if for_good else reasons.BOUNCED_NOW, for_good=for_good)


def _is_soft(event):
    raw = event.esp_event if hasattr(event.esp_event, "get") else {}
    told = [raw.get(name) for name in ("Type", "event", "bounce_type", "type")]
    if raw.get("hard_bounce") is False or str(raw.get("bounce_class")) in SOFT_CLASSES:
        return True
    words = " ".join(str(each) for each in [*told, event.description, event.mta_response] if each)
    return bool(NOT_FOR_GOOD.search(words))


def heard(sender, event, esp_name, **kwargs):
    """anymail's signal `tracking`; what fails here is answered with 500, and the provider tells us again."""
    at, verdict = timezone.now(), verdict_on(event)
    if event.event_type == EventType.UNSUBSCRIBED:
        heard_by_us = switch_off(event, at=at)
    elif verdict is None:
        return
    else:
        heard_by_us = act_upon(event, verdict, at=at)
    if not heard_by_us:
        log.info("mail_event_passed_over", provider=esp_name, event_type=event.event_type)


@transaction.atomic
def act_upon(event, verdict, *, at):
    """Note on its notice what became of it, and write no more to an address that takes nothing.

    Returns whether that was news: the event is about a notice of ours, and was not told before.
    """
    notice = _notice_of(event)
    if notice is None or _was_heard(notice, event):
        return False
    returned = {"returned_at": at, "returned_reason": verdict.reason, "heard_at": event.timestamp}
    Notice.objects.filter(pk=notice.pk).update(**returned)
    record("returned", notice, by=None)
    if verdict.for_good and not notice.is_passing:
        _write_no_more(notice, event.recipient or "", reason=verdict.reason, at=at)
    if event.event_type != EventType.COMPLAINED:  # that one has been read
        tell_by_text_instead(notice, at=at)
    return True


@transaction.atomic
def switch_off(event, *, at):
    """Somebody unsubscribed at the provider: the topic of that message is switched off. Returns whether it was news."""
    notice = _notice_of(event)
    if notice is None or (notice.heard_at and (event.timestamp or notice.heard_at) <= notice.heard_at):
        return False
    Notice.objects.filter(pk=notice.pk).update(heard_at=event.timestamp or at)
    unsubscribe_at_provider(notice, at=at)
    return True


def _notice_of(event):
    """The e-mail that an event is about, locked; None where it is none of ours."""
    mails = Notice.objects.select_for_update(of=("self",)).filter(channel=Channel.EMAIL)
    if pk := _uuid(event.metadata.get(NOTICE) if isinstance(event.metadata, dict) else ""):
        return mails.filter(pk=pk).first()
    known_as = str(event.message_id or "")
    if pk := _uuid(known_as.strip("<>").partition("@")[0]):  # our own Message-ID
        found = mails.filter(pk=pk).first()
        if found:
            return found
    return mails.filter(provider_id=known_as).first() if known_as else None


def _uuid(text):
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _was_heard(notice, event):
    """Told before, or told late: of an attempt after which it was sent anew."""
    if notice.heard_at and event.timestamp:
        return event.timestamp <= notice.heard_at
    return notice.returned_at is not None


def _write_no_more(notice, address, *, reason, at):
    """Only to an address that we know as theirs: a forged or outdated one says nothing about this person."""
    for person in with_addresses([notice.person]):
        if address and has_address(person, Channel.EMAIL, address):
            suppress(person, Channel.EMAIL, address, reason=reason, at=at)
