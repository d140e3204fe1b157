"""Backups that somebody has put a hand to: names that lead elsewhere, links, counts, lists that say other things."""

import json
import os
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Owner
from portal.backups.actions import back_up
from portal.backups.manifest import FILES, NAME, read_entries, read_manifest, write_entries
from portal.backups.store import Store
from tests.portal.backups.conftest import made, portal, store, stored  # noqa: F401  fixtures


@pytest.fixture
def untouched(made):  # noqa: F811
    before = stored()
    return lambda: (stored(), Owner.objects.count()) == (before, 2)


def restored(folder):
    said = StringIO()
    call_command("restore", str(folder), "--replace", "--yes", stdout=said, stderr=said)


def relisted(folder, change):
    """The list of files as `change` makes of it, and a manifest that stands by it."""
    entries = [change(entry) for entry in read_entries(folder)]
    manifest = read_manifest(folder)
    manifest.files = write_entries(folder, entries)
    manifest.write(folder)
    return entries


def respelt(folder, values):
    """The manifest with these values, and its own hash right."""
    said = json.loads((folder / NAME).read_bytes())["manifest"] | values
    digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    (folder / NAME).write_text(json.dumps({"sha256": digest, "manifest": said}))


ELSEWHERE = ["../../outside.txt", "/tmp/outside.txt", "a/../../../outside.txt", "..", "", "."]  # noqa: S108


class TestNames:
    @pytest.mark.parametrize("name", ELSEWHERE)
    def test_of_files_that_lead_out_of_the_storage_are_refused_in_words(self, made, untouched, name):  # noqa: F811
        relisted(made, lambda entry: entry._replace(name=name))
        with pytest.raises(CommandError):
            restored(made)
        assert untouched()
        assert not any(path.exists() for path in (Path(settings.DATA_DIR, "outside.txt"), Path("/tmp/outside.txt")))  # noqa: S108

    @pytest.mark.parametrize("name", ["staticfiles", "nowhere", "", None, 7])
    def test_of_storages_that_hold_no_ones_files_are_refused(self, made, untouched, name):  # noqa: F811
        relisted(made, lambda entry: entry._replace(storage=name))
        with pytest.raises(CommandError):
            restored(made)
        assert untouched()

    @pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "", "\x00", None, 7])
    def test_of_objects_that_are_none_are_refused(self, made, untouched, name):  # noqa: F811
        relisted(made, lambda entry: entry._replace(sha256=name))
        with pytest.raises(CommandError):
            restored(made)
        assert untouched()

    @pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "", "\x00", None, 7])
    def test_of_a_dump_elsewhere_are_refused(self, made, untouched, name):  # noqa: F811
        respelt(made, {"database": read_manifest(made).database | {"name": name}})
        with pytest.raises(CommandError):
            restored(made)
        assert untouched()


MANIFESTS = [
    {"files": None},
    {"files": {}},
    {"database": None},
    {"database": []},
    {"tables": {'"; DROP TABLE accounts_owner; --': 0}},
    {"tables": {"accounts_owner": 10**30}},
    {"tables": {"accounts_owner": "0; DROP TABLE accounts_owner"}},
    {"tables": None},
    {"migrations": None},
    {"migrations": [["progress"]]},
    {"migrations": "x"},
    {"engine": None},
    {"engine": ["sqlite"]},
    {"secret": None, "made_at": "yesterday"},
    {"format": "1"},
    {"format": None},
    {"another": 1},
    {"made_at": "2026-11-22T10:00:00+00:00'); DROP TABLE accounts_owner; --"},
]


@pytest.mark.parametrize("values", MANIFESTS, ids=str)
def test_a_manifest_that_was_rewritten_is_refused_in_words(made, untouched, values):  # noqa: F811
    respelt(made, values)
    with pytest.raises(CommandError):
        restored(made)
    assert untouched()


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"null", b"[1,2,3]", b'["private"]', b"[" * 5000, b"\xff\xfe"])
def test_a_line_that_is_no_file_is_refused_in_words(made, untouched, line):  # noqa: F811
    with (made / FILES).open("ab") as file:
        file.write(line + b"\n")
    content = (made / FILES).read_bytes()
    files = {"count": 1, "bytes": 1, "sha256": sha256(content).hexdigest()}
    respelt(made, {"files": files})
    with pytest.raises(CommandError):
        restored(made)
    assert untouched()


class TestLinks:
    def test_an_object_that_is_a_link_to_other_bytes_is_refused(self, made, untouched, store, tmp_path):  # noqa: F811
        entry = next(iter(read_entries(made)))
        path = Store(store).path(entry.sha256)
        path.unlink()
        path.symlink_to("/etc/passwd")
        with pytest.raises(CommandError, match="damaged"):
            restored(made)
        assert untouched()

    def test_one_left_by_somebody_is_not_followed_when_old_ones_go(self, portal, made, store, tmp_path):  # noqa: F811
        precious = tmp_path / "precious"
        precious.mkdir()
        (precious / "file").write_text("keep me")
        (store / "20200101T000000Z.partial").symlink_to(precious)
        (store / "objects" / "zz").mkdir()
        (store / "objects" / "zz" / "link").symlink_to(precious / "file")
        back_up(store, at=timezone.now(), keep=1)
        assert (precious / "file").read_text() == "keep me"
        assert not (store / "20200101T000000Z.partial").is_symlink()


def test_what_was_restored_nobody_else_reads(portal, made):  # noqa: F811
    for row in portal:
        row.file.storage.delete(row.file.name)
    restored(made)
    modes = {path.stat().st_mode & 0o077 for path in Path(settings.PRIVATE_ROOT).rglob("*") if path.is_file()}
    assert modes <= {0, 0o040}


@pytest.mark.skipif(os.geteuid() == 0, reason="for root no folder is closed")
def test_a_folder_that_is_not_ours_is_refused_in_words(portal, tmp_path):  # noqa: F811
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(CommandError):
        call_command("backup", str(closed / "store"))
