"""Pages that go on where the last one ended: no page is slower for being the hundredth.

The end of a page is named in the address, as the moment and the id of its last row.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q

SIZE = 50


@dataclass
class Slice:
    """Some rows of a list; `after`: what the address says to go on after them, "" at the end."""

    rows: list = field(default_factory=list)
    after: str = ""


def said(at, pk):
    """A place in a list, as an address names it."""
    return f"{at.isoformat() if at else ''}_{pk}"


def heard(text):
    """(moment or None, id) of what an address names; None for what makes no sense, which is the beginning."""
    at, _line, pk = text.partition("_")
    try:
        moment = datetime.fromisoformat(at) if at else None
        if moment is not None and moment.tzinfo is None:
            return None
        return moment and moment.astimezone(UTC), UUID(pk)
    except (ValueError, OverflowError):
        return None


def newest_first(rows, after, *, size=SIZE):
    if after and after[0]:
        at, pk = after
        rows = rows.filter(reported_at__lte=at).filter(Q(reported_at__lt=at) | Q(pk__lt=pk))
    return _cut(list(rows.order_by("-reported_at", "-pk")[: size + 1]), "reported_at", size)


def longest_waiting_first(rows, after, *, size=SIZE):
    """Of those whose owner waits for an answer."""
    if after and after[0]:
        at, pk = after
        rows = rows.filter(unanswered_since__gte=at).filter(Q(unanswered_since__gt=at) | Q(pk__gt=pk))
    return _cut(list(rows.order_by("unanswered_since", "pk")[: size + 1]), "unanswered_since", size)


def soonest_due_first(rows, after, *, size=SIZE):
    """What is late, what is due next, and last what has no clock running. Two queries at most."""
    dated, rest = rows.filter(due_at__isnull=False), rows.filter(due_at__isnull=True)
    found = []
    if after is None or after[0]:
        if after:
            at, pk = after
            dated = dated.filter(due_at__gte=at).filter(Q(due_at__gt=at) | Q(pk__gt=pk))
        found = list(dated.order_by("due_at", "pk")[: size + 1])
    elif after:
        rest = rest.filter(pk__gt=after[1])
    if len(found) <= size:
        found += rest.order_by("pk")[: size + 1 - len(found)]
    return _cut(found, "due_at", size)


def _cut(found, name, size):
    if len(found) <= size:
        return Slice(found)
    last = found[size - 1]
    return Slice(found[:size], said(getattr(last, name), last.pk))
