"""Each clock has its promise in the ledger, one a round: opened, moved and kept as the clock says.

A clock may turn out to have been due already, as when a day off became a working one. The ledger promises nothing for
a time that is past: there the promise is for now, and is missed.
"""

from progress.promises import actions as promises
from progress.promises.models import Promise

from .promises import PROMISED
from .reckoning import DONE

SUBJECT = "tickets.ticket"


def promises_of(ticket):
    """All promises that its clocks have made."""
    return Promise.objects.filter(subject_kind=SUBJECT, subject_id=str(ticket.pk), kind__in=PROMISED.values())


def follow(ticket, clocks, known, *, reasons, by, at):
    """Take the promises of `ticket` to where its `clocks` are. `known`: {key: Promise} of those there are.

    `reasons`: {"reason_en", "reason_zh"} of a promise that moves. Returns the clocks whose promise has moved.
    """
    moved = []
    for clock in clocks:
        key = key_of(clock)
        _settle_former(clock, known, by=by, at=at)
        if clock.stopped_at is not None:
            _settle(clock, known.get(key), by=by, at=at)
        elif key not in known:
            known[key] = _open(ticket, clock, key, by=by, at=at)
        elif _move(clock, known[key], reasons, by=by, at=at):
            moved.append(clock)
    return moved


def key_of(clock, number=None):
    return f"ticket:{clock.ticket_id}:{clock.kind}:{number or clock.round}"


def _settle_former(clock, known, *, by, at):
    """Of a clock that has been started anew, the round before is kept by that."""
    former = known.get(key_of(clock, clock.round - 1)) if clock.round > 1 else None
    if former and former.is_open:
        promises.keep_promise(former, by=by, at=at)


def _settle(clock, promise, *, by, at):
    if promise is None or not promise.is_open:
        return
    if clock.how == DONE:
        promises.keep_promise(promise, by=by, at=max(clock.stopped_at, promise.made_at))
    else:
        promises.void_promise(promise, by=by, at=at)


def _open(ticket, clock, key, *, by, at):
    return promises.open_promise(
        key=key,
        kind=PROMISED[clock.kind],
        development=ticket.development,
        home=ticket.home,
        owner=ticket.owner,
        subject=ticket,
        responsible=ticket.assignee,
        team=ticket.team,
        touchpoint=ticket.touchpoint,
        due_at=max(clock.promised_at, at),
        by=by,
        at=at,
    )


def _move(clock, promise, reasons, *, by, at):
    """Whether it has moved. One that is past, and stays so, is missed as it is."""
    due_at = max(clock.promised_at, at)
    if not promise.is_open or promise.due_at == clock.promised_at or (clock.promised_at < at and promise.due_at <= at):
        return False
    promises.move_promise(promise, due_at=due_at, **reasons, by=by, at=at)
    return True


def hand_over(ticket, *, by):
    """Whoever has the ticket now answers for what it promises."""
    for promise in promises_of(ticket).open():
        if ticket.assignee is not None:
            promises.hand_over(promise, to=ticket.assignee, by=by)
        elif promise.responsible_id:
            Promise.objects.filter(pk=promise.pk).update(responsible=None, team=ticket.team)
