"""From rows of a sheet to rows of the database: what is created, what is changed, what is left; all set-wise."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from .cells import CellError, shown

BATCH = 1000
CHUNK = 2000  # rows that an export reads at once
SAMPLES = 5


class RowError(CellError):
    """A row can't be used because of what stands in `column`."""

    def __init__(self, column, reason):
        super().__init__(reason)
        self.column = column


@dataclass
class Plan:
    """What an import does to one table. `changes` has the new values of changed fields only."""

    creates: list = field(default_factory=list)  # (pk, values)
    changes: list = field(default_factory=list)  # (pk, values)
    left: int = 0
    samples: list = field(default_factory=list)

    def counts(self):
        return {"created": len(self.creates), "changed": len(self.changes), "left": self.left}

    def sample(self, sheet, row, changes=()):
        """Keep a few rows to be shown: some that are created, and some that are changed."""
        if sum(bool(each["changes"]) == bool(changes) for each in self.samples) < SAMPLES:
            title = ", ".join(shown(row.values[code]) for code in sheet.keys if code in row.values)
            self.samples.append({"row": row.number, "title": title, "changes": list(changes)})


class Table:
    """The database's side of a sheet whose rows are rows of `model`. A subclass says what its cells mean.

    `fields` are compared and written, and each is the code of its column unless `columns` says otherwise.
    """

    model = None
    besides = ()  # other models whose rows it writes
    fields = ()
    columns = {}
    path = None  # from a row to its development; without one its rows are not exported

    def exported(self, rows):
        """The cells of each of these rows of `model`, in the order of the columns: as the import reads them."""
        raise NotImplementedError

    def prepare(self, rows, known):
        """Called with all rows before the first is looked at. Returns them, in the order in which to take them."""
        return rows

    def refer(self, row, known):
        """(key, values) of a row: its key in the index, and its fields with references resolved. Raises RowError."""
        raise NotImplementedError

    def existing(self, keys, known):
        """{key: (pk, {field: value})} of the rows there are, at least for these keys; locked if `known.locked`."""
        raise NotImplementedError

    def check(self, key, row, found, known):
        """Raises RowError when this row may not be created (`found` is None) or changed so."""

    def added(self, key, pk, known, row):
        """A row will be created: let later sheets find it."""

    def changed(self, pk, known, row):
        """A row will be changed: let later sheets find it by what it is called then."""

    def beside(self, key, known):
        """What else the preview of a new row rests on: when it changes, the preview is an old one."""
        return ""

    def new_values(self, key, values):
        """All fields of a row to be created."""
        return values

    def differs(self, name, old, new):
        return old != new and not (isinstance(old, str) and " ".join(old.split()) == new)

    def told(self, name, value, known):
        """An old or new value as the preview shows it."""
        return "" if value is None else str(value)

    def plan(self, sheet, rows, known, problems, digest):
        """The Plan for these rows. What can't be used is noted in `problems`, what will be done in `digest`."""
        referred = list(self._referred(sheet, self.prepare(rows, known), known, problems))
        found = self.existing([key for _row, key, _values in referred], known)
        plan = Plan()
        for row, key, values in referred:
            try:
                self._step(sheet, plan, row, key, values, found.get(key), known, digest)
            except RowError as error:
                note(problems, sheet, row, error)
        return plan

    def _referred(self, sheet, rows, known, problems):
        seen = {}
        for row in rows:
            try:
                key, values = self.refer(row, known)
                if (first := seen.setdefault(key, row.number)) != row.number:
                    raise RowError(
                        sheet.keys[-1], _("This row is there twice; the first is row %(row)s.") % {"row": first}
                    )
            except RowError as error:
                note(problems, sheet, row, error)
            else:
                yield row, key, values

    def _step(self, sheet, plan, row, key, values, found, known, digest):
        self.check(key, row, found, known)
        if found is None:
            pk = uuid.uuid4()
            self.added(key, pk, known, row)
            plan.creates.append((pk, self.new_values(key, values)))
            plan.sample(sheet, row)
            digest.update(f"{sheet.code}:{row.number}:new:{self.beside(key, known)}\n".encode())
            return
        pk, old = found
        changed = {name: value for name, value in values.items() if self.differs(name, old.get(name), value)}
        if not changed:
            plan.left += 1
            return
        plan.changes.append((pk, changed))
        self.changed(pk, known, row)
        codes = [self.columns.get(name, name) for name in changed]
        before = [self.told(name, old.get(name), known) for name in changed]
        told = [(code, was, str(row.values[code])) for code, was in zip(codes, before, strict=True)]
        plan.sample(sheet, row, told)
        digest.update(f"{sheet.code}:{row.number}:{pk}:{old}:{told}\n".encode())

    def write(self, plan, *, on, note_progress):
        """Write the plan. Runs in the import's transaction; `on` is today."""
        self.create(plan.creates, note_progress)
        self.change(plan.changes, note_progress)

    def create(self, creates, note_progress):
        for some in batches(creates):
            self.model.objects.bulk_create([self.model(pk=pk, **values) for pk, values in some])
            note_progress(len(some))

    def change(self, changes, note_progress):
        """Rows that change in the same fields are updated together."""
        alike = defaultdict(list)
        for pk, values in changes:
            if values:
                alike[tuple(values)].append((pk, values))
        for names, rows in alike.items():
            for some in batches(rows, 500):
                self.model.objects.bulk_update([self.model(pk=pk, **values) for pk, values in some], names)
                note_progress(len(some))


def note(problems, sheet, row, error):
    column = sheet.column(error.column).label if error.column else ""
    problems.add(error, sheet=sheet.label, row=row.number, column=column)


def batches(items, size=BATCH):
    items = iter(items)
    while some := list(islice(items, size)):
        yield some
