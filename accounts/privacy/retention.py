"""What is over its time goes, as the registry says: found set-wise, ended in batches."""

from dataclasses import dataclass

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


def _carry_out(rule, *, at):
    """In batches, each in a transaction of its own: a table of millions is not locked for long."""
    total, last = 0, None
    while batch := list(rule.rows(at=at).order_by().values_list("pk", flat=True)[:BATCH]):
        if batch == last:
            raise RuntimeError(f"{rule.label}: the rows that are over their time are still there afterwards")
        with transaction.atomic():
            _end(rule, rule.declaration.model._default_manager.filter(pk__in=batch), at=at)
        total, last = total + len(batch), batch
    return total


def _end(rule, rows, *, at):
    if rule.term.act is DELETED:
        rows.delete()
    elif rule.term.act is BLANKED:
        rows.update(**empty_values(rule.declaration.model, rule.fields))
    else:
        rule.term.act(rows, at=at)
