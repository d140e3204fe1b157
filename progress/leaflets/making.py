"""What leaflets and diaries have in common: a worker leases one, counts the attempt, and brings it to an end.

A worker that is killed leaves a lease that runs out, and the sweep has it made again. Three attempts without a result
end it, and whoever waits for it is told.
"""

import uuid
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django_q.tasks import async_task

from accounts.events.actions import record
from accounts.files.actions import discard

from .models import MAX_CLAIMS, Made

LONGEST = 240  # seconds for a worker: shorter than the queue waits before it gives a task out again
LEASE = timedelta(minutes=5)  # longer than that: whoever held it is certainly gone


class LostLeaseError(Exception):
    """It went to another worker, or is wanted no more."""


def queue(row):
    """Wake a worker, when the transaction commits."""
    task = f"{row._meta.app_config.name}.tasks.make_{row._meta.model_name}"
    transaction.on_commit(partial(async_task, task, str(row.pk), timeout=LONGEST))


def claim(row, *, at):
    """Take it up: returns the token of the lease, None when another worker has it, or it is no longer wanted."""
    lease = uuid.uuid4()
    free = type(row).objects.to_begin(at=at).filter(pk=row.pk, claims__lt=MAX_CLAIMS).order_by()
    values = {"lease": lease, "leased_until": at + LEASE, "claims": F("claims") + 1, "progress": 5, "as_of": at}
    return lease if free.update(**values) else None


def note_progress(row, lease, progress, *, at):
    """How far it is, for the page that shows it. Raises LostLeaseError."""
    held = type(row).objects.waiting().filter(pk=row.pk, lease=lease)
    if not held.update(progress=progress, leased_until=at + LEASE):
        raise LostLeaseError


def held(row, lease):
    """The row, locked, for the last step. Raises LostLeaseError."""
    found = type(row).objects.select_for_update(of=("self",)).waiting().filter(pk=row.pk, lease=lease).first()
    if found is None:
        raise LostLeaseError
    return found


def let_go(row, lease):
    """After an attempt that failed: the sweep tries again, or gives it up."""
    type(row).objects.waiting().filter(pk=row.pk, lease=lease).update(lease=None, leased_until=None)


def tidy(model, give_up, *, at):
    """Queue what a lost task or a killed worker left behind; give up what was tried three times."""
    for row in model.objects.to_begin(at=at).filter(Q(asked_at__lt=at - LEASE) | Q(claims__gt=0)):
        if row.claims >= MAX_CLAIMS:
            give_up(row, at=at)
        else:
            queue(row)


def end(row, state):
    """Set `state` on a locked row, with nobody's hands on it."""
    row.state, row.lease, row.leased_until = state, None, None
    row.progress = 100 if state == Made.State.READY else 0


@transaction.atomic
def drop(row, lease):
    """Let it go while it is being made: nobody may have it any more. Raises LostLeaseError."""
    found = held(row, lease)
    end(found, Made.State.GONE)
    found.save()
    record("thrown away", found, by=None)


@transaction.atomic
def forget(rows, *, at):
    """Throw these and their files away; that they were made stays known."""
    for row in rows.select_for_update(of=("self",)).select_related("file"):
        file, row.file = row.file, None
        end(row, Made.State.GONE)
        row.save()
        if file:
            discard(file)
        record("thrown away", row, by=None)
