"""Workbooks for tests, good and bad ones, and the way through an import."""

import csv
import io
import zipfile
from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from progress.imports import actions
from progress.imports.models import ImportRun
from tests.factories import NOW, TODAY

ESTATE = {
    "developments": [("name_en", "name_zh"), ("Willow Court", "柳荫")],
    "buildings": [("development", "name"), ("柳荫", "1号楼")],
    "house_types": [("development", "name", "area"), ("柳荫", "A", 89.5)],
    "homes": [
        ("development", "building", "number", "house_type", "area"),
        ("柳荫", "1号楼", 101, "A", 89.5),
        ("Willow Court", "1号楼", "102", None, 120),
        ("柳荫", None, "R-7", None, None),
    ],
    "owners": [
        ("customer_no", "name", "language", "email", "phone"),
        (1001, "王芳", "zh-hans", "Wang@Example.com", "13800000001"),
        ("C-2", "Zoë Müller", "English", None, None),
    ],
    "ownerships": [
        ("customer_no", "development", "building", "home", "role", "since", "until"),
        (1001, "柳荫", "1号楼", 101, "owner", datetime(2026, 3, 1), None),  # noqa: DTZ001
        ("C-2", "柳荫", "1号楼", 101, "家人", "2026-03-01", None),
        ("C-2", "柳荫", None, "R-7", "tenant", "2026/12/1", "2027年1月1日"),
    ],
}


def book(sheets=ESTATE, change=lambda book: None, **replaced):
    """The bytes of an XLSX with these sheets: {name: rows}. `change` may spoil the xlsxwriter workbook."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in {**sheets, **replaced}.items():
            page = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        page.write_string(number, place, value)
                    else:
                        page.write(number, place, value, day if isinstance(value, datetime) else None)
        change(made)
    return buffer.getvalue()


def table(*rows, encoding="utf-8"):
    """The bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def respelt(content, part, change):
    """The XLSX with the bytes of one of its parts changed."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return result.getvalue()


def previewed(content=None, name="estate.xlsx", sheet_code="", by=None):
    """The run, read; `content` is the bytes of a file."""
    upload = SimpleUploadedFile(name, book() if content is None else content)
    run = actions.receive_here(upload, sheet_code=sheet_code, by=by, at=NOW)
    actions.preview(run, today=TODAY, at=NOW)
    return run


def confirmed(run, by=None):
    actions.begin(run, sha256=run.sha256, fingerprint=run.fingerprint, by=by, at=NOW)
    return run


def carried_out(run):
    actions.carry_out(confirmed(run), today=TODAY, at=NOW)
    return run


def imported(content=None, **fields):
    """The run, done; fails when it is not."""
    run = previewed(content, **fields)
    if run.state == ImportRun.State.PREVIEWED:
        carried_out(run)
    assert run.state == ImportRun.State.DONE, (run.state, run.message, run.problems)
    return run


def counts(run):
    """{sheet: (created, changed, left)}"""
    return {each["code"]: (each["created"], each["changed"], each["left"]) for each in run.result["sheets"]}
