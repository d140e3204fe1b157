"""Long files that we write ourselves: nobody waits while their bytes are stored, and none are left without a row."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.files.checks import FileError
from accounts.files.models import PrivateFile, private_storage
from accounts.files.workbooks import workbook_ahead
from accounts.privacy import downloads
from accounts.privacy.models import Download
from progress.imports import export_actions, sheets
from progress.imports.models import ExportRun
from tests.factories import NOW, OwnershipFactory, StaffFactory

from .test_actions import stored_names


def book():
    return ContentFile(b"a long book", name="book.xlsx")


@pytest.fixture
def in_transaction(monkeypatch):
    """Whether a transaction was open, each time that bytes were stored."""
    seen, save = [], private_storage().save

    def saved(name, content):
        seen.append(connection.in_atomic_block)
        return save(name, content)

    monkeypatch.setattr(private_storage(), "save", saved)
    return seen


def test_the_bytes_are_there_before_the_row(transactional_db, in_transaction):
    with workbook_ahead(book(), by=None) as row:
        assert connection.in_atomic_block
    found = PrivateFile.objects.get()
    with found.file.open() as stored:
        assert (found, stored.read(), found.size) == (row, b"a long book", 11)
    assert in_transaction == [False]


def test_a_block_that_fails_leaves_neither_row_nor_bytes(transactional_db):
    with pytest.raises(ZeroDivisionError), workbook_ahead(book(), by=None):
        raise ZeroDivisionError
    assert (PrivateFile.objects.count(), stored_names()) == (0, [])


def test_bytes_that_were_half_written_go(transactional_db, monkeypatch):
    save = private_storage().save

    def full(name, content):
        save(name, ContentFile(b"a lo"))
        raise OSError("no room")

    monkeypatch.setattr(private_storage(), "save", full)
    with pytest.raises(FileError), workbook_ahead(book(), by=None):
        pass
    assert (PrivateFile.objects.count(), stored_names()) == (0, [])


def test_a_copy_of_somebody_s_data_is_stored_so(transactional_db, in_transaction):
    download = downloads.ask_download(user=OwnershipFactory().owner.user, at=NOW)
    downloads.make(download, clock=lambda: NOW)
    assert (Download.objects.get().state, in_transaction) == (Download.State.READY, [False])


def test_a_copy_that_comes_too_late_leaves_no_bytes(transactional_db, monkeypatch):
    download = downloads.ask_download(user=OwnershipFactory().owner.user, at=NOW)

    def thrown_away(*args, **kwargs):
        downloads.discard_download(download, by=None, at=NOW)

    monkeypatch.setattr(downloads, "write_archive", thrown_away)
    downloads.make(download, clock=lambda: NOW)
    assert (Download.objects.get().state, stored_names()) == (Download.State.GONE, [])


def test_an_export_is_stored_so(transactional_db, in_transaction):
    by = StaffFactory(group="Supervisors", everywhere=True)
    run = export_actions.ask([sheets.get("owners")], kind="csv", by=by, at=NOW)
    assert (run.state, in_transaction) == (ExportRun.State.DONE, [False])
