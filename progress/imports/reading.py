"""A workbook, read and planned as a whole: the step that the preview and the import share."""

import gc
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import sheets
from .known import Known
from .problems import Problems
from .workbook import read_workbook


@contextmanager
def _uncollected():
    """Without the collector of cycles: it would look again and again through rows that all live until the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass
class Estate:
    """What a workbook does to the database as it is now. `fingerprint` is the same as long as it does the same."""

    plans: dict = field(default_factory=dict)
    developments: list = field(default_factory=list)
    fingerprint: str = ""

    def result(self):
        """For the preview and the log: counts and a few rows of each sheet."""
        listed = [{"code": code, **plan.counts(), "samples": plan.samples} for code, plan in self.plans.items()]
        return {"sheets": listed, "developments": [str(pk) for pk in self.developments]}

    def row_count(self):
        return sum(len(plan.creates) + len(plan.changes) for plan in self.plans.values())


@_uncollected()
def read(path, *, name, sheet_code, progress=lambda share: None):
    """(rows by sheet, Problems). Raises WorkbookError."""
    problems = Problems()
    return read_workbook(path, problems, name=name, sheet_code=sheet_code, progress=progress), problems


@_uncollected()
def plan(rows, problems, *, today, locked=False):
    """The Estate that these rows make; each sheet's rows are let go as soon as they are planned."""
    known, digest, estate = Known(today=today, locked=locked), hashlib.sha256(), Estate()
    for sheet in sheets.registered():
        if found := rows.pop(sheet.code, None):
            estate.plans[sheet.code] = sheet.table.plan(sheet, found, known, problems, digest)
    estate.developments, estate.fingerprint = sorted(known.touched), digest.hexdigest()
    return estate


@_uncollected()
def state():
    """A hash of all rows that workbooks write. The same workbook on the same state does the same, so nothing."""
    digest = hashlib.sha256()
    for sheet in sheets.registered():
        for model in (sheet.table.model, *sheet.table.besides):
            for row in model.objects.order_by("pk").values_list().iterator(chunk_size=5000):
                digest.update(repr(row).encode())
    return digest.hexdigest()


@_uncollected()
def write(estate, *, on, note_progress):
    """Write all plans in the order of their sheets. Runs in the caller's transaction."""
    total, done = max(estate.row_count(), 1), 0

    def noted(count):
        nonlocal done
        done += count
        note_progress(done / total)

    for sheet in sheets.registered():
        if found := estate.plans.get(sheet.code):
            sheet.table.write(found, on=on, note_progress=noted)
            found.creates, found.changes = [], []
