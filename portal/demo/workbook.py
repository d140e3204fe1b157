"""The demonstration's workbook, as a company would send it: `python -m portal.demo.workbook` writes `estate.xlsx`.

`load_demo` writes it anew, with its days counted from the newest Friday, and imports it as any other workbook.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from . import estate, people

FILE = Path(__file__).with_name("estate.xlsx")
FRIDAY = date(2026, 11, 20)  # from which the days of the file that lies here are counted
WRITTEN = {"created": datetime(2026, 11, 20, tzinfo=UTC)}  # so that the same rows make the same file

HEADINGS = {
    "Developments 项目": ("Name in English", "Name in Chinese", "Time zone"),
    "Buildings 楼栋": ("Development", "Name"),
    "House types 户型": ("Development", "Name", "Area in m²"),
    "Homes 房屋": ("Development", "Building", "Number", "House type", "Area in m²"),
    "Owners 业主": ("Customer number", "Name", "Language", "E-mail", "Telephone"),
    "Ownerships 产权关系": ("Customer number", "Development", "Building", "Home number", "Role", "From"),
}


def rows_of(friday):
    """The rows of each sheet, in the order of HEADINGS."""
    return (_developments(), _buildings(), _house_types(), _homes(), _owners(), _ownerships(friday))


def _developments():
    return [(*names, "Asia/Shanghai") for names in estate.DEVELOPMENTS.values()]


def _buildings():
    return [(_development(code), name) for code, name in estate.BUILDINGS.values()]


def _house_types():
    return [
        (_development(code), name, area) for code, sizes in estate.HOUSE_TYPES.items() for name, area in sizes.items()
    ]


def _homes():
    for place in estate.HOMES:
        area = place.area or estate.HOUSE_TYPES[place.development][place.house_type]
        yield _development(place.development), _building(place), place.number, place.house_type, area


def _owners():
    return [(people.customer_no(p.key), p.name, p.language, p.email, p.phone) for p in people.OWNERS]


def _ownerships(friday):
    places = {place.number: place for place in estate.HOMES}
    for tie in people.TIES:
        place, since = places[tie.home], friday + timedelta(days=tie.since)
        where = (_development(place.development), _building(place), place.number)
        yield people.customer_no(tie.owner), *where, str(tie.role), since


def _development(code):
    return estate.DEVELOPMENTS[code][0]


def _building(place):
    return estate.BUILDINGS[place.building][1] if place.building else ""


def write(file, friday):
    """Write the workbook into `file`, a path or an open binary file."""
    with xlsxwriter.Workbook(file) as book:
        book.set_properties(WRITTEN)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for (name, headings), rows in zip(HEADINGS.items(), rows_of(friday), strict=True):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, headings, bold)
            sheet.set_column(0, len(headings) - 1, 20)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows, start=1):
                for place, value in enumerate(row):
                    _write(sheet, number, place, value, day)


def _write(sheet, number, place, value, day):
    if isinstance(value, date):
        sheet.write_datetime(number, place, value, day)
    elif isinstance(value, str):
        sheet.write_string(number, place, value)
    else:
        sheet.write_number(number, place, value)


if __name__ == "__main__":
    write(FILE, FRIDAY)
