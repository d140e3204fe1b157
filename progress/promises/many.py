"""The verbs of the ledger for thousands at once, in a few queries a lot. Callers lock what the promises are about."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.events.actions import record_each
from progress.calendar.clock import clock_for
from progress.models import Home
from progress.touchpoints.models import Touchpoint

from . import kinds
from .actions import plan_next
from .models import OPEN, Promise, PromiseMove

State = Promise.State


@dataclass(frozen=True)
class Wanted:
    """A promise to be opened about a home (with its development), of which `subject_id` is the subject's key."""

    key: str
    home: Home
    due_at: datetime
    subject_id: str = ""


@dataclass(frozen=True)
class Moving:
    """An open promise (with its development) to be given another time."""

    promise: Promise
    due_at: datetime
    reason_en: str = ""
    reason_zh: str = ""


@transaction.atomic
def open_each(wanted, *, kind, subject_kind="", by, at):
    """{key: Promise} of all `wanted`, none of them due before `at`; those that are open already stand."""
    known = Promise.objects.filter(key__in=[each.key for each in wanted]).in_bulk(field_name="key")
    touchpoint = Touchpoint.objects.in_use().filter(code=kinds.get(kind).touchpoint or None).first()
    clocks, opened = cache(clock_for), []
    for each in wanted:
        if each.key in known:
            continue
        promise = Promise(
            key=each.key,
            kind=kind,
            development=each.home.development,
            home=each.home,
            subject_kind=subject_kind,
            subject_id=each.subject_id,
            made_at=at,
            due_at=each.due_at,
            team=kinds.get(kind).team,
            touchpoint=touchpoint,
        )
        plan_next(promise, after=None, clock=_clock(promise.development, clocks))
        opened.append(promise)
    Promise.objects.bulk_create(opened, batch_size=500)
    record_each("promised", opened, by=by)
    return known | {promise.key: promise for promise in opened}


@transaction.atomic
def move_each(moving, *, by, at):
    """Give each another time, with its reason. What is settled meanwhile, or has this time already, is passed over."""
    rows = _locked([each.promise for each in moving])
    clocks, moved, steps = cache(clock_for), defaultdict(list), []
    for each in moving:
        promise = rows.get(each.promise.pk)
        if promise is None or promise.due_at == each.due_at or each.due_at < at:
            continue
        steps.append(_step(promise, each, by=by, at=at))
        promise.due_at = each.due_at
        promise.state = State.DUE if promise.state == State.MISSED else promise.state
        plan_next(promise, after=None, clock=_clock(promise.development, clocks))
        moved[promise.due_at, promise.state, promise.next_step_at, promise.next_step].append(promise)
    PromiseMove.objects.bulk_create(steps, batch_size=500)
    for values, promises in moved.items():  # those of neighbours are alike
        news = dict(zip(("due_at", "state", "next_step_at", "next_step"), values, strict=True))
        Promise.objects.filter(pk__in=[promise.pk for promise in promises]).update(moves=F("moves") + 1, **news)
    record_each("moved", [step.promise for step in steps], by=by)
    return len(steps)


def _clock(development, clocks):
    if development is None:
        return clocks(settings.WORK_CALENDAR, settings.TIME_ZONE)
    return clocks(development.calendar, development.time_zone)


def _step(promise, each, *, by, at):
    return PromiseMove(
        promise=promise,
        from_due_at=promise.due_at,
        to_due_at=each.due_at,
        reason_en=each.reason_en,
        reason_zh=each.reason_zh,
        by=by,
        at=at,
    )


@transaction.atomic
def void_each(promises, *, by, at):
    """What they were about is gone. Those that are settled stay as they are. Returns how many there were."""
    rows = list(_locked(promises).values())
    fields = {"settled_at": at, "settled_by": by, "next_step_at": None, "next_step": "", "outcome": ""}
    Promise.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.VOID, **fields)
    record_each(str(State.VOID), rows, by=by)
    return len(rows)


def _locked(promises):
    """{pk: Promise} of those that are open, locked in one order."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("development").order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in=[promise.pk for promise in promises], state__in=OPEN)}


@transaction.atomic
def reopen_each(wanted, *, by, at):
    """What they were about is there again: (Promise with its development, due_at) of void ones are due once more.

    Returns how many there were.
    """
    rows = Promise.objects.select_for_update(of=("self",)).select_related("development").order_by("pk")
    rows = rows.in_bulk([promise.pk for promise, _due in wanted])
    clocks, again = cache(clock_for), []
    for known, due_at in wanted:
        promise = rows[known.pk]
        if promise.state != State.VOID or due_at < at:
            continue
        promise.state, promise.due_at, promise.settled_at, promise.settled_by = State.DUE, due_at, None, None
        promise.made_at = at
        plan_next(promise, after=None, clock=_clock(promise.development, clocks))
        again.append(promise)
    fields = ["state", "made_at", "due_at", "settled_at", "settled_by", "next_step", "next_step_at"]
    Promise.objects.bulk_update(again, fields, batch_size=200)
    record_each("promised", again, by=by)
    return len(again)
