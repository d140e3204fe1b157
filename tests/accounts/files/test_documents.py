"""What is taken for a document, and what is not."""

import subprocess

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory

from accounts.files import documents
from accounts.files.actions import discard, store_document, sweep_files
from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.documents import Document, read_document
from accounts.files.forms import DocumentField, DocumentsField
from accounts.files.images import Photo
from accounts.files.models import PrivateFile, private_storage
from accounts.files.uploadhandler import (
    CappedUploadHandler,
    StoppedUpload,
    takes_documents,
    takes_one_file,
    takes_photos,
)

from .papers import paper, pdf, written
from .pictures import photo, upload

MEGABYTE = 1024 * 1024


def refused(uploaded):
    with pytest.raises(FileError) as error:
        read_document(uploaded)
    return str(error.value)


def test_a_pdf_is_kept_as_it_came_with_its_pages(db):
    content = pdf(pages=3)
    row = store_document(paper(content=content), by=None)
    row.refresh_from_db()
    assert (row.content_type, row.pages, row.size) == ("application/pdf", 3, len(content))
    with private_storage().open(row.file.name) as stored:
        assert stored.read() == content


def test_a_picture_is_made_anew_like_any_photo(db):
    row = store_document(photo("scan.png"), by=None)
    assert (row.content_type, row.width, row.pages) == ("image/jpeg", 64, None)
    assert isinstance(read_document(photo()), Photo)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pdf(password="secret"), "protected with a password"),
        (pdf(script="app.alert(1)"), "scripts or other files inside"),
        (pdf(attachment=b"MZ"), "scripts or other files inside"),
        (pdf(launch="cmd.exe"), "scripts or other files inside"),
        (pdf(script="app.alert(1)").replace(b"/JavaScript", b"/J#61vaScript"), "scripts or other files inside"),
        (pdf() + b"\n9 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj\n", "scripts or other files inside"),
        (pdf(pages=0), "damaged or incomplete"),
        (b"%PDF-1.7\n" + b"\x00" * 400, "damaged or incomplete"),
        (pdf()[:200], "damaged or incomplete"),
        (b"", "is empty"),
        (b"<html><script>alert(1)</script></html>", "neither a PDF nor a picture"),
        (b"PK\x03\x04" + b"\x00" * 60, "neither a PDF nor a picture"),
        (b"MZ" + b"\x00" * 200, "neither a PDF nor a picture"),
    ],
    ids=[
        *("encrypted", "script", "attachment", "launch", "escaped name", "object outside the table", "no page"),
        *("zeros", "half", "empty", "html", "zip", "program"),
    ],
)
def test_a_bad_document_is_refused_by_name(content, words):
    why = refused(paper(content=content))
    assert why.startswith("“3-1102 Contract.pdf”")
    assert words in why


ROOT, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


@pytest.mark.parametrize(
    "objects",
    [
        (ROOT, PAGES, b"<< /Type /Page /Parent 2 0 R >>", b"[" * 60_000 + b"]" * 60_000),
        (ROOT, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        (ROOT, b"<< /Type /Pages /Kids [] /Count 99999999 >>"),
        (ROOT, PAGES, *[b"<< >>"] * 201_000),
    ],
    ids=["nested without end", "pages in a circle", "pages that are not there", "too many objects"],
)
def test_a_pdf_built_to_exhaust_its_reader_is_refused(objects):
    assert "damaged" in refused(paper(content=written(*objects)))


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    def slow(*args, timeout, **kwargs):
        raise subprocess.TimeoutExpired(args, timeout)

    monkeypatch.setattr(documents.subprocess, "run", slow)
    assert "damaged" in refused(paper())


def test_a_document_over_50_mb_is_refused_before_it_is_looked_at(monkeypatch):
    monkeypatch.setattr(documents, "real_type", lambda head: pytest.fail("looked at"))
    large = paper()
    large.size = 50 * MEGABYTE + 1
    assert "larger than 50 MB" in refused(large)


class TestHandler:
    """Of a document of 300 MB nothing is kept beyond what the view takes."""

    @pytest.fixture
    def handler(self, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

        def made(view):
            request = RequestFactory().post("/")
            request.resolver_match = type("Match", (), {"func": staticmethod(view)})
            handler = CappedUploadHandler(request)
            handler.handle_raw_input(None, {}, 300 * MEGABYTE, b"")
            handler.new_file("document", "plan.pdf", "application/pdf", None)
            return handler

        return made

    def sent(self, handler, megabytes):
        for start in range(megabytes):
            handler.receive_data_chunk(b"%PDF" + b"\0" * (MEGABYTE - 4), start * MEGABYTE)
        return handler.file_complete(megabytes * MEGABYTE)

    def test_a_document_of_300_mb_is_stopped_and_refused(self, handler, tmp_path):
        stopped = self.sent(handler(takes_documents(lambda request: None)), 300)
        assert isinstance(stopped, StoppedUpload)
        assert "larger than 50 MB" in refused(stopped)
        assert list(tmp_path.iterdir()) == []

    def test_a_view_for_documents_takes_more_than_one_for_photos(self, handler):
        assert isinstance(self.sent(handler(takes_photos(lambda request: None)), 40), StoppedUpload)
        taken = self.sent(handler(takes_documents(lambda request: None)), 40)
        assert taken.size == 40 * MEGABYTE
        taken.close()

    def test_a_view_for_neither_reads_nothing_of_it(self, handler):
        with pytest.raises(RequestDataTooBig):
            handler(lambda request: None)

    def test_a_view_for_one_file_takes_no_second(self, handler):
        made = handler(takes_one_file(lambda request: None))
        assert not made.stopped
        made.new_file("document", "second.pdf", "application/pdf", None)
        assert made.stopped


def test_a_field_names_what_is_wrong():
    field = DocumentField()
    assert isinstance(field.clean(paper()).checked, Document)
    with pytest.raises(Exception, match="protected with a password"):
        field.clean(paper(password="secret"))


def test_a_bad_file_among_many_does_not_stop_the_others():
    good, bad = DocumentsField().clean([paper("a.pdf"), paper("b.pdf", password="secret")])
    assert (good.name, good.problem, bad.checked) == ("a.pdf", "", None)
    assert bad.problem.startswith("“b.pdf” is protected")


def test_too_many_files_at_once_are_refused():
    with pytest.raises(Exception, match="at most 30 files"):
        DocumentsField().clean([upload(b"x")] * 31)


def test_a_pdf_is_saved_and_never_shown(db, rf):
    row = store_document(paper(), by=None)
    response = deliver(rf.get("/"), row, name="合同 2026")
    response.close()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%90%88")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_discarded_document_loses_its_bytes_and_the_sweep_keeps_the_others(
    db, django_capture_on_commit_callbacks, monkeypatch
):
    kept, gone = store_document(paper(), by=None), store_document(paper(pages=2), by=None)
    name = gone.file.name
    with django_capture_on_commit_callbacks(execute=True):
        discard(gone)
    monkeypatch.setattr("accounts.files.actions._modified_before", lambda name, moment: True)
    sweep_files(kept.created_at)
    assert (private_storage().exists(kept.file.name), private_storage().exists(name)) == (True, False)
    assert PrivateFile.objects.get(pk=kept.pk).deleted_at is None
