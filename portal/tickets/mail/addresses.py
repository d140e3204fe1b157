"""Addresses that know their ticket: `service+t-2611-0042.<code>@…`, a different one for each reader of each ticket.

The code is an HMAC of purpose, ticket and person, 100 bits of it in letters that survive any mail server. It says
nothing about the person, and is good for as long as they may write to the ticket: that is asked when mail comes.
"""

import re
from base64 import b32encode, urlsafe_b64decode
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from accounts.links import make_mac
from accounts.models import Owner
from portal.tickets.models import Ticket

PURPOSE, VERSION = "ticket mail", 1
CODE = 20  # letters of five bits
TAG = re.compile(r"(t-\d{4}-\d{4,6})\.([a-z2-7]{20})")


class Addressed(NamedTuple):
    """Whose answer to what an address stands for."""

    ticket: Ticket
    owner: Owner


def reply_address(ticket, person):
    """Where this reader's answers to mail about the ticket come in; "" for staff, and where no mail is taken."""
    if not settings.SERVICE_ADDRESS or not isinstance(person, Owner):
        return ""
    local, __, domain = settings.SERVICE_ADDRESS.partition("@")
    return f"{local}+{ticket.number.lower()}.{_code(ticket, person)}@{domain}"


def is_ours(address):
    """Whether it is the service address, with or without something behind its plus."""
    local, __, domain = address.lower().rpartition("@")
    return bool(settings.SERVICE_ADDRESS) and f"{local.partition('+')[0]}@{domain}" == settings.SERVICE_ADDRESS


def tag_of(address):
    """What stands between plus and @ of an address of ours."""
    return address.lower().rpartition("@")[0].partition("+")[2] if is_ours(address) else ""


def addressed(recipient):
    """The Addressed that `recipient` stands for, or None when it stands for none, or is forged."""
    match = TAG.fullmatch(tag_of(recipient))
    ticket = match and Ticket.objects.filter(number=match[1].upper()).first()
    if not ticket:
        return None
    for owner in _readers(ticket):
        if _is_code(ticket, owner, match[2]):
            return Addressed(ticket, owner)
    return None


def _readers(ticket):
    """Whom an address of this ticket may have been given to: its owner, and all who have had to do with the home."""
    return Owner.objects.active().filter(Q(pk=ticket.owner_id) | Q(ownerships__home=ticket.home_id)).distinct()


def _code(ticket, owner, secret=None):
    mac = make_mac(PURPOSE, f"{ticket.pk}:{owner.pk}", VERSION, secret=secret)
    return b32encode(urlsafe_b64decode(f"{mac}=")).decode()[:CODE].lower()


def _is_code(ticket, owner, given):
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = [constant_time_compare(_code(ticket, owner, secret), given) for secret in secrets]
    return any(found)
