"""What goes out: the same as came in, and nothing that a spreadsheet would run."""

import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import Address, Owner
from progress.imports import exports, sheets
from progress.models import Home, Ownership
from tests.factories import HomeFactory, OwnerFactory, OwnershipFactory
from tests.progress.imports.books import counts, imported, previewed

pytestmark = pytest.mark.django_db


def as_csv(code):
    return "".join(exports.csv_lines(code, exports.MODELS[code].objects.all())).encode()


def as_xlsx(code):
    buffer = BytesIO()
    exports.write_xlsx(buffer, code, exports.MODELS[code].objects.all())
    return buffer.getvalue()


def cells(content):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(("write", "ending"), [(as_csv, "csv"), (as_xlsx, "xlsx")])
def test_what_went_in_comes_out_the_same(write, ending):
    imported()
    for code, number in (("homes", 3), ("owners", 2), ("ownerships", 3)):
        assert counts(imported(write(code), name=f"{code}.{ending}")) == {code: (0, 0, number)}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_what_a_spreadsheet_would_run_is_neutralised(name):
    OwnerFactory(name=name, customer_no="1", user=None)
    assert f",'{name},".encode() in as_csv("owners")
    assert cells(as_xlsx("owners"))[1][1] == f"'{name}"
    assert counts(imported(as_csv("owners"), name="owners.csv")) == {"owners": (0, 0, 1)}


@pytest.mark.parametrize("sign", ["\t", "\r"])
def test_signs_before_a_formula_are_neutralised_too(sign):
    Owner.objects.create(name=f"{sign}=1", customer_no="1")
    assert f"'{sign}=1".encode() in as_csv("owners")


def test_csv_says_that_it_is_utf_8():
    assert as_csv("homes").startswith(b"\xef\xbb\xbf")


def test_a_workbook_has_no_formulas_and_no_links():
    HomeFactory(number="=1+1")
    OwnershipFactory(owner__name="https://example.com")
    for code in exports.MODELS:
        with zipfile.ZipFile(BytesIO(as_xlsx(code))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert [word for word in (b"<f>", b"<hyperlink") if word in sheet] == []


def test_a_proved_address_comes_first():
    owner = OwnerFactory(user=None)
    Address.objects.create(owner=owner, channel="email", value="old@example.com")
    Address.objects.create(owner=owner, channel="email", value="new@example.com", verified_at="2026-01-01T00:00Z")
    assert b"new@example.com" in as_csv("owners")


@pytest.mark.parametrize("code", ["homes", "owners", "ownerships"])
def test_three_rows_cost_as_many_queries_as_one(code, django_assert_num_queries):
    expected = 2 if code == "owners" else 1
    for many in (1, 3):
        OwnershipFactory.create_batch(many)
        with django_assert_num_queries(expected):
            as_csv(code)


class TestTemplate:
    def template(self):
        buffer = BytesIO()
        exports.write_template(buffer)
        return buffer.getvalue()

    def test_it_has_a_sheet_of_each_kind_that_the_import_knows(self):
        book = CalamineWorkbook.from_filelike(BytesIO(self.template()))
        *names, notes = book.sheet_names
        assert [sheets.called(name) for name in names] == sheets.registered()
        assert notes == "Notes 说明"
        for name in names:
            sheet = sheets.called(name)
            heading = book.get_sheet_by_name(name).to_python()[0]
            assert [sheets.column_called(sheet, word) for word in heading] == list(sheet.columns)

    def test_empty_it_is_refused_as_empty(self):
        run = previewed(self.template())
        assert run.message == "This workbook has no rows."
        assert (Home.objects.count(), Ownership.objects.count()) == (0, 0)
