"""Telling of many things at once, each to its own few people: in as many queries as for one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Owner

from . import kinds
from .actions import BATCH, notices_of, queue_delivery
from .addresses import with_addresses
from .models import Notice


@dataclass(frozen=True)
class Occasion:
    """One thing to tell: to the Owners with the keys `to`, from `due` on, until `expires`; see `tell`."""

    subject: object
    to: list
    due: datetime
    expires: datetime | None = None
    step: str = ""


@transaction.atomic
def tell_each(occasions, kind_code, *, at):
    """`tell` for each of `occasions`. Joins the caller's transaction: rolled back with it."""
    kind = kinds.get(kind_code)
    wanted = {pk for each in occasions for pk in each.to}
    people = {owner.pk: owner for owner in with_addresses(Owner.objects.filter(pk__in=wanted))}
    notices = []
    for each in occasions:
        known = [people[pk] for pk in each.to if pk in people]
        how = {"due": each.due, "expires": each.expires, "step": each.step}
        notices += notices_of(known, kind, each.subject, at=at, **how)
    Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True)
    if any(notice.due_at <= at for notice in notices):
        queue_delivery()
