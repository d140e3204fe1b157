"""Workbooks that we write: rows of the estate as the import reads them, and the template to fill in."""

import csv
import io
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from progress import scope
from progress.models import Development

from . import sheets
from .cells import neutral

# Texts stay texts: nothing a customer is called becomes a formula or a link.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
STEP = 500  # rows between two notes of the progress


def offered(user):
    """The sheets that this person may take out."""
    known = sheets.registered()
    return [sheet for sheet in known if sheet.table.path and scope.may_view(user, sheet.table.model)]


def rows_for(sheet, user):
    """The sheet's rows in the developments assigned to `user`; nothing that they merely own."""
    rows = sheet.table.model.objects.all()
    assigned = scope.of_assigned(user, sheet.table.model, sheet.table.path)
    if assigned is scope.EVERYTHING:
        return rows
    # A subquery, since a path such as "ownerships__home__development" meets the same row more than once.
    return rows.filter(pk__in=rows.filter(assigned).order_by().values("pk"))


def places_of(user):
    """The ids of the developments whose rows this person may take out; None for all."""
    if scope.of_assigned(user, Development, "id") is scope.EVERYTHING:
        return None
    return sorted(str(pk) for pk in user.assignments.live().values_list("development", flat=True))


def row_count(chosen, user):
    return sum(rows_for(sheet, user).count() for sheet in chosen)


def write(file, chosen, *, kind, user, progress=lambda share: None):
    """The chosen sheets of what `user` may see, into an open binary file: one as CSV, or any as a workbook."""
    total, done = max(row_count(chosen, user), 1), 0

    def cells_of(sheet):
        nonlocal done
        for cells in sheet.table.exported(rows_for(sheet, user)):
            yield cells
            done += 1
            if done % STEP == 0:
                progress(min(done / total, 1))

    if kind == "csv":
        file.writelines(line.encode() for line in _csv_lines(*chosen, cells_of))
    else:
        _write_xlsx(file, chosen, cells_of)


def _csv_lines(sheet, cells_of):
    yield "\ufeff" + _line(column.heading for column in sheet.columns)  # by the mark Excel sees that it is UTF-8
    for cells in cells_of(sheet):
        yield _line("" if value is None else neutral(str(value)) for value in cells)


def _line(cells):
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _write_xlsx(file, chosen, cells_of):
    with xlsxwriter.Workbook(file, {"constant_memory": True, **AS_TEXT}) as book:
        formats = {"day": book.add_format({"num_format": "yyyy-mm-dd"}), **_formats(book)}
        for sheet in chosen:
            page = _page(book, sheet, formats)
            for number, cells in enumerate(cells_of(sheet), start=1):
                for place, value in enumerate(cells):
                    _write(page, number, place, value, formats)


def _write(page, number, place, value, formats):
    if isinstance(value, date):
        page.write_datetime(number, place, value, formats["day"])
    elif isinstance(value, Decimal):
        page.write_number(number, place, value)
    elif value:
        page.write_string(number, place, neutral(value), formats["text"])


def _formats(book):
    bold = {"bold": True, "bg_color": "#e7efe9", "bottom": 1}
    return {"text": book.add_format({"num_format": "@"}), "bold": book.add_format(bold)}  # @: 007 stays 007


def _page(book, sheet, formats):
    """A sheet under its two names, with its headings."""
    page = book.add_worksheet(sheet.tab)
    _write_heading(page, [column.heading for column in sheet.columns], formats["bold"])
    for place, column in enumerate(sheet.columns):
        if getattr(column.kind, "longest", None):
            page.set_column(place, place, 24, formats["text"])
    return page


def _write_heading(page, words, bold):
    for place, word in enumerate(words):
        page.set_column(place, place, max(12, 2 + len(word) + sum(ord(c) > 0x2E80 for c in word)))
        page.write_string(0, place, word, bold)
    page.freeze_panes(1, 0)


def write_template(file):
    """The workbook to fill in: a sheet of each kind with its headings, and what goes where on the last one."""
    with xlsxwriter.Workbook(file, AS_TEXT) as book:
        formats = _formats(book)
        for sheet in sheets.registered():
            _page(book, sheet, formats)
        notes = book.add_worksheet("Notes 说明")
        _write_heading(notes, [_("Sheet"), _("Column"), _("Needed"), _("What goes there")], formats["bold"])
        number = 0
        for sheet in sheets.registered():
            for column in sheet.columns:
                number += 1
                line = (sheet.tab, column.heading, _("yes") if column.required else "", column.kind.hint)
                for place, words in enumerate(line):
                    notes.write_string(number, place, words)
        for words in _rules():
            number += 1
            notes.write_string(number + 1, 0, words)
        notes.set_column(0, 3, 30)


def _rules():
    yield _("Customers are told apart by their number, never by their name.")
    yield _(
        "An empty cell changes nothing, and no row of yours deletes anything. A right ends when “Until” is filled in."
    )
    yield _("The whole workbook is imported, or nothing of it. Importing it again changes nothing.")
    yield _("An apostrophe before = + - @ at the beginning of a text is only a mark: it keeps the text a text.")
