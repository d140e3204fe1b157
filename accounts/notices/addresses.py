"""Where a person is reached on a channel."""

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet

from accounts.events.actions import record
from accounts.models import Address, Channel, Invitation, Owner, User
from accounts.sms import sms_available

from .corrections import say_suppressed
from .guests import Guest
from .reasons import ADDRESS_SUPPRESSED, NO_ADDRESS, NO_SMS, explained

CHUNK = 500
PEOPLE = {Owner: "owner", User: "user", Invitation: "invitation", Guest: "guest"}
PASSING = (Invitation, Guest)  # to one address, known to nobody: neither preferences nor a record of it


def with_addresses(people):
    """Whoever is in `people`, read afresh with login and addresses, a few queries a chunk."""
    pks = {model: [] for model in PEOPLE}
    if isinstance(people, QuerySet):
        pks[people.model] = list(people.values_list("pk", flat=True))
    else:
        for person in people:
            pks[model_of(person)].append(person.pk)
    for model, wanted in pks.items():
        for start in range(0, len(wanted), CHUNK):
            yield from reachable(model.objects.filter(pk__in=wanted[start : start + CHUNK]))


def model_of(person):
    """Owner, User, Invitation or Guest; a lazy `request.user` is a User."""
    return next(model for model in PEOPLE if isinstance(person, model))


def reachable(people):
    """A queryset of one of these models with all that `address_of` and `preferences` read."""
    if people.model is Invitation:
        return people.select_related("owner__user")
    if people.model is Guest:
        return people.all()
    if people.model is User:
        return people.prefetch_related(_addresses("addresses"), _chosen())
    people = people.select_related("user").prefetch_related(_addresses("addresses"), _addresses("user__addresses"))
    return people.prefetch_related(_chosen())


def _addresses(path):
    """Into a plain list, verified ones first: asking a related manager costs more than the queries, for thousands."""
    return Prefetch(path, Address.objects.order_by(F("verified_at").asc(nulls_last=True), "pk"), to_attr="reached_at")


def _chosen():
    return Prefetch("preferences", to_attr="chosen")


def address_of(person, channel):
    """(address, "") or ("", the reason there is none) of a person fetched by `reachable`.

    Their own addresses come first, verified ones before others, then those of the login behind an owner.
    An address that was suppressed anywhere for this person is not used. The inbox has no address.
    """
    if channel == Channel.INBOX:
        return "", ""
    if channel == Channel.SMS and not sms_available():
        return "", NO_SMS
    if isinstance(person, PASSING):
        return (person.address, "") if person.channel == channel else ("", NO_ADDRESS)
    rows = [row for row in _rows(person) if row.channel == channel]
    suppressed = {row.value.lower() for row in rows if row.suppressed_reason}
    candidates = [row.value for row in rows] + _of_login(person, channel)
    usable = [value for value in candidates if value.lower() not in suppressed]
    if usable:
        return usable[0], ""
    return "", ADDRESS_SUPPRESSED if candidates else NO_ADDRESS


def _login(person):
    login = person.user if isinstance(person, Owner) else person
    return login if login and login.is_active else None


def _rows(person):
    login = _login(person)
    return person.reached_at + (login.reached_at if login and login != person else [])


def _of_login(person, channel):
    login = _login(person)
    if login is None:
        return []
    value = login.email if channel == Channel.EMAIL else login.phone and login.phone.as_e164
    return [value] if value else []


def known_addresses(person):
    """[(Channel, address, why it is not written to, or "")] of an Owner or User fetched by `reachable`, each once."""
    found = {}
    for row in _rows(person):
        key = Channel(row.channel), row.value
        found[key] = found.get(key) or row.suppressed_reason
    for channel in (Channel.EMAIL, Channel.SMS):
        for value in _of_login(person, channel):
            found.setdefault((channel, value), "")
    return [(*key, explained(reason)) for key, reason in found.items()]


def has_address(person, channel, value):
    """Whether an Owner or User fetched by `reachable` is, as far as we know, reached at this address."""
    theirs = [row.value for row in _rows(person) if row.channel == channel] + _of_login(person, channel)
    return value.lower() in {each.lower() for each in theirs}


@transaction.atomic
def suppress(person, channel, value, *, reason, at):
    """Never write to this address of an Owner or User again; the address of a login gets a row that says so.

    Said once more, nothing changes. An invitation's address, or a guest's, is nobody's yet: nothing is noted.
    """
    if isinstance(person, PASSING):
        return
    login = _login(person)
    theirs = Q(owner=person) | Q(user=login) if isinstance(person, Owner) and login else Q(**_holder(person))
    rows = list(Address.objects.select_for_update().filter(theirs, channel=channel, value__iexact=value))
    usable = [row for row in rows if not row.suppressed_reason]
    if rows and not usable:
        return
    Address.objects.filter(pk__in=[row.pk for row in usable]).update(suppressed_reason=reason)
    if not rows:
        rows = [Address.objects.create(**_holder(person), channel=channel, value=value, suppressed_reason=reason)]
    record("address suppressed", person, by=None, reason=channel)
    say_suppressed(person, rows[0], at=at)


def _holder(person):
    return {"owner" if isinstance(person, Owner) else "user": person}
