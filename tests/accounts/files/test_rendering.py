"""Documents of ours: what a reader's machine finds in them, and what never gets in."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from PIL import ImageFile
from pypdf import PdfReader

from accounts.files import rendering
from accounts.files.models import PrivateFile
from accounts.files.printing import print_pdf
from accounts.files.rendering import RenderError, pdf_ahead, render_pdf

from .pictures import encoded, picture
from .test_actions import stored_names

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def photos_are_not_patched_up():
    """WeasyPrint has Pillow do so from its import on. Only the process that prints may, not the tests after these."""
    yield
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def page(content, lang="zh-Hans", foot="脚注"):
    with translation.override(lang.lower()):
        frame = render_to_string("pdf/base.html", {"company": {"name": "檐下"}})
    return frame.replace("</body>", f"{content}</body>").replace("<title>", f"<title>{foot}")


@pytest.fixture(scope="module")
def whole():
    """One document, printed for real."""
    content = '<h1>门窗与直骨</h1><h2>照片</h2><p><img alt="窗" width="64" src="photo:one"></p><p>今</p>'
    return render_pdf(page(content), images={"one": encoded(picture())}, at=AT)


class TestWhatIsPrinted:
    def test_it_is_tagged_and_says_that_it_is_accessible(self, whole):
        root = PdfReader(BytesIO(whole)).root_object
        assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "zh-Hans")
        assert PdfReader(BytesIO(whole)).metadata.title == "脚注"
        assert re.search(rb'pdfuaid:part(="|>)1["<]', root["/Metadata"].get_object().get_data())
        assert "/StructTreeRoot" in root

    def test_its_headings_are_bookmarks(self, whole):
        assert [each.title for each in PdfReader(BytesIO(whole)).outline] == ["门窗与直骨", "照片"]

    def test_chinese_has_simplified_glyphs_in_the_margins_too(self, whole):
        found = {
            font["/BaseFont"].partition("+")[2]
            for sheet in PdfReader(BytesIO(whole)).pages
            for font in sheet["/Resources"]["/Font"].values()
        }
        assert {name for name in found if "CJK" not in name or "SC" not in name} == set()
        assert found

    def test_no_text_is_missing(self, whole):
        text = PdfReader(BytesIO(whole)).pages[0].extract_text()
        assert [word for word in ("门窗与直骨", "照片", "今", "檐下", "1 / 1") if word not in text] == []

    def test_the_photo_is_in_it_and_the_time(self, whole):
        reader = PdfReader(BytesIO(whole))
        assert [len(sheet.images) for sheet in reader.pages] == [1]
        assert reader.metadata.creation_date == AT

    def test_it_is_kept_as_a_private_file(self, transactional_db, whole):
        with pdf_ahead(whole, name="leaflet", by=None) as row:
            pass
        row = PrivateFile.objects.get()
        assert (row.content_type, row.pages, row.size) == ("application/pdf", 1, len(whole))
        with row.file.open() as stored:
            assert stored.read() == whole

    def test_when_the_row_is_not_written_no_bytes_stay(self, transactional_db, whole):
        with pytest.raises(ZeroDivisionError), pdf_ahead(whole, name="leaflet", by=None):
            raise ZeroDivisionError
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        '<img alt="" src="file:///etc/passwd">',
        '<p style="background: url(file:///etc/passwd)">.',
        '<img alt="" src="http://127.0.0.1:9/x.png">',
        '<img alt="" src="data:image/png;base64,AAAA">',
        '<img alt="" src="x.png">',
        '<base href="file:///etc/"><img alt="" src="passwd">',
        "<style>@import url(http://127.0.0.1:9/x.css);</style>",
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>.",
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<a rel="attachment" href="file:///etc/passwd">.</a>',
        '<object data="file:///etc/passwd">.</object>',
        '<img alt="" src="photo:unknown">',
        '<img alt="" src="photo:drawing">',
        '<img alt="" src="photo:broken">',
        '<img alt="" src="asset:ui/art/unknown.svg">',
        '<img src="photo:sound">',
        "<title> </title>",
    ],
)
def test_a_document_fails_rather_than_reach_out_or_leave_something_out(content):
    files = {"photo:drawing": b"<svg/>", "photo:broken": b"\xff\xd8\xff..", "photo:sound": encoded(picture())}
    with pytest.raises(BaseException, match="not part of the job|Relative URI|Failed to load|no required alt|no title"):
        print_pdf(f'<html lang="en">{content}<title>.</title></html>', files, made="2026-11-22")


class TestTheProcess:
    def test_says_why_it_failed(self):
        with pytest.raises(RenderError, match="not part of the job: file:///etc/passwd"):
            render_pdf(page('<img alt="" src="file:///etc/passwd">'), at=AT)

    def test_is_killed_when_it_takes_too_long(self, monkeypatch):
        monkeypatch.setattr(rendering, "PATIENCE", 0.3)
        with pytest.raises(RenderError, match="longer than"):
            render_pdf(page("<table>" + "<tr><td>1<td>2<td>3" * 20_000 + "</table>"), at=AT)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("bytearray(2 * 1024 ** 3)", "MemoryError"),
            ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
            ("import subprocess; subprocess.run(['true'])", "PermissionError"),
            ("import resource; sys.exit(str(resource.getrlimit(resource.RLIMIT_CPU)))", "(60, 60)"),
            ("import os; sys.exit(str(sorted(os.environ)))", "['LANG', 'PATH']"),
        ],
        ids=["memory", "network", "programs", "time", "surroundings"],
    )
    def test_can_do_nothing_but_reckon(self, monkeypatch, line, words):
        run = subprocess.run
        begin = ["-c", f"import sys; from accounts.files.printing import limit; limit(); {line}"]

        def instead(command, **options):
            return run([sys.executable, *begin], **options)

        monkeypatch.setattr(rendering, "NEEDED", ("PATH",))
        monkeypatch.setenv("DATABASE_URL", "postgres://secret@host/name")
        monkeypatch.setattr(rendering.subprocess, "run", instead)
        with pytest.raises(RenderError, match=re.escape(words)):
            render_pdf(page("."), at=AT)


def test_a_document_without_its_language_is_refused():
    with pytest.raises(RenderError, match="no lang"):
        render_pdf("<html><p>门</html>", at=AT)


def test_a_photo_has_no_address_for_a_name():
    with pytest.raises(RenderError, match="is called by"):
        render_pdf(page("."), images={"../a": b""}, at=AT)


def test_no_module_loads_the_printer_at_once():
    """It takes a second and a half, which web processes need not spend."""
    at_once = re.compile(r"^(?:from|import) (?:weasyprint|pypdf)", re.MULTILINE)
    modules = [
        path
        for app in ("accounts", "progress", "cms", "portal/home", "portal/desk")
        for path in Path(app).rglob("*.py")
    ]
    assert [str(path) for path in modules if at_once.search(path.read_text())] == []
