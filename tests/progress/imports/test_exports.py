"""What goes out: the same as came in, and nothing that a spreadsheet would run."""

import zipfile
from datetime import date
from io import BytesIO
from itertools import product

import pytest
from python_calamine import CalamineWorkbook

from accounts.models import Address, Owner
from progress.imports import exports, sheets
from progress.imports.cells import RISKY, neutral, plain
from progress.models import Development, Home, Ownership, RightState
from tests.factories import (
    TODAY,
    BuildingFactory,
    DevelopmentFactory,
    HomeFactory,
    HouseTypeFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
)
from tests.progress.imports.books import counts, imported, previewed

pytestmark = pytest.mark.django_db
CODES = ["developments", "buildings", "house_types", "homes", "owners", "ownerships"]
ALL_CODES = [*CODES, "materials"]  # which the workbook of these tests leaves empty


@pytest.fixture
def reader(db):
    return StaffFactory(group="Supervisors", everywhere=True)


@pytest.fixture
def taken_out(reader):
    """A function that returns the bytes of these sheets as the reader takes them out; without codes, of all."""

    def write(*codes, kind="xlsx"):
        buffer = BytesIO()
        exports.write(buffer, [sheets.get(code) for code in codes or CODES], kind=kind, user=reader)
        return buffer.getvalue()

    return write


def cells(content):
    """{sheet: rows} of an XLSX."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {sheets.called(name).code: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def all_left(run):
    return {code for code, (created, changed, _left) in counts(run).items() if created or changed} == set()


class TestRoundTrip:
    def test_every_sheet_of_the_workbook_goes_out(self, reader):
        assert [sheet.code for sheet in exports.offered(reader)] == ALL_CODES == [s.code for s in sheets.registered()]

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_each_sheet_comes_in_again_and_changes_nothing(self, taken_out, kind):
        imported()
        expected = dict.fromkeys(["developments", "buildings", "house_types"], 1) | {"homes": 3, "owners": 2}
        for code in CODES:
            run = imported(taken_out(code, kind=kind), name=f"{code}.{kind}")
            assert counts(run) == {code: (0, 0, expected.get(code, 3))}

    def test_the_whole_workbook_comes_in_again_and_changes_nothing(self, taken_out):
        imported()
        run = imported(taken_out())
        assert (all_left(run), run.changed_nothing, list(counts(run))) == (True, True, CODES)

    def test_into_an_empty_portal_it_makes_the_same_estate(self, taken_out):
        imported()
        before = taken_out()
        for model in (Ownership, Address, Owner, Home):
            model.objects.all().delete()
        Development.objects.get().house_types.all().delete()
        Development.objects.get().buildings.all().delete()
        Development.objects.all().delete()
        run = imported(before)
        assert {code: made for code, (made, _changed, _left) in counts(run).items()}["homes"] == 3
        assert cells(taken_out()) == cells(before)

    def test_places_that_share_a_name_keep_their_homes(self, taken_out):
        for number, name in enumerate(("甲", "乙")):
            development = DevelopmentFactory(name_en="Willow Court", name_zh=name)
            HomeFactory(building=BuildingFactory(development=development, name="1"), number=f"{number}")
            HouseTypeFactory(development=development, name="A", area="89.50")
        run = imported(taken_out())
        assert (all_left(run), counts(run)["homes"]) == (True, (0, 0, 2))

    @pytest.mark.parametrize("name", ["A  B", "'=1", "''-", "'quoted'", "0012", "1e5", "２号", "true"])
    def test_odd_names_come_out_as_they_are(self, taken_out, name):
        OwnershipFactory(owner__name=name, home__number=name, home__building__name=name + ".")
        assert all_left(imported(taken_out()))

    def test_one_who_came_back_on_the_day_of_leaving_is_taken_out_once(self, taken_out):
        now = OwnershipFactory(since=TODAY)
        OwnershipFactory(home=now.home, owner=now.owner, since=TODAY, until=TODAY, state=RightState.ENDED)
        assert len(cells(taken_out("ownerships"))["ownerships"]) == 2
        assert all_left(imported(taken_out()))

    def test_rights_that_are_over_stay_over(self, taken_out):
        OwnershipFactory(former=True)
        assert all_left(imported(taken_out()))
        assert Ownership.objects.get().state == RightState.ENDED

    def test_the_form_is_that_of_the_template(self, taken_out):
        imported()
        buffer = BytesIO()
        exports.write_template(buffer)
        template = CalamineWorkbook.from_filelike(BytesIO(buffer.getvalue()))
        whole = CalamineWorkbook.from_filelike(BytesIO(taken_out(*ALL_CODES)))
        assert whole.sheet_names == template.sheet_names[:-1]
        for name in whole.sheet_names:
            rows = [book.get_sheet_by_name(name).to_python() for book in (whole, template)]
            assert rows[0][0] == rows[1][0]


class TestNeutral:
    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "'=1+1"])
    def test_what_a_spreadsheet_would_run_is_neutralised(self, taken_out, name):
        OwnershipFactory(owner__name=name, owner__customer_no="1")
        assert f",'{name},".encode() in taken_out("owners", kind="csv")
        assert cells(taken_out("owners"))["owners"][1][1] == f"'{name}"
        assert counts(imported(taken_out("owners", kind="csv"), name="owners.csv")) == {"owners": (0, 0, 1)}

    def test_the_import_takes_away_the_mark_that_the_export_made(self):
        texts = {" ".join("".join(signs).split()) for signs in product("'=-＝@a 1", repeat=4)} - {""}
        assert [text for text in texts if neutral(text).startswith(RISKY) or plain(neutral(text)) != text] == []

    @pytest.mark.parametrize("sign", ["\t", "\r"])
    def test_signs_before_a_formula_are_neutralised_too(self, taken_out, sign):
        Owner.objects.create(name=f"{sign}=1", customer_no="1")
        assert f"'{sign}=1".encode() in taken_out("owners", kind="csv")

    def test_a_workbook_has_no_formulas_and_no_links(self, taken_out):
        HomeFactory(number="=1+1")
        OwnershipFactory(owner__name="https://example.com")
        with zipfile.ZipFile(BytesIO(taken_out())) as book:
            pages = b"".join(book.read(f"xl/worksheets/sheet{n}.xml") for n in range(1, 7))
        assert [word for word in (b"<f>", b"<hyperlink") if word in pages] == []


def test_csv_says_that_it_is_utf_8(taken_out):
    assert taken_out("homes", kind="csv").startswith(b"\xef\xbb\xbf")


def test_days_and_amounts_are_none_of_text(taken_out):
    OwnershipFactory(since=date(2026, 3, 1), home__area="89.50")
    out = cells(taken_out())
    assert (out["ownerships"][1][5], out["homes"][1][4]) == (date(2026, 3, 1), 89.5)


def test_a_proved_address_comes_first(taken_out):
    owner = OwnerFactory(user=None)
    Address.objects.create(owner=owner, channel="email", value="old@example.com")
    Address.objects.create(owner=owner, channel="email", value="new@example.com", verified_at="2026-01-01T00:00Z")
    assert b"new@example.com" in taken_out("owners", kind="csv")


@pytest.mark.parametrize("code", CODES)
def test_three_rows_cost_as_many_queries_as_one(code, reader, django_assert_num_queries):
    sheet = sheets.get(code)
    expected = {"developments": 1, "owners": 2}.get(code, 2)
    for many in (1, 3):
        OwnershipFactory.create_batch(many)
        with django_assert_num_queries(expected):
            list(sheet.table.exported(sheet.table.model.objects.all()))


@pytest.mark.parametrize("code", CODES)
def test_only_rows_of_ones_own_developments_go_out(code):
    ours, theirs = OwnershipFactory(), OwnershipFactory()
    for tie in (ours, theirs):
        HouseTypeFactory(development=tie.home.development)
    sheet = sheets.get(code)
    user = StaffFactory(group="Supervisors", development=ours.home.development)
    found = exports.rows_for(sheet, user)
    assert found.count() == 1
    assert sheet.table.model.objects.count() == 2


def test_what_one_merely_owns_does_not_go_out():
    tie = OwnershipFactory(owner__user=StaffFactory(group="Supervisors", development=DevelopmentFactory()))
    assert not exports.rows_for(sheets.get("ownerships"), tie.owner.user).exists()


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
