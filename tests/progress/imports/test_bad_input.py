"""Each bad workbook gets a clear answer and changes nothing."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from progress.imports import actions, archive
from progress.imports.archive import WorkbookError
from progress.imports.models import ImportRun
from progress.models import Development, Home, Ownership
from tests.factories import NOW
from tests.progress.imports.books import ESTATE, book, imported, previewed, respelt, table

pytestmark = pytest.mark.django_db
SHEET = "xl/worksheets/sheet1.xml"
HOMES = ESTATE["homes"][0]
TIES = ESTATE["ownerships"][0]


def problems(run):
    """(sheet, row, column) of what is wrong, and the reasons."""
    assert run.state == ImportRun.State.REFUSED
    assert not Development.objects.exists()
    return [tuple(problem[:3]) for problem in run.problems], [problem[3] for problem in run.problems]


def message(run):
    """Why the whole file was refused."""
    assert (run.state, run.problems) == (ImportRun.State.REFUSED, [])
    return run.message


def refusal(content, name="estate.xlsx"):
    with pytest.raises(WorkbookError) as caught:
        actions.receive_here(SimpleUploadedFile(name, content), at=NOW)
    return str(caught.value)


def with_homes(*rows, **fields):
    return book(homes=[HOMES, *rows], owners=[("customer_no", "name")], ownerships=[TIES], **fields)


class TestCells:
    def test_formulas_are_refused_where_they_stand(self):
        def formula(made):
            made.get_worksheet_by_name("homes").write_formula("C2", "=100+1", value=101)

        assert problems(previewed(book(change=formula, ownerships=[TIES]))) == (
            [("Homes", 2, "Number")],
            ["This is a formula. Please write its value instead."],
        )

    def test_a_formula_without_a_value_is_one_too(self):
        def formula(made):
            made.get_worksheet_by_name("homes").write_formula("E3", "=A1", value="")

        assert problems(previewed(book(change=formula)))[0] == [("Homes", 3, "Area in m²")]

    def test_errors_in_cells_are_refused(self):
        def error(content):
            return content.replace(b'<c r="E2"><v>89.5</v></c>', b'<c r="E2" t="e"><v>#REF!</v></c>')

        run = previewed(respelt(with_homes(("柳荫", "1号楼", 1, "A", 89.5)), "xl/worksheets/sheet4.xml", error))
        assert problems(run)[1] == ["This cell shows an error instead of a value."]

    def test_merged_cells_are_refused(self):
        def merge(made):
            made.get_worksheet_by_name("buildings").merge_range("A3:A4", "柳荫")

        where, why = problems(previewed(book(change=merge)))
        assert (where[0], why[0]) == (
            ("Buildings", 3, ""),
            "The cells A3:A4 are merged. Please split them and fill in each.",
        )

    def test_a_name_of_5000_characters(self):
        run = previewed(book(owners=[("customer_no", "name"), ("1", "王" * 5000)], ownerships=[TIES]))
        assert problems(run) == ([("Owners", 2, "Name")], ["This has 5000 characters; at most 150 fit."])

    def test_numbers_as_text_and_text_as_numbers(self):
        imported(with_homes(("柳荫", "1号楼", 101.0, "A", "89.50"), ("柳荫", "1号楼", "0102", None, "１２０．５㎡")))
        assert sorted(Home.objects.values_list("number", "area")) == [("0102", 120.5), ("101", 89.5)]

    def test_full_width_digits_are_digits(self):
        imported(
            book(
                buildings=[("development", "name"), ("柳荫", "１号楼")],
                ownerships=[TIES, ("１００１", "柳荫", "１号楼", "１０１", "业主", "２０２６-０３-０１", None)],
            )
        )
        assert Ownership.objects.get().owner.customer_no == "1001"

    @pytest.mark.parametrize(
        ("area", "why"),
        [
            ("large", "“large” is not a number."),
            (-3, "“-3” is too small or too large."),
            ("NaN", "“NaN” is not a number."),
            (1e9, "“1000000000” is too small or too large."),
            (89.555, "“89.555” has more than two decimals."),
            (True, "“True” is not text. Please format the cell as text."),
        ],
    )
    def test_an_area_that_is_none(self, area, why):
        assert problems(previewed(with_homes(("柳荫", "1号楼", 1, "A", area)))) == ([("Homes", 2, "Area in m²")], [why])

    @pytest.mark.parametrize(
        ("day", "why"),
        [
            ("31.02.", "“31.02.” is not a date. Please write it as 2026-02-28."),
            ("2026-02-31", "“2026-02-31” is no day of the calendar."),
            ("soon", "“soon” is not a date. Please write it as 2026-02-28."),
            (46082, "“46082” is a number. If it stands for 2026-03-01, please write it so."),
            ("1492-10-12", "“1492-10-12” lies too far away."),
            (7, "“7” is not a date. Please write it as 2026-02-28."),
        ],
    )
    def test_a_date_that_is_none(self, day, why):
        run = previewed(book(ownerships=[TIES, (1001, "柳荫", "1号楼", 101, "owner", day, None)]))
        assert problems(run) == ([("Ownerships", 2, "From")], [why])

    def test_a_day_is_taken_from_a_cell_formatted_as_one(self):
        imported(book(ownerships=[TIES, (1001, "柳荫", "1号楼", 101, "owner", datetime(2026, 3, 1, 15), "20270101")]))  # noqa: DTZ001
        assert [str(day) for day in Ownership.objects.values_list("since", "until").get()] == [
            "2026-03-01",
            "2027-01-01",
        ]

    @pytest.mark.parametrize(
        ("place", "value", "column", "why"),
        [
            (2, "Klingon", "Language", "“Klingon” is not known here. Please write one of: en, zh-hans."),
            (3, "nobody", "E-mail", "“nobody” is not an e-mail address."),
            (4, "12", "Telephone", "“12” is not a telephone number."),
            (1, "two\nlines", "Name", "Please write this in one line, without invisible characters."),
            (1, "=cmd()", "Name", "This is a formula. Please write its value instead."),
        ],
    )
    def test_an_owner_who_cannot_be(self, place, value, column, why):
        row = ["1", "王芳", "", "", ""]
        row[place] = value
        run = previewed(book(owners=[ESTATE["owners"][0], row], ownerships=[TIES]))
        assert problems(run) == ([("Owners", 2, column)], [why])


class TestRows:
    def test_duplicate_rows(self):
        where, why = problems(previewed(with_homes(("柳荫", "1号楼", 1), ("Willow Court", "１号楼", "１"))))
        assert (where, why) == ([("Homes", 3, "Number")], ["This row is there twice; the first is row 2."])

    def test_unknown_places(self):
        where, why = problems(
            previewed(with_homes(("Elm Court", None, 1), ("柳荫", "9号楼", 1), ("柳荫", "1号楼", 1, "Z")))
        )
        assert where == [("Homes", 2, "Development"), ("Homes", 3, "Building"), ("Homes", 4, "House type")]
        assert why == [
            "There is no development “Elm Court”.",
            "There is no building “9号楼” in this development.",
            "There is no house type “Z” in this development.",
        ]

    def test_a_home_that_stands_in_itself(self):
        assert problems(previewed(with_homes(("柳荫", "101", "101"))))[0] == [("Homes", 2, "Building")]

    def test_ownerships_of_nobody_and_of_nothing(self):
        rows = [("77", "柳荫", "1号楼", 101, "owner", "2026-01-01"), (1001, "柳荫", None, 101, "owner", "2026-01-01")]
        assert problems(previewed(book(ownerships=[TIES, *rows])))[0] == [
            ("Ownerships", 2, "Customer number"),
            ("Ownerships", 3, "Home number"),
        ]

    def test_an_end_before_the_beginning(self):
        run = previewed(book(ownerships=[TIES, (1001, "柳荫", "1号楼", 101, "owner", "2026-03-01", "2026-02-01")]))
        assert problems(run) == ([("Ownerships", 2, "Until")], ["This ends before it begins."])

    def test_twice_in_a_home_at_the_same_time(self):
        place = (1001, "柳荫", "1号楼", 101, "owner")
        run = previewed(book(ownerships=[TIES, (*place, "2026-03-01"), (*place, "2026-05-01")]))
        assert problems(run)[1] == ["This customer has belonged to the home since 2026-03-01. Please end that first."]

    def test_all_are_counted_and_the_first_shown(self):
        run = previewed(with_homes(*(("Elm Court", None, n) for n in range(450))))
        assert (run.problem_count, len(run.problems)) == (450, 200)


class TestSheets:
    def test_a_missing_column(self):
        run = previewed(book({"homes": [("development", "building"), ("柳荫", "1号楼")]}))
        assert problems(run) == ([("Homes", 1, "Number")], ["This column is missing."])

    def test_an_unknown_column(self):
        run = previewed(book({"developments": [("name_en", "Price"), ("Willow Court", 5)]}))
        assert problems(run)[0] == [("Developments", 1, "Price")]

    def test_a_column_that_is_there_twice(self):
        run = previewed(book({"developments": [("name_en", "Name in English"), ("Willow Court", 5)]}))
        assert problems(run) == ([("Developments", 1, "Name in English")], ["This column is there twice."])

    def test_a_cell_beside_the_columns(self):
        run = previewed(book({"developments": [("name_en",), ("Willow Court", None, "see below")]}))
        assert problems(run) == ([("Developments", 2, "")], ["This cell stands in a column without a heading."])

    def test_an_unknown_sheet(self):
        where, why = problems(previewed(book({"Prices": [("home", "price"), (1, 2)]})))
        assert (where, why[0].startswith("This sheet is not known.")) == ([("Prices", None, "")], True)

    def test_an_empty_workbook(self):
        assert message(previewed(book({"homes": []}))) == "This workbook has no rows."

    def test_a_required_cell_left_empty(self):
        run = previewed(book({"owners": [("customer_no", "name"), ("1", " \u3000")]}))
        assert problems(run) == ([("Owners", 2, "Name")], ["Please fill this in."])

    def test_a_thousand_empty_cells_in_a_row_are_none(self):
        def widened(content):
            more = b"".join(b"<c/>" for _each in range(1000)) + b'<c r="ZZ1"/><c r="AAA1" s="1"/>'
            return content.replace(b"</row>", more + b"</row>", 1)

        imported(respelt(book(), SHEET, widened))
        assert Development.objects.count() == 1

    def test_a_cell_beside_them_is_found_where_it_stands(self):
        def skipping(content):
            return content.replace(b"</row>", b'<c r="D1"/><c r="F1"><f>1+1</f><v>2</v></c></row>', 1)

        run = previewed(respelt(book({"developments": ESTATE["developments"]}), SHEET, skipping))
        assert run.state == ImportRun.State.REFUSED


class TestFiles:
    def test_200_mb_are_refused_unread(self):
        upload = SimpleUploadedFile("estate.xlsx", b"PK")
        upload.size = 200 * archive.MEGABYTE
        with pytest.raises(WorkbookError, match="larger than 25 MB"):
            actions.receive_here(upload, at=NOW)

    @pytest.mark.parametrize(
        ("head", "why"),
        [
            (b"", "This file is empty."),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file, or one with a password"),
            (b"%PDF-1.7", "not a workbook"),
            (b"\x89PNG\r\n", "not a workbook"),
        ],
    )
    def test_another_kind_of_file_renamed(self, head, why):
        assert why in refusal(head)

    @pytest.mark.parametrize(
        ("member", "why"), [("content.xml", "OpenDocument"), ("word/document.xml", "not a workbook")]
    )
    def test_another_kind_of_archive(self, member, why):
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr(member, "<a/>")
        assert why in message(previewed(buffer.getvalue()))

    def test_a_zip_bomb(self):
        bomb = respelt(book(), SHEET, lambda xml: xml + b" " * 40 * archive.MEGABYTE)
        assert len(bomb) < archive.MEGABYTE
        assert "unpacks to far more" in message(previewed(bomb))

    def test_a_bomb_that_lies_about_its_size(self, monkeypatch):
        monkeypatch.setattr(archive, "MAX_RATIO", 100_000)
        bomb = bytearray(respelt(book(), SHEET, lambda xml: xml + b" " * 40 * archive.MEGABYTE))
        with zipfile.ZipFile(BytesIO(bytes(bomb))) as made:
            size = made.getinfo(SHEET).file_size
        while (at := bomb.find(size.to_bytes(4, "little"))) >= 0:
            bomb[at : at + 4] = (1000).to_bytes(4, "little")
        assert "damaged" in message(previewed(bytes(bomb)))

    def test_too_much_to_unpack_although_it_is_packed_badly(self, monkeypatch):
        monkeypatch.setattr(archive, "MAX_UNPACKED", 2000)
        assert "unpacks to far more" in message(previewed())

    def test_one_long_text_in_many_cells(self, monkeypatch):
        monkeypatch.setattr(archive, "MAX_TEXT_OF_ALL", 50_000)
        rows = [("1", "王" * 20_000), ("2", "王" * 20_000), ("3", "王" * 20_000)]
        assert "unpacks to far more" in message(previewed(book({"owners": [("customer_no", "name"), *rows]})))

    def test_entities_are_refused(self):
        def entity(xml):
            return xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)

        assert "unpacks to far more" in message(previewed(respelt(book(), SHEET, entity)))

    def test_a_cell_at_the_far_end(self):
        def far(made):
            made.get_worksheet_by_name("homes").write("XFD1048576", "x")

        assert "has cells beyond row 100,000 or column 200" in message(previewed(book(change=far)))

    @pytest.mark.parametrize("cut", [30, 2000, -10])
    def test_a_file_cut_short(self, cut):
        assert "damaged" in message(previewed(book()[:cut]))

    def test_xml_that_is_none(self):
        assert "damaged" in message(previewed(respelt(book(), SHEET, lambda xml: xml[:-40])))

    def test_a_reader_that_panics(self, monkeypatch):
        class PanicException(BaseException):
            pass

        class Panicking:
            @staticmethod
            def from_path(path):
                raise PanicException("index out of bounds")

        monkeypatch.setattr("progress.imports.workbook.CalamineWorkbook", Panicking)
        assert "damaged" in message(previewed())


class TestCsv:
    ROWS = (("项目", "楼栋", "房号"), ("柳荫", "", "7"))

    @pytest.fixture
    def development(self):
        return Development.objects.create(name_zh="柳荫")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
    def test_in_any_encoding_that_excel_writes(self, development, encoding):
        imported(table(*self.ROWS, encoding=encoding), name="homes.csv")
        assert Home.objects.get().number == "7"

    @pytest.mark.parametrize("delimiter", [b";", b"\t"])
    def test_with_any_delimiter(self, development, delimiter):
        imported(table(*self.ROWS).replace(b",", delimiter), name="房屋.csv")
        assert Home.objects.get().number == "7"

    def test_under_another_name_the_sheet_is_chosen(self, development):
        assert "A CSV file is one sheet" in message(previewed(table(*self.ROWS), name="list.csv"))
        imported(table(*self.ROWS), name="list.csv", sheet_code="homes")

    def test_formulas_are_refused(self):
        run = previewed(table(("name_en",), ("=1+1",)), name="developments.csv")
        assert problems(run)[1] == ["This is a formula. Please write its value instead."]

    @pytest.mark.parametrize("content", [b"name_en\n\xff\xff\xff", b"name_en\na\0b"])
    def test_bytes_that_are_no_text(self, content):
        assert "not a workbook" in message(previewed(content, name="developments.csv"))

    def test_an_open_quotation_mark(self):
        assert "quotation mark is open" in message(previewed(b'name_en\n"abc', name="developments.csv"))

    def test_a_cell_without_end(self):
        assert "far too long" in message(previewed(b"name_en\n" + b"a" * 200_000, name="developments.csv"))
