"""Unsubscribing by a link, without a login (RFC 8058): one message's link switches off its topic by e-mail, no more.

The link names the message, so that it says nothing about its reader, and carries an HMAC of purpose, message and
version. It is good for 180 days, or until the reader, logged in, switches the topic on again.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from accounts.links import check_mac, make_mac
from accounts.models import Channel, Owner

from . import kinds, topics
from .addresses import PASSING, PEOPLE, model_of, reachable
from .choosing import choose
from .models import Notice
from .preferences import all_of, chosen_by, may_be_off, offered_for
from .topics import Mode

PURPOSE = "unsubscribe"
GOOD_FOR = timedelta(days=180)
NOBODY, _A_MAC = UUID(int=0), "the-mac-of-it"
BODY = ("List-Unsubscribe", "One-Click")  # of the POST, as RFC 8058 has it


class UnknownLinkError(LookupError):
    """Forged, for something else, or from before it was switched on again."""


class ExpiredLinkError(LookupError):
    """Once good, but too old, or nobody is there to unsubscribe."""


@dataclass(frozen=True)
class Link:
    """`topics`: what it switches off; of a digest all that comes in one, which may be nothing any more."""

    notice: Notice
    person: object
    topics: tuple
    of_digest: bool

    @property
    def is_done(self):
        chosen = [chosen_by(self.person, topic.code, Channel.EMAIL) for topic in self.topics]
        return all(each and each.mode == Mode.OFF for each in chosen)


def path_for(notice, kind):
    """The link of a message that is about to be sent; "" where it can't be switched off."""
    if notice.channel != Channel.EMAIL or isinstance(notice.person, PASSING):
        return ""
    if not (kind.gathers or may_be_off(notice.person, kind, Channel.EMAIL)):
        return ""
    mac = make_mac(PURPOSE, notice.pk, _version(notice.person, kind))
    return _pattern().replace(str(NOBODY), str(notice.pk)).replace(_A_MAC, mac)


@cache
def _pattern():
    """Asked once: Django takes longer to find an address than to render the rest of a message."""
    return reverse("accounts:unsubscribe", args=[NOBODY, _A_MAC])


def headers(link):
    """What an e-mail carries so that mail programs show a button for it."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "=".join(BODY)} if link else {}


def _version(person, kind):
    if kind.gathers:
        return 1 + sum(row.version - 1 for row in all_of(person) if row.channel == Channel.EMAIL)
    chosen = chosen_by(person, kind.topic.code, Channel.EMAIL)
    return chosen.version if chosen else 1


def find(notice_id, mac, *, at):
    """The Link. Raises UnknownLinkError, ExpiredLinkError."""
    notice = Notice.objects.filter(pk=notice_id, channel=Channel.EMAIL, invitation=None, guest=None).first()
    kind = notice and kinds.known(notice.kind)
    if not kind or not (kind.gathers or kind.topic):
        raise UnknownLinkError
    person = _person(notice)
    if not check_mac(PURPOSE, notice_id, _version(person, kind), mac):
        raise UnknownLinkError
    gone = person.erased_at if isinstance(person, Owner) else not person.is_active
    if gone or notice.created_at + GOOD_FOR <= at or not (kind.gathers or may_be_off(person, kind, Channel.EMAIL)):
        raise ExpiredLinkError
    return Link(notice, person, _in_digests(person) if kind.gathers else (kind.topic,), kind.gathers)


def _person(notice):
    model = model_of(notice.person)
    return reachable(model.objects).get(pk=getattr(notice, f"{PEOPLE[model]}_id"))


def _in_digests(person):
    found = topics.OF_OWNERS if isinstance(person, Owner) else topics.OF_STAFF
    chosen = [(topic, chosen_by(person, topic.code, Channel.EMAIL)) for topic in found]
    return tuple(topic for topic, each in chosen if each and each.mode in (Mode.DAILY, Mode.WEEKLY))


@transaction.atomic
def unsubscribe(link, *, at):
    """Switch off what the link is for; done again, nothing changes. What can't be off no longer waits for a digest."""
    _switch_off(link, at=at)


@transaction.atomic
def unsubscribe_at_provider(notice, *, at):
    """The reader has done so at the mail provider: as by the link of this message, if it had one."""
    kind = kinds.known(notice.kind)
    if not kind or not path_for(notice, kind):
        return
    person = _person(notice)
    found = _in_digests(person) if kind.gathers else (kind.topic,)
    _switch_off(Link(notice, person, found, kind.gathers), at=at)


def _switch_off(link, *, at):
    for topic in link.topics:
        mode = Mode.OFF if Mode.OFF in offered_for(topic, Channel.EMAIL) else Mode.NOW
        choose(link.person, topic, Channel.EMAIL, mode, by=None, at=at)
