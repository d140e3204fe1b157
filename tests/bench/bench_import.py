"""How long 20,000 homes with their owners take to import, and again; and whether they come out the same. `make bench`.

docs/performance.md has the command for this one alone.

The import runs in a process of its own, so that its memory is its own; the times are those of the command without
the interpreter's start.
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from time import perf_counter

import xlsxwriter
from django.db import connection

from progress.imports import exports, reading
from progress.imports.models import ImportRun
from progress.models import Home, Ownership, RightState
from tests.factories import StaffFactory

DAY = datetime(2024, 3, 1)  # noqa: DTZ001  what a workbook holds has no zone
HOMES, SECONDS, MEGABYTES = 20_000, 60, 400
PLACE = "Willow Court"
COMMAND = """
import json, resource, sys, time
import django
django.setup()
from django.core.management import call_command
began = time.perf_counter()
call_command("import_estate", sys.argv[1], verbosity=0)
seconds = time.perf_counter() - began
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def workbook(path, homes):
    """An estate in 200 buildings, each home with an owner of its own, who has an e-mail address and a telephone."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    flats = [(f"{n // 100 + 1}号楼", str(101 + n % 100)) for n in range(homes)]
    sheets = {
        "developments": [("name_en", "name_zh"), ("Willow Court", "柳荫")],
        "buildings": [("development", "name"), *((PLACE, name) for name in dict.fromkeys(flat[0] for flat in flats))],
        "house_types": [("development", "name", "area"), (PLACE, "A", 89.5), (PLACE, "B", 118)],
        "homes": [
            ("development", "building", "number", "house_type", "area"),
            *((PLACE, *flat, "AB"[n % 2], 89.5) for n, flat in enumerate(flats)),
        ],
        "owners": [
            ("customer_no", "name", "language", "email", "phone"),
            *((f"C{n:06}", f"业主{n}", "zh-hans", f"o{n}@example.com", f"+86138{n:08}") for n in range(homes)),
        ],
        "ownerships": [
            ("customer_no", "development", "building", "home", "role", "since"),
            *((f"C{n:06}", PLACE, *flat, "owner", DAY) for n, flat in enumerate(flats)),
        ],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, day if isinstance(value, datetime) else None)
    book.close()


def measured(path, database_url):
    """(seconds, megabytes at the peak) of one import."""
    environment = {**os.environ, "DATABASE_URL": database_url}
    command = [sys.executable, "-c", COMMAND, str(path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=600)
    return json.loads(done.stdout)


def bench_import_of_20000_homes(tmp_path, database_url):
    workbook(tmp_path / "estate.xlsx", HOMES)
    first = measured(tmp_path / "estate.xlsx", database_url)
    assert (Home.objects.count(), Ownership.objects.filter(state=RightState.LIVE).count()) == (HOMES, HOMES)
    second = measured(tmp_path / "estate.xlsx", database_url)
    Home.objects.filter(number="101", building__name="1号楼").update(area=70)
    third = measured(tmp_path / "estate.xlsx", database_url)
    workbook(tmp_path / "anew.xlsx", HOMES)  # the same in other bytes, as if saved again: every row is looked at
    fourth = measured(tmp_path / "anew.xlsx", database_url)
    assert Home.objects.filter(area=70).count() == 0
    print(
        f"\nimport of {HOMES:,} homes with owners on {connection.vendor}: {first[0]:.1f} s, {first[1]:.0f} MB at peak; "
        f"again: {second[0]:.1f} s, {second[0] / first[0]:.2f} of it, {second[1]:.0f} MB; "
        f"again after a change elsewhere: {third[0]:.1f} s, {third[0] / first[0]:.2f} of it, {third[1]:.0f} MB; "
        f"saved anew: {fourth[0]:.1f} s, {fourth[0] / first[0]:.2f} of it, {fourth[1]:.0f} MB"
    )
    assert first[0] < SECONDS
    assert max(first[1], second[1], third[1], fourth[1]) < MEGABYTES
    assert second[0] < first[0] / 3
    comes_out_the_same(tmp_path / "estate.xlsx", tmp_path / "out.xlsx", database_url)


def comes_out_the_same(path, out, database_url):
    """What is taken out has the values that went in, and changes nothing when it comes in again."""
    user, began = StaffFactory(group="Supervisors", everywhere=True), perf_counter()
    with out.open("wb") as file:
        exports.write(file, exports.offered(user), kind="xlsx", user=user)
    seconds = perf_counter() - began
    assert rows_of(out) == rows_of(path)
    measured(out, database_url)
    assert ImportRun.objects.first().changed_nothing
    print(f"the whole workbook taken out in {seconds:.1f} s: same")


def rows_of(path):
    """{sheet: its rows}, whatever their order, without the time zone that the first workbook leaves open."""
    rows, problems = reading.read(path, name=path.name, sheet_code="")
    assert not problems
    plain = {code: [{**row.values, "time_zone": ""} for row in found] for code, found in rows.items()}
    return {code: sorted(tuple(sorted(values.items())) for values in found) for code, found in plain.items()}
