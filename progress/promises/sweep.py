"""The one sweep over the ledger: warns, marks missed, escalates. Run twice, late or on two machines, each step once."""

import structlog
from django.db import connection, transaction
from django.db.models import Q

from accounts.events.actions import record
from accounts.models import User
from accounts.notices.actions import tell
from progress.calendar.clock import clock_for
from progress.models import Assignment

from . import kinds
from .actions import plan_next, void_promise
from .models import Promise

BATCH = 200

log = structlog.get_logger(__name__)


def sweep(*, at):
    """Take every promise to where it should be at `at`. Returns how many steps were taken.

    One that cannot be taken care of is logged and does not hold up the others.
    """
    taken, clocks, broken = 0, {}, set()
    while batch := _sweep_batch(at=at, clocks=clocks, broken=broken):
        taken += sum(batch)
    return taken


@transaction.atomic
def _sweep_batch(*, at, clocks, broken):
    """[steps taken] of each promise of a batch. Those that another worker is taking care of are left to it."""
    rows = Promise.objects.to_advance(at=at).exclude(pk__in=broken).select_related("development", "home")
    rows = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    batch = []
    for promise in rows[:BATCH]:
        if promise.calendar not in clocks:
            clocks[promise.calendar] = clock_for(*promise.calendar)
        try:
            with transaction.atomic():
                batch.append(_advance(promise, clocks[promise.calendar], at=at))
        except Exception:
            log.exception("promise_not_advanced", promise=str(promise.pk))
            broken.add(promise.pk)
            batch.append(0)
    return batch


def _advance(promise, clock, *, at):
    """Take all steps that are past; of warnings that come too late, nobody hears."""
    kind, taken = kinds.get(promise.kind), 0
    if not kind.holds(promise):
        void_promise(promise, by=None, at=at)
        return 1
    steps = {step.code: step for _moment, step in kind.moments(promise, clock)}
    while promise.next_step_at is not None and promise.next_step_at <= at:
        code, moment = promise.next_step, promise.next_step_at
        if at >= promise.due_at and promise.state != Promise.State.MISSED:
            promise.state = Promise.State.MISSED
            record("missed", promise, by=None, home=promise.home)
        plan_next(promise, after=code, clock=clock)
        stale = moment < promise.due_at <= at
        if not stale and code in steps:
            tell(_people(promise, steps[code]), "promise", promise, at=at, step=f"{promise.moves}-{code}")
        taken += 1
    promise.save(update_fields=["state", "next_step", "next_step_at"])
    return taken


def _people(promise, step):
    """The logins to whom this step goes. Who was named and works here no more is replaced by the team."""
    people = set()
    for who in step.to:
        named = User.objects.filter(pk=promise.responsible_id, is_active=True) if who == kinds.ANSWERABLE else ()
        role = promise.team if who == kinds.ANSWERABLE else who
        people |= set(named) or set(colleagues(promise.development, role))
    return people


def colleagues(development, role):
    """Who works as `role` at a development today; at none, who works so everywhere."""
    posts = Assignment.objects.live().filter(Q(development=None) | Q(development=development), role=role)
    return User.objects.filter(is_active=True, assignments__in=posts).distinct()
