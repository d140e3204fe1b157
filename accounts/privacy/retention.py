"""What is over its time goes, as the registry says: found set-wise, ended in batches."""

from dataclasses import dataclass
from time import monotonic

import structlog
from django.db import transaction

from .registry import declared
from .ways import BLANKED, DELETED, empty_values

log = structlog.get_logger(__name__)
BATCH = 1000


@dataclass(frozen=True)
class Rule:
    """One line of the table: these fields of this model, after so long."""

    declaration: object
    fields: tuple
    term: object

    @property
    def label(self):
        return self.declaration.label

    @property
    def what(self):
        return {DELETED: "delete", BLANKED: "empty"}.get(self.term.act, "forget")

    def rows(self, *, at):
        return self.term.over(self.declaration, self.fields, at=at)


def rules():
    """Every rule that ends something after a time, in the order of declaration."""
    return [
        Rule(declaration, tuple(fields), term)
        for declaration in declared().values()
        for term, fields in declaration.terms().items()
    ]


def run(*, at, dry=False):
    """[(rule, rows that were over their time)]. Dry, they are only counted. Running it twice does nothing more.

    A rule that fails is logged and passed over, so that it doesn't hold up the others; it counts None.
    """
    done = []
    for rule in rules():
        try:
            done.append((rule, rule.rows(at=at).count() if dry else _carry_out(rule, at=at)))
        except Exception:
            log.exception("retention_failed", rule=rule.label)
            done.append((rule, None))
    return done


def run_for(seconds, *, at, first=0):
    """As `run`, from rule number `first` on, until the time is up.

    Returns the number of the rule to go on with, or None after the last. One batch is ended at least or one rule is
    passed, so turn after turn comes to an end.
    """
    until = monotonic() + seconds
    for number, rule in enumerate(rules()[first:], first):
        try:
            for _count in _ended(rule, at=at):
                if monotonic() >= until:
                    return number
        except Exception:
            log.exception("retention_failed", rule=rule.label)
        if monotonic() >= until:
            return number + 1
    return None


def _carry_out(rule, *, at):
    return sum(_ended(rule, at=at))


def _ended(rule, *, at):
    """Batch by batch, each in a transaction of its own: how many. A table of millions is not locked for long."""
    last = None
    while batch := list(rule.rows(at=at).order_by().values_list("pk", flat=True)[:BATCH]):
        if batch == last:
            raise RuntimeError(f"{rule.label}: the rows that are over their time are still there afterwards")
        with transaction.atomic():
            _end(rule, rule.declaration.model._default_manager.filter(pk__in=batch), at=at)
        last = batch
        yield len(batch)


def _end(rule, rows, *, at):
    if rule.term.act is DELETED:
        rows.delete()
    elif rule.term.act is BLANKED:
        rows.update(**empty_values(rule.declaration.model, rule.fields))
    else:
        rule.term.act(rows, at=at)
