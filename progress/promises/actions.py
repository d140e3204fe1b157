"""The four verbs of the ledger: open, move, keep, waive. Openers keep their own logic; nothing here knows it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress.calendar.clock import clock_of
from progress.touchpoints.models import Touchpoint

from . import kinds
from .models import Promise, PromiseMove

State = Promise.State


class PromiseError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def open_promise(
    *,
    key,
    kind,
    development,
    due_at,
    by,
    at,
    home=None,
    owner=None,
    subject=None,
    responsible=None,
    team="",
    touchpoint=None,
):
    """Promise it once: opened again with the same `key`, the first one stands, whatever became of it.

    Nobody named: `team`, else the kind's team, at the development answers for it. Raises PromiseError when `due_at`
    is past, UnknownPromiseError.
    """
    _check_not_past(due_at, at)
    promise = Promise(
        key=key,
        kind=kind,
        development=development,
        home=home,
        owner=owner,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        made_at=at,
        due_at=due_at,
        responsible=responsible,
        team=team or kinds.get(kind).team,
        touchpoint=touchpoint or Touchpoint.objects.in_use().filter(code=kinds.get(kind).touchpoint or None).first(),
    )
    plan_next(promise, after=None, clock=clock_of(development))
    known, opened = Promise.objects.get_or_create(key=key, defaults=_values(promise))
    if opened:
        record("promised", known, by=by, home=home)
    return known


def _values(promise):
    fields = (field.attname for field in Promise._meta.concrete_fields if field.attname not in {"key"})
    return {name: getattr(promise, name) for name in fields}


@transaction.atomic
def move_promise(promise, *, due_at, reason_en="", reason_zh="", by, at):
    """Give it another time, with a reason that owners can read. A missed one is open again.

    Raises PromiseError when it is settled, `due_at` is past, or there is no reason.
    """
    promise = _locked_open(promise)
    _check_not_past(due_at, at)
    if not (reason_en.strip() or reason_zh.strip()):
        raise PromiseError(_("Please say why the time changes."))
    if promise.due_at == due_at:
        return promise
    PromiseMove.objects.create(
        promise=promise,
        from_due_at=promise.due_at,
        to_due_at=due_at,
        reason_en=reason_en.strip(),
        reason_zh=reason_zh.strip(),
        by=by,
        at=at,
    )
    promise.due_at, promise.moves = due_at, promise.moves + 1
    promise.state = State.DUE if promise.state == State.MISSED else promise.state
    plan_next(promise, after=None, clock=clock_of(promise.development))
    promise.save()
    record("moved", promise, by=by, home=promise.home)
    return promise


@transaction.atomic
def keep_promise(promise, *, outcome="", by, at):
    """It is done: kept when in time, kept late otherwise. Kept twice, the first time counts.

    Raises PromiseError when it was waived or no longer applies.
    """
    promise = _locked(promise)
    if promise.state in {State.KEPT, State.LATE}:
        return promise
    _check_open(promise)
    return _settle(promise, State.KEPT if at <= promise.due_at else State.LATE, outcome, by=by, at=at)


@transaction.atomic
def waive_promise(promise, *, reason, by, at):
    """Let it go, with a reason, as when the owner does not want it. Raises PromiseError when settled or unexplained."""
    promise = _locked_open(promise)
    if not reason.strip():
        raise PromiseError(_("Please say why."))
    return _settle(promise, State.WAIVED, reason.strip(), by=by, at=at)


@transaction.atomic
def void_promise(promise, *, by, at):
    """What it was about is gone. Settled already, it stays as it is."""
    promise = _locked(promise)
    return _settle(promise, State.VOID, "", by=by, at=at) if promise.is_open else promise


@transaction.atomic
def hand_over(promise, *, to, by):
    """Somebody else answers for it from now on. Raises PromiseError when it is settled."""
    promise = _locked_open(promise)
    if promise.responsible_id != to.pk:
        promise.responsible = to
        promise.save(update_fields=["responsible"])
        record("handed over", promise, by=by, home=promise.home)
    return promise


def plan_next(promise, *, after, clock):
    """Note the step that comes after the step `after` (None: the first). None is left: nothing more is said."""
    moments = kinds.get(promise.kind).moments(promise, clock)
    codes = [step.code for _moment, step in moments]
    left = moments[codes.index(after) + 1 :] if after in codes else moments
    promise.next_step_at, promise.next_step = (left[0][0], left[0][1].code) if left else (None, "")


def _settle(promise, state, outcome, *, by, at):
    promise.state, promise.outcome = state, outcome
    promise.settled_at, promise.settled_by = at, by
    promise.next_step_at, promise.next_step = None, ""
    promise.save()
    record(str(state), promise, by=by, home=promise.home)
    return promise


def _locked(promise):
    rows = Promise.objects.select_for_update(of=("self",)).select_related("development", "home")
    return rows.get(pk=promise.pk)


def _locked_open(promise):
    promise = _locked(promise)
    _check_open(promise)
    return promise


def _check_open(promise):
    if not promise.is_open:
        raise PromiseError(_("This promise is settled already: %(state)s.") % {"state": promise.get_state_display()})


def _check_not_past(due_at, at):
    if due_at < at:
        raise PromiseError(_("This time is past. A promise is for a time to come."))
