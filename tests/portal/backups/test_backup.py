"""A backup: what is in it, what is copied, and what it says about itself."""

import json
import stat
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django_q.models import OrmQ

from accounts.files import holds
from accounts.files.actions import discard, store_image, sweep_files
from accounts.files.models import FileHold, PrivateFile, private_storage
from accounts.notices.actions import queue_delivery
from portal.backups import actions
from portal.backups.actions import DIFFERENT, KEPT_BEFORE, MISSING, REPLACED, back_up, verify
from portal.backups.manifest import BackupError, read_entries, read_manifest
from portal.backups.rows import wanted_files
from portal.backups.store import Store
from tests.accounts.files.pictures import photo
from tests.factories import NOW, UserFactory

from .conftest import put_back, stored

LATER = NOW + timedelta(days=1)


def names(folder):
    return {entry.name for entry in read_entries(folder)}


class TestContent:
    def test_it_holds_the_dump_and_every_file_that_a_row_names(self, portal, made, store):
        with_variants, without = portal
        assert {path.name for path in made.iterdir()} == {"manifest.json", "files.jsonl", actions.engine().PART}
        private = {with_variants.file.name, without.file.name}
        with_variants.refresh_from_db()
        assert names(made) == private | {v["name"] for v in with_variants.variants.values()} | {
            "original_images/roof.jpg"
        }
        assert verify(Store(store), made).tables["accounts_owner"] == 2

    def test_nobody_else_may_read_it(self, made, store):
        folders = [store / "objects", made, *(store / "objects").iterdir()]
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}

    def test_the_secret_is_not_in_it(self, made, settings):
        assert settings.SECRET_KEY not in (made / "manifest.json").read_text()

    def test_logins_under_way_and_the_queue_stay_out(self, portal, store, settings):
        Client().force_login(UserFactory())
        queue_delivery()
        assert (Session.objects.count(), OrmQ.objects.count() > 0) == (1, True)
        folder, manifest = back_up(store, at=NOW)
        assert (manifest.tables["django_session"], manifest.tables["django_q_ormq"]) == (0, 0)
        put_back(folder, replace=True)
        assert Session.objects.count() == 0

    def test_a_table_that_names_a_session_would_not_come_back_alone(self, db):
        """Foreign keys to a table that is left out would have nothing to point to."""
        left_out = actions.rows.left_out()
        with connection.cursor() as cursor:
            pointing = {
                table
                for table in connection.introspection.table_names(cursor)
                for _column, other in connection.introspection.get_relations(cursor, table).values()
                if other in left_out
            }
        assert pointing <= left_out

    def test_every_field_for_files_is_in_a_storage_that_is_backed_up(self, portal):
        """`wanted_files` takes all but the private ones for the default storage."""
        from django.apps import apps
        from django.core.files.storage import default_storage
        from django.db.models import FileField

        fields = {
            field for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, FileField)
        }
        elsewhere = {str(field) for field in fields if field.storage is not default_storage}
        assert elsewhere == {"files.PrivateFile.file"}
        assert {wanted.storage for wanted in wanted_files("default")} == {"private", "default"}


class TestCopying:
    @pytest.fixture
    def read(self, monkeypatch):
        """The names of the files that were read from a storage."""
        read, original = [], actions._read
        monkeypatch.setattr(actions, "_read", lambda file, store: read.append(file.name) or original(file, store))
        return read

    def test_the_second_backup_reads_only_what_is_new(self, made, store, read):
        new = store_image(photo(color=(1, 2, 3)), by=None)
        second, manifest = back_up(store, at=LATER)
        assert read == [new.file.name]
        assert names(second) == names(made) | {new.file.name}
        assert manifest.problems == []

    def test_an_editors_file_that_was_replaced_is_read_again(self, made, store, read, settings):
        (settings.MEDIA_ROOT / "original_images" / "roof.jpg").write_bytes(b"another")
        second, _manifest = back_up(store, at=LATER)
        assert read == ["original_images/roof.jpg"]
        assert [entry.size for entry in read_entries(second) if entry.storage == "default"] == [len(b"another")]

    def test_bytes_that_the_store_has_lost_are_copied_again(self, portal, made, store, read):
        Store(store).path(portal[0].sha256).unlink()
        second, _manifest = back_up(store, at=LATER)
        assert read == [portal[0].file.name]
        verify(Store(store), second)

    def test_a_damaged_list_of_the_backup_before_is_no_ground_to_trust(self, made, store, read):
        (made / "files.jsonl").write_bytes(b"")
        second, _manifest = back_up(store, at=LATER)
        assert {*read} == names(second)


class TestProblems:
    def test_a_file_that_is_missing_is_named_and_the_rest_is_kept(self, portal, store, command):
        private_storage().delete(portal[1].file.name)
        with pytest.raises(CommandError, match=f"whole but for 1 files:\n  private: {portal[1].file.name}: missing"):
            command("backup", store)
        (folder,) = Store(store).backups()
        assert read_manifest(folder).problems == [["private", portal[1].file.name, MISSING]]
        assert portal[1].file.name not in names(folder)
        assert portal[0].file.name in names(folder)

    def test_a_file_that_was_lost_comes_from_the_backup_before(self, portal, made, store):
        private_storage().delete(portal[1].file.name)
        second, manifest = back_up(store, at=LATER)
        assert manifest.problems == [["private", portal[1].file.name, KEPT_BEFORE]]
        verify(Store(store), second)
        before = stored()
        put_back(second, replace=True)
        assert set(stored()) - set(before) == {portal[1].file.name}

    def test_bytes_that_are_not_those_of_the_row_are_named(self, portal, store):
        path = private_storage().path(portal[1].file.name)
        with open(path, "wb") as file:
            file.write(b"rotten")
        _folder, manifest = back_up(store, at=NOW)
        assert manifest.problems == [["private", portal[1].file.name, DIFFERENT]]

    def test_they_come_from_an_earlier_backup_if_it_has_them(self, portal, made, store):
        path = private_storage().path(portal[1].file.name)
        with open(path, "wb") as file:
            file.write(b"rotten")
        second, manifest = back_up(store, at=LATER)
        assert manifest.problems == [["private", portal[1].file.name, REPLACED]]
        put_back(second, replace=True)
        assert private_storage().size(portal[1].file.name) == portal[1].size

    def test_no_room_leaves_no_backup(self, portal, store, monkeypatch, command):
        def full(*_arguments):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Store, "add", full)
        with pytest.raises(CommandError, match="No room is left"):
            command("backup", store)
        assert [path.name for path in store.iterdir() if path.name[0].isdigit()] == []

    def test_a_folder_of_public_files_is_refused(self, portal, settings, command):
        with pytest.raises(CommandError, match="among the public files"):
            command("backup", settings.MEDIA_ROOT / "backups")

    def test_two_at_once_are_refused(self, made, store, command):
        with Store(store).locked(alone=True), pytest.raises(CommandError, match="Another backup or restore is at work"):
            command("backup", store)


class TestDiscardedMeanwhile:
    """Between the dump, which names the file, and its copy."""

    @pytest.fixture
    def discard_after_the_dump(self, portal, monkeypatch):
        dump = actions._dump

        def dump_then_discard(folder):
            result = dump(folder)
            discard(portal[1])
            return result

        monkeypatch.setattr(actions, "_dump", dump_then_discard)

    def test_its_bytes_wait_until_they_are_copied(self, portal, store, discard_after_the_dump):
        folder, manifest = back_up(store, at=NOW)
        assert (portal[1].file.name in names(folder), manifest.problems) == (True, [])
        assert private_storage().exists(portal[1].file.name)
        sweep_files(NOW, orphans=False)
        assert not private_storage().exists(portal[1].file.name)

    def test_without_the_hold_they_would_be_missing(self, portal, store, discard_after_the_dump, monkeypatch):
        monkeypatch.setattr(FileHold.objects.__class__, "running", lambda manager: FileHold.objects.none())
        _folder, manifest = back_up(store, at=NOW)
        assert manifest.problems == [["private", portal[1].file.name, MISSING]]

    def test_files_of_no_row_wait_too(self, portal, db):
        private_storage().save("ab/stray.jpg", photo())
        with holds.bytes_kept():
            sweep_files(LATER + timedelta(days=400))
            assert private_storage().exists("ab/stray.jpg")
        sweep_files(LATER + timedelta(days=400))
        assert not private_storage().exists("ab/stray.jpg")

    def test_a_backup_that_was_killed_holds_for_an_hour_only(self, portal):
        holds.hold_bytes(timedelta(seconds=-1))
        discard(portal[1])
        assert not private_storage().exists(portal[1].file.name)

    def test_what_was_discarded_before_is_not_missed(self, portal, store):
        discard(portal[1])
        PrivateFile.objects.filter(pk=portal[1].pk).update(file="gone/already.jpg")
        assert back_up(store, at=NOW)[1].problems == []


class TestKeep:
    def test_older_ones_go_with_the_bytes_that_nobody_else_needs(self, portal, made, store):
        discard(portal[1])
        second, _manifest = back_up(store, at=LATER, keep=1)
        assert Store(store).backups() == [second]
        assert (Store(store).has(portal[1].sha256), Store(store).has(portal[0].sha256)) == (False, True)
        verify(Store(store), second)

    def test_as_many_as_asked_for_stay(self, portal, made, store):
        folders = [made, *(back_up(store, at=NOW + timedelta(days=days), keep=3)[0] for days in range(1, 5))]
        assert Store(store).backups() == folders[-3:]

    def test_no_bytes_go_when_a_list_can_not_be_trusted(self, portal, made, store):
        (made / "files.jsonl").write_bytes(b"")
        with pytest.raises(BackupError, match="no bytes are removed"):
            back_up(store, at=LATER, keep=2)
        assert Store(store).has(portal[1].sha256)


class TestVerify:
    def test_whole_ones_are_named(self, made, store, command):
        assert command("backup", "--verify", store).startswith(f"{made.name} is whole: ")

    @pytest.mark.parametrize(
        ("part", "spoil", "what"),
        [
            ("manifest.json", lambda old: old[:-30], "manifest.json is damaged"),
            (
                "manifest.json",
                lambda old: old.replace(b'"accounts_owner": 2', b'"accounts_owner": 3'),
                "not what was written",
            ),
            ("manifest.json", lambda old: old.replace(b'"format": 1', b'"format": 2'), "made by a later version"),
            ("files.jsonl", lambda old: old[:-30], "files.jsonl is damaged or cut off"),
            (None, lambda old: old[: len(old) // 2], "is damaged or cut off"),
            (None, lambda old: old[:-1] + b"x", "is damaged or cut off"),
        ],
    )
    def test_a_part_that_is_not_what_was_written_is_named(self, made, command, part, spoil, what):
        path = made / (part or actions.engine().PART)
        path.write_bytes(spoil(path.read_bytes()))
        with pytest.raises(CommandError, match=what):
            command("backup", "--verify", made)

    @pytest.mark.parametrize("state", ["damaged", "missing"])
    def test_bytes_of_a_file_that_went_bad_are_named(self, portal, made, store, command, state):
        path = Store(store).path(portal[0].sha256)
        path.write_bytes(b"x") if state == "damaged" else path.unlink()
        with pytest.raises(CommandError, match=f"the bytes of {portal[0].file.name} are {state}: {path}"):
            command("backup", "--verify", store)

    def test_a_dump_that_can_not_be_read_is_found_even_when_its_hash_is_right(self, made, store):
        part = made / actions.engine().PART
        part.write_bytes(part.read_bytes()[:3000])
        manifest = read_manifest(made)
        manifest.database["sha256"], manifest.database["size"] = actions.digest_of(part)
        manifest.write(made)
        with pytest.raises(BackupError, match="pg_restore failed|can't be read|is damaged"):
            verify(Store(store), made)

    def test_what_is_no_backup_is_said_to_be_none(self, tmp_path, command):
        with pytest.raises(CommandError, match="neither a backup nor a folder of backups"):
            command("backup", "--verify", tmp_path)


def test_the_manifest_is_readable_for_people(made):
    read = json.loads((made / "manifest.json").read_text())["manifest"]
    assert (read["made_at"], read["engine"], read["portal"]) == (NOW.isoformat(), connection.vendor, "0.1.0")
