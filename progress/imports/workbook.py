"""Reading a workbook: XLSX with a sheet a kind of row, or CSV with one. Values come out checked, by column."""

import csv
import io
import tempfile
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from . import sheets
from .archive import DAMAGED, MAX_COLUMNS, MAX_ROWS, NO_WORKBOOK, Facts, WorkbookError, check_kind, position, unpacked
from .cells import CellError, shown

NOTES = {"notes", "说明", "notes 说明"}
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
csv.field_size_limit(100_000)


class Row(NamedTuple):
    """One row of a sheet: its number as a spreadsheet shows it, and the values of its filled cells by column."""

    number: int
    values: dict


def read_workbook(path, problems, *, name, sheet_code="", progress=lambda share: None):
    """{code of a sheet: its rows} of the file at `path`, what can't be used noted in `problems`.

    `name` is what the sender calls the file; a CSV file is the sheet that it is named after, or `sheet_code`.
    Raises WorkbookError when it is no workbook at all.
    """
    with path.open("rb") as file:
        if check_kind(file, path.stat().st_size) == "csv":
            found = _read_csv(file.read(), problems, name=name, sheet_code=sheet_code)
        else:
            found = _read_xlsx(file, problems, progress)
    if not found and not problems:
        raise WorkbookError(_("This workbook has no rows."))
    return found


def _read_xlsx(file, problems, progress):
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        clean = Path(folder) / "clean.xlsx"
        facts = unpacked(file, clean)
        progress(0.3)
        try:
            with CalamineWorkbook.from_path(clean) as workbook:
                return _read_sheets(workbook, facts, problems, progress)
        except CalamineError as error:
            raise WorkbookError(DAMAGED) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # the reader's own, which is no Exception
                raise
            raise WorkbookError(DAMAGED) from error


def _read_sheets(workbook, facts, problems, progress):
    chosen = {}
    for data in workbook.sheets_metadata:
        if data.typ == SheetTypeEnum.WorkSheet and facts.get(data.name, Facts()).rows:
            _choose(chosen, data.name, problems)
    found = {}
    for count, (code, name) in enumerate(chosen.items(), start=1):
        data = workbook.get_sheet_by_name(name)
        found[code] = list(read_rows(sheets.get(code), _numbered(data), facts[name], problems))
        progress(0.3 + 0.7 * count / len(chosen))
    return {code: rows for code, rows in found.items() if rows}


def _choose(chosen, name, problems):
    sheet = sheets.called(name)
    if sheet and sheet.code in chosen:
        problems.add(_("This sheet is there twice. Please keep one."), sheet=shown(name))
    elif sheet:
        chosen[sheet.code] = name
    elif name.strip().lower() not in NOTES:
        known = ", ".join(sheet.label for sheet in sheets.registered())
        problems.add(_("This sheet is not known. Known sheets: %(sheets)s.") % {"sheets": known}, sheet=shown(name))


def _numbered(data):
    """(number, cells) of each row, the cells from column A on."""
    before = [""] * (data.start[1] if data.start else 0)
    for number, cells in enumerate(data.iter_rows(), start=1):
        yield number, before + cells


def read_rows(sheet, numbered, facts, problems):
    """The rows below the heading, each with the values of its columns. Rows with a problem are left out."""
    for reference in facts.merged:
        row = position(reference.split(":")[0])[0]
        reason = _("The cells %(cells)s are merged. Please split them and fill in each.") % {"cells": reference}
        problems.add(reason, sheet=sheet.label, row=row)
    numbered = ((number, cells) for number, cells in numbered if any(map(_filled, cells)))
    first, headings = next(numbered, (0, []))
    columns = _columns(sheet, first, headings, problems)
    if columns is None:
        return
    values_of = {}  # of each cell read so far: places, roles and days come thousands of times
    for number, cells in numbered:
        values = _values(sheet, columns, number, cells, facts, problems, values_of)
        if values is not None:
            yield Row(number, values)


def _filled(cell):
    return not isinstance(cell, str) or (cell != "" and not cell.isspace())


def _columns(sheet, row, headings, problems):
    """[Column or None] in the order of the cells; None for all when a needed one is missing."""
    before, columns = problems.count, []
    for heading in headings:
        column = sheets.column_called(sheet, heading) if _filled(heading) else None
        if column and column in columns:
            problems.add(_("This column is there twice."), sheet=sheet.label, row=row, column=column.label)
        elif _filled(heading) and not column:
            reason = _("This column is not known. Please remove it, or use a heading of the template.")
            problems.add(reason, sheet=sheet.label, row=row, column=shown(heading))
        columns.append(column)
    for column in sheet.columns:
        if column.required and column not in columns:
            problems.add(_("This column is missing."), sheet=sheet.label, row=row or None, column=column.label)
    return columns if problems.count == before else None


def _values(sheet, columns, number, cells, facts, problems, values_of):
    before, values = problems.count, {}
    for place, cell in enumerate(cells):
        if not _filled(cell) and not facts.hides((number, place + 1)):
            continue
        column = columns[place] if place < len(columns) else None
        try:
            same = (place, cell, cell.__class__)
            if same not in values_of or facts.hides((number, place + 1)):
                values_of[same] = _value(column, cell, (number, place + 1), facts)
            values[column.code] = values_of[same]
        except CellError as error:
            problems.add(error, sheet=sheet.label, row=number, column=column.label if column else "")
    if problems.count == before:
        _note_missing(sheet, number, values, problems)
    return values if problems.count == before else None


def _note_missing(sheet, number, values, problems):
    for column in sheet.columns:
        if column.required and column.code not in values:
            problems.add(_("Please fill this in."), sheet=sheet.label, row=number, column=column.label)


def _value(column, cell, where, facts):
    if column is None:
        raise CellError(_("This cell stands in a column without a heading."))
    if where in facts.formulas:
        raise CellError(_("This is a formula. Please write its value instead."))
    if where in facts.errors:
        raise CellError(_("This cell shows an error instead of a value."))
    return column.kind.read(cell)


def _read_csv(content, problems, *, name, sheet_code):
    sheet = sheets.called(sheet_code or Path(name).stem)
    if sheet is None:
        known = ", ".join(f"{sheet.code}.csv" for sheet in sheets.registered())
        raise WorkbookError(
            _("A CSV file is one sheet. Please say which, or name it after its sheet: %(names)s.") % {"names": known}
        )
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        rows = list(read_rows(sheet, _capped(reader), Facts(), problems))
    except csv.Error as error:
        reason = _("Line %(line)s can't be read: a quotation mark is open, or a cell is far too long.")
        raise WorkbookError(reason % {"line": reader.line_num}) from error
    return {sheet.code: rows} if rows else {}


def _decoded(content):
    """UTF-8 or UTF-16 by their marks, UTF-8, or what Chinese Excel writes."""
    mark = next((encoding for bytes_, encoding in MARKS if content.startswith(bytes_)), None)
    for encoding in [mark] if mark else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise WorkbookError(NO_WORKBOOK)


def _delimiter(text):
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _capped(reader):
    for number, cells in enumerate(reader, start=1):
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise WorkbookError(
                _("This file has more than %(rows)s rows or %(columns)s columns. Please split it.")
                % {"rows": f"{MAX_ROWS:,}", "columns": MAX_COLUMNS}
            )
        yield number, cells
