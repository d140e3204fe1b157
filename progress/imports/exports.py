"""Workbooks that we write: rows of the estate as the import reads them, and the template to fill in."""

import csv
import io
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _

from accounts.models import Owner
from progress.models import Home, Ownership

from . import sheets
from .cells import neutral
from .people import addresses_of
from .tables import batches

# Texts stay texts: nothing a customer is called becomes a formula or a link.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CHUNK = 2000


def _homes(rows):
    rows = rows.select_related("development", "building", "house_type").order_by("development_id", "building__name")
    for home in rows.order_by("development_id", "building__name", "number", "pk").iterator(CHUNK):
        yield (
            _name(home.development),
            home.building.name if home.building else "",
            home.number,
            home.house_type.name if home.house_type else "",
            home.area or "",
        )


def _owners(rows):
    rows = rows.filter(erased_at=None).order_by("customer_no").values_list("pk", "customer_no", "name", "language")
    for some in batches(rows.iterator(CHUNK), CHUNK):
        reached = addresses_of([owner[0] for owner in some])
        for pk, number, name, language in some:
            theirs = reached.get(pk, {})
            yield number, name, language, theirs.get("email", ("",))[0], theirs.get("phone", ("",))[0]


def _ownerships(rows):
    rows = rows.select_related("owner", "home__development", "home__building").filter(owner__erased_at=None)
    for tie in rows.order_by("owner__customer_no", "since", "pk").iterator(CHUNK):
        building = tie.home.building.name if tie.home.building else ""
        place = (_name(tie.home.development), building, tie.home.number)
        yield tie.owner.customer_no, *place, tie.role, tie.since, tie.until or ""


def _name(development):
    return development.name_en or development.name_zh


MODELS = {"homes": Home, "owners": Owner, "ownerships": Ownership}
ROWS = {"homes": _homes, "owners": _owners, "ownerships": _ownerships}


def csv_lines(code, rows):
    """The sheet `code` of these rows (a queryset, in the reader's scope) as CSV, in pieces; Excel sees the UTF-8."""
    yield "\ufeff" + _line(column.label for column in sheets.get(code).columns)
    for row in ROWS[code](rows):
        yield _line(neutral(str(value)) for value in row)


def _line(cells):
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def write_xlsx(file, code, rows):
    """The sheet `code` of these rows as a workbook, into an open binary file."""
    sheet = sheets.get(code)
    with xlsxwriter.Workbook(file, {"constant_memory": True, **AS_TEXT}) as book:
        page, day = book.add_worksheet(sheet.tab), book.add_format({"num_format": "yyyy-mm-dd"})
        _write_heading(book, page, [column.label for column in sheet.columns])
        for number, row in enumerate(ROWS[code](rows), start=1):
            for place, value in enumerate(row):
                _write(page, number, place, value, day)


def _write(page, number, place, value, day):
    if isinstance(value, date):
        page.write_datetime(number, place, value, day)
    elif isinstance(value, Decimal):
        page.write_number(number, place, value)
    elif value != "":
        page.write_string(number, place, neutral(value))


def _write_heading(book, page, words):
    bold = book.add_format({"bold": True, "bg_color": "#e7efe9", "bottom": 1})
    for place, word in enumerate(words):
        page.set_column(place, place, max(12, 2 + len(word) + sum(ord(c) > 0x2E80 for c in word)))
        page.write_string(0, place, word, bold)
    page.freeze_panes(1, 0)


def write_template(file):
    """The workbook to fill in: a sheet of each kind with its headings, and what goes where on the last one."""
    with xlsxwriter.Workbook(file, AS_TEXT) as book:
        text = book.add_format({"num_format": "@"})  # so that 007 stays 007
        for sheet in sheets.registered():
            page = book.add_worksheet(sheet.tab)
            _write_heading(book, page, [column.heading for column in sheet.columns])
            for place, column in enumerate(sheet.columns):
                if getattr(column.kind, "longest", None):
                    page.set_column(place, place, 24, text)
        notes = book.add_worksheet("Notes 说明")
        _write_heading(book, notes, [_("Sheet"), _("Column"), _("Needed"), _("What goes there")])
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
