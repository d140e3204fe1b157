"""Tables for a spreadsheet: CSV or XLSX, never a formula among them."""

import csv
import io

import xlsxwriter

from progress.imports.cells import neutral
from progress.imports.exports import AS_TEXT


def _cell(value):
    return neutral(value) if isinstance(value, str) else value


def as_csv(heading, lines):
    """The bytes of a CSV file: a heading, then lines of text and numbers."""
    buffer = io.StringIO()
    buffer.write("\ufeff")  # by this mark spreadsheets see that it is UTF-8
    table = csv.writer(buffer)
    table.writerow(heading)
    table.writerows([_cell(value) for value in line] for line in lines)
    return buffer.getvalue().encode()


def as_xlsx(heading, lines):
    """The bytes of a workbook of one sheet; text stays text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **AS_TEXT}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for place, words in enumerate(heading):
            sheet.write_string(0, place, words, bold)
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                write = sheet.write_number if isinstance(value, int | float) else sheet.write_string
                write(number, place, _cell(value))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heading) - 1, 18)
    return buffer.getvalue()
