"""Telling many of one occasion. The request leaves one row; the worker writes their notices after the commit.

It writes some at a time, each lot in a transaction that also notes how far it came: killed at any point, it goes on
there, and nobody is told twice. It is leased and its claims are counted as a notice's are: three without a result
stop it, and staff see it.
"""

import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django_q.tasks import async_task

from accounts.events.actions import record

from . import kinds
from .actions import tell
from .models import Circular

log = structlog.get_logger(__name__)
State = Circular.State

FEW = 100  # as many are told at once, in the request
LOT = 500
LEASE = timedelta(minutes=4)  # longer than the worker's timeout: whoever held it is certainly gone
BUDGET = timedelta(seconds=30)  # of one task
MAX_CLAIMS = 3


@transaction.atomic
def tell_all(kind_code, subject, *, at, expires=None, step=""):
    """Tell all whom the kind names for `subject`: few at once, many soon. Joins the caller's transaction.

    Said again with the same `step`, nothing changes. Whoever no longer belongs to them when their turn comes is
    left out. Raises UnknownKindError.
    """
    kind = kinds.get(kind_code)
    people = kind.people(subject)
    few = list(people.order_by("pk").values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        _tell(kind, subject, few, at=at, expires=expires, step=step)
        return
    values = {"kind": kind_code, "subject_kind": subject._meta.label_lower, "subject_id": str(subject.pk), "step": step}
    key = ":".join(part for part in (kind_code, str(subject.pk), step) if part)
    values |= {"at": at, "expires_at": expires, "people": people.count()}
    Circular.objects.get_or_create(key=key, defaults=values)
    queue_writing()


def queue_writing():
    """Wake a worker, when the transaction commits."""
    async_task("accounts.notices.tasks.write_circulars")


def _tell(kind, subject, pks, *, at, expires, step):
    people = kind.people(subject).model.objects
    tell(people.filter(pk__in=pks), kind.code, subject, at=at, expires=expires, step=step)
    kind.note_told(subject, pks, at=at)


def write(*, clock):
    """Write what is due, the oldest first, for about half a minute. Returns whether something due is left."""
    ends = clock() + BUDGET
    while clock() < ends:
        circular = _take(at=clock())
        if circular is None:
            return False
        try:
            while _write_lot(circular, at=clock()) and clock() < ends:
                pass
        except Exception:
            # The claim stays, and the lease: it must not be tried at once.
            log.exception("circular_without_result", circular=circular.key)
        else:
            held = Circular.objects.filter(pk=circular.pk, lease=circular.lease)
            held.update(lease=None, leased_until=None, claims=0)
    return Circular.objects.due(at=clock()).exists()


def _take(*, at):
    """Lease the next and count the claim, or None. What three claims brought to nothing is stopped."""
    with transaction.atomic():
        for circular in Circular.objects.due(at=at).select_for_update(skip_locked=True):
            if circular.claims < MAX_CLAIMS:
                circular.claims += 1
                circular.lease, circular.leased_until = uuid.uuid4(), at + LEASE
                circular.save(update_fields=["claims", "lease", "leased_until"])
                return circular
            circular.state, circular.lease, circular.leased_until = State.STOPPED, None, None
            circular.save(update_fields=["state", "lease", "leased_until"])
            log.error("circular_stopped", circular=circular.key)
    return None


@transaction.atomic
def _write_lot(circular, *, at):
    """Tell the next of them. Returns whether more are left, and no other worker has them."""
    held = Circular.objects.select_for_update().filter(pk=circular.pk, lease=circular.lease, state=State.WRITING)
    row = held.first()
    if row is None:
        return False
    kind = kinds.get(row.kind)
    subject = kind.subjects().filter(pk=row.subject_id).first()
    pks = _next_of(kind, subject, row)
    if pks:
        _tell(kind, subject, pks, at=at, expires=row.expires_at, step=row.step)
        row.reached, row.told = pks[-1], row.told + len(pks)
    if len(pks) < LOT:
        row.state = State.DONE
    row.claims, row.leased_until = 1, at + LEASE  # the attempt at the next lot
    row.save(update_fields=["reached", "told", "state", "claims", "leased_until"])
    return row.state == State.WRITING


def _next_of(kind, subject, row):
    if subject is None or not kind.still_true(subject):
        return []
    people = kind.people(subject).order_by("pk")
    people = people.filter(pk__gt=row.reached) if row.reached else people
    return list(people.values_list("pk", flat=True)[:LOT])


@transaction.atomic
def go_on(circular, *, by):
    """Try one that was stopped again, from where it came to. Returns whether it had been stopped."""
    again = Circular.objects.stopped().filter(pk=circular.pk).update(state=State.WRITING, claims=0)
    if again:
        record("tried again", circular, by=by)
        queue_writing()
    return bool(again)
