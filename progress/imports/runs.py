"""What the worker does with imports and exports alike: a run is queued, claimed once, heard of, and ended."""

from contextlib import contextmanager
from functools import partial

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import override
from django_q.tasks import async_task

LONGEST = 600  # seconds that a worker may take


def queue(task, run):
    transaction.on_commit(partial(async_task, f"progress.imports.tasks.{task}", str(run.pk), timeout=LONGEST))


def claim(run, state, *, at):
    """Take up a run, once: a task that comes twice finds it taken."""
    claimed = _rows(run).filter(state=state, claimed_at=None).update(claimed_at=at, heard_at=at)
    run.refresh_from_db()
    return bool(claimed)


def end(run, before, **values):
    """Whether the run was still where we left it; if so it now has these values."""
    changed = _rows(run).filter(state=before).update(**values)
    run.refresh_from_db()
    return bool(changed)


def note_progress(run, per_cent):
    """How far it is, for the page that shows it."""
    _rows(run).update(progress=per_cent, heard_at=Now())


def _rows(run):
    return type(run).objects.filter(pk=run.pk)


@contextmanager
def in_language_of(person):
    with override((person and person.language) or "en"):
        yield
