"""The sheets a workbook may have. Apps register theirs in `AppConfig.ready`; each knows its columns and its table.

A table turns rows into a plan and a plan into rows of the database, set-wise: see `progress.imports.tables`.
"""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from .cells import narrow


@dataclass(frozen=True)
class Column:
    """`code` heads the column in exports; a header may also be either label, or both with a stroke between."""

    code: str
    label_en: str
    label_zh: str
    kind: object
    required: bool = False

    @property
    def label(self):
        return _in_language(self)

    @property
    def heading(self):
        """What the template workbook writes at the top: both languages."""
        return f"{self.label_en} / {self.label_zh}"


@dataclass(frozen=True)
class Sheet:
    """One kind of row. `order` places it behind what it refers to; `keys` are the columns that tell rows apart."""

    code: str
    label_en: str
    label_zh: str
    order: int
    columns: tuple
    keys: tuple
    table: object = field(repr=False)

    @property
    def label(self):
        return _in_language(self)

    @property
    def tab(self):
        """The sheet's name in the template workbook."""
        return f"{self.label_en} {self.label_zh}"

    def column(self, code):
        return next(column for column in self.columns if column.code == code)


_sheets = {}


def register(sheet):
    """Let workbooks have this sheet. Registering a code again replaces it."""
    _sheets[sheet.code] = sheet
    return sheet


def registered():
    """All sheets, those that others refer to first."""
    return sorted(_sheets.values(), key=lambda sheet: (sheet.order, sheet.code))


def get(code):
    return _sheets[code]


def called(name):
    """The sheet that goes by this name, in either language or both; None when there is none."""
    return next((sheet for sheet in registered() if _plain(name) in _names(sheet, sheet.tab)), None)


def column_called(sheet, heading):
    """The column of `sheet` under this heading, or None."""
    return next((column for column in sheet.columns if _plain(heading) in _names(column, column.heading)), None)


def _names(thing, both):
    return {_plain(name) for name in (thing.code, thing.label_en, thing.label_zh, both)}


def _plain(name):
    """Names are the same whatever their case, spaces, underscores, strokes and the star of a required column."""
    return "".join(c for c in narrow(str(name)).lower() if c.isalnum())


def _in_language(thing):
    return thing.label_zh if (get_language() or "").startswith("zh") else thing.label_en
