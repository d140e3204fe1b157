"""A restore: what it refuses, what it brings back, and what it leaves out on purpose."""

import shutil
from collections import namedtuple
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.files.actions import discard, store_image, sweep_files
from accounts.files.models import FileHold, private_storage
from accounts.models import Owner
from accounts.notices import reasons
from accounts.notices.actions import tell, try_again
from accounts.notices.models import Notice
from portal import health
from portal.backups import aftermath, restoring, rows
from portal.backups.actions import back_up, engine
from portal.backups.manifest import BackupError, digest_of, read_manifest
from portal.backups.models import Restore
from portal.backups.store import Store
from progress.updates.actions import schedule_update
from progress.updates.models import Audience, Update
from tests.accounts.files.pictures import photo
from tests.accounts.notices import kinds  # noqa: F401  registers them
from tests.factories import NOW, OwnerFactory, OwnershipFactory, UpdateFactory, UserFactory

from .conftest import put_back, stored, without_bytes

LATER = NOW + timedelta(hours=9)


def respelt(folder, **changes):
    """The backup with other facts in its manifest, and with a manifest that is sound."""
    manifest = read_manifest(folder)
    for name, value in changes.items():
        setattr(manifest, name, value)
    manifest.write(folder)


def newcomer():
    """Somebody who came after the backup, with a file."""
    OwnerFactory(customer_no="NEW")
    return store_image(photo(color=(7, 8, 9)), by=None)


@pytest.fixture
def untouched(portal, made):
    """A function that tells whether everything is as it was before: rows, files, and no restore."""
    new = newcomer()
    before = stored()

    def holds():
        return (stored(), Owner.objects.count(), Restore.objects.count()) == (before, 3, 0)

    assert private_storage().exists(new.file.name)
    return holds


class TestRefused:
    def test_a_database_with_people_in_it(self, made, untouched, command):
        with pytest.raises(CommandError, match="The database is not empty. With --replace"):
            command("restore", made)
        assert untouched()

    def test_a_word_that_is_not_the_databases_name(self, made, untouched, command, monkeypatch):
        monkeypatch.setattr("builtins.input", lambda question: "yes")
        with pytest.raises(CommandError, match=r"Nothing was changed\."):
            command("restore", made, "--replace")
        assert untouched()

    def test_nobody_there_to_be_asked(self, made, untouched, command, monkeypatch):
        monkeypatch.setattr("sys.stdin", StringIO())
        with pytest.raises(CommandError, match=r"Nothing was changed\."):
            command("restore", made, "--replace")
        assert untouched()

    def test_a_backup_of_a_newer_version(self, made, untouched, command):
        migrations = [*read_manifest(made).migrations, ["progress", "0099_lifts"]]
        respelt(made, migrations=migrations, portal="9.0")
        with pytest.raises(CommandError, match=r"newer version of the portal \(9.0\): .* not know progress.0099_lifts"):
            command("restore", made, "--replace", "--yes")
        assert untouched()

    def test_a_backup_of_the_other_kind_of_database(self, made, untouched, command, monkeypatch):
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
        respelt(made, engine=other)
        monkeypatch.setattr("portal.backups.actions.ENGINES", {other: engine()})
        with pytest.raises(CommandError, match=f"a backup of {other}, and DATABASE_URL names .* {connection.vendor}"):
            command("restore", made, "--replace", "--yes")
        assert untouched()

    @pytest.mark.parametrize("part", ["manifest", "list", "dump", "bytes"])
    def test_a_part_that_is_cut_off(self, portal, made, store, untouched, command, part):
        path = {
            "manifest": made / "manifest.json",
            "list": made / "files.jsonl",
            "dump": made / engine().PART,
            "bytes": Store(store).path(portal[0].sha256),
        }[part]
        path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises(CommandError, match="damaged"):
            command("restore", made, "--replace", "--yes")
        assert untouched()

    def test_a_dump_that_ends_too_early_though_its_hash_is_right(self, made, untouched, command):
        part = made / engine().PART
        part.write_bytes(part.read_bytes()[:-20000])
        sha256, size = digest_of(part)
        respelt(made, database={"name": part.name, "sha256": sha256, "size": size})
        with pytest.raises(CommandError, match="pg_restore failed|can't be read|is damaged"):
            command("restore", made, "--replace", "--yes")
        assert untouched()

    def test_a_dump_with_other_rows_than_were_counted(self, made, untouched, command, monkeypatch):
        respelt(made, tables=read_manifest(made).tables | {"accounts_owner": 4})
        monkeypatch.setattr(engine(), "check", lambda path, manifest: None)
        with pytest.raises(CommandError, match="not the rows that were counted"):
            command("restore", made, "--replace", "--yes")
        assert Owner.objects.count() == 3

    def test_a_disk_without_room(self, portal, made, untouched, command, monkeypatch):
        private_storage().delete(portal[0].file.name)  # some byte has to come back, on either database
        usage = namedtuple("usage", "free")
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(free=10))
        with pytest.raises(CommandError, match="where 0 MB are free"):
            command("restore", made, "--replace", "--yes")
        assert Owner.objects.count() == 3

    def test_a_portal_that_still_runs(self, made, untouched, command, copies):
        other = connection.copy("other")
        other.cursor().execute("SELECT 1")
        try:
            with pytest.raises(CommandError, match=r"in use.* Stop the portal first, web and worker\."):
                command("restore", made, "--replace", "--yes")
            assert untouched()
        finally:
            other.close()

    def test_a_folder_that_holds_several(self, made, store, command):
        back_up(store, at=LATER)
        with pytest.raises(CommandError, match=f"Which one.*{made.name}, "):
            command("restore", store)

    def test_a_backup_that_is_being_made(self, made, store, command):
        with Store(store).locked(alone=True), pytest.raises(CommandError, match="at work"):
            command("restore", made)


class TestBroughtBack:
    def test_people_and_files_are_as_they_were(self, portal, made, lose_everything, command):
        names, before = set(Owner.objects.values_list("customer_no", flat=True)), stored()
        lose_everything()
        said = command("restore", made)
        assert set(Owner.objects.values_list("customer_no", flat=True)) == names
        assert (stored(), without_bytes()) == (before, set())
        assert storages["default"].exists("original_images/roof.jpg")
        assert "Everybody has to log in anew." in said

    def test_it_says_what_came_back_and_when(self, made, lose_everything):
        lose_everything()
        put_back(made, at=LATER)
        assert list(Restore.objects.values_list("backup", "made_at", "started_at", "finished_at")) == [
            (made.name, NOW, LATER, LATER)
        ]

    def test_a_freshly_migrated_database_counts_as_empty(self, portal, made, copies):
        copies.renew()
        put_back(made)
        assert Owner.objects.count() == 2

    def test_what_was_there_is_replaced_when_the_name_is_typed(self, made, untouched, command, monkeypatch):
        name = str(connection.settings_dict["NAME"]).rsplit("/", 1)[-1]
        monkeypatch.setattr("builtins.input", lambda question: name)
        command("restore", made, "--replace")
        assert (Owner.objects.count(), Owner.objects.filter(customer_no="NEW").count()) == (2, 0)

    def test_a_file_with_other_bytes_is_put_right_and_the_same_ones_are_left(self, portal, made, monkeypatch):
        saved, storage = [], private_storage()
        with open(storage.path(portal[0].file.name), "r+b") as file:
            file.write(b"rotten")
        save = type(storage).save
        monkeypatch.setattr(type(storage), "save", lambda *args, **kw: saved.append(args[1]) or save(*args, **kw))
        put_back(made, replace=True)
        assert saved == [portal[0].file.name]
        assert digest_of_stored(portal[0]) == portal[0].sha256

    def test_a_backup_of_an_older_version_is_brought_up_to_date(self, portal, store, lose_everything):
        call_command("migrate", "backups", "zero", verbosity=0)
        call_command("migrate", "updates", "0001", verbosity=0)
        call_command("migrate", "backups", verbosity=0)
        older = back_up(store, at=NOW)[0]
        assert ["updates", "0002_announcements"] not in read_manifest(older).migrations
        lose_everything()
        put_back(older)
        assert (Update.objects.filter(kind="announcement").count(), Owner.objects.count()) == (0, 2)
        assert Restore.objects.unfinished().count() == 0

    def test_rows_that_follow_get_new_numbers(self, made, lose_everything):
        lose_everything()
        put_back(made)
        newcomer()
        put_back(made, replace=True)
        assert Restore.objects.count() == 1

    def test_files_that_came_after_the_backup_stay_a_week(self, made):
        new = newcomer()
        put_back(made, replace=True)
        sweep_files(NOW + timedelta(days=400))
        assert private_storage().exists(new.file.name)
        FileHold.objects.update(until=NOW)
        sweep_files(NOW + timedelta(days=400))
        assert not private_storage().exists(new.file.name)

    def test_a_file_that_was_discarded_stays_discarded(self, portal, store, lose_everything):
        discard(portal[1])
        folder = back_up(store, at=NOW)[0]
        lose_everything()
        put_back(folder)
        assert without_bytes() == set()
        assert not private_storage().exists(portal[1].file.name)


def digest_of_stored(row):
    with private_storage().open(row.file.name) as file:
        return restoring.digest_of_open(file)[0]


class TestSecret:
    @pytest.mark.parametrize(("fallbacks", "warned"), [([], True), (["the old one"], False)])
    def test_another_key_is_warned_of_unless_the_old_one_still_reads(
        self, portal, store, settings, lose_everything, command, fallbacks, warned
    ):
        settings.SECRET_KEY = "the old one"
        folder = back_up(store, at=NOW)[0]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", fallbacks
        lose_everything()
        assert ("Authenticator apps will not be recognised" in command("restore", folder)) is warned


class TestLogins:
    def test_a_login_that_was_under_way_has_ended(self, portal, store):
        user, client = UserFactory(), Client()
        client.force_login(user)
        folder = back_up(store, at=NOW)[0]
        put_back(folder, replace=True)
        assert client.get("/my/inbox/")["Location"].startswith("/account/login/")

    def test_one_that_stands_in_the_dump_has_ended_too(self, portal, store, monkeypatch):
        Client().force_login(UserFactory())
        with monkeypatch.context() as patch:
            patch.setattr(rows, "left_out", set)
            patch.setattr(engine(), "left_out", set)
            folder = back_up(store, at=NOW)[0]
        assert read_manifest(folder).tables["django_session"] == 1
        put_back(folder, replace=True)
        assert Session.objects.count() == 0


class TestMessages:
    """What was waiting in the backup may have gone out before everything was lost."""

    @pytest.fixture
    def told(self, portal):
        def tell_owner(at):
            tell([OwnerFactory()], "test-mail", Owner.objects.first(), at=at)

        return tell_owner

    def test_a_waiting_message_is_held_and_staff_may_send_it(self, told, store, settings):
        told(NOW)
        folder = back_up(store, at=NOW)[0]
        assert put_back(folder, replace=True, at=LATER) == 1
        notice = Notice.objects.get(kind="test-mail")
        assert (notice.state, notice.reason) == (Notice.State.FAILED, reasons.RESTORED)
        assert list(Notice.objects.undelivered()) == [notice]
        assert try_again(notice, by=None, at=LATER)

    def test_one_that_falls_due_later_goes_out_then(self, told, store):
        told(LATER + timedelta(minutes=1))
        folder = back_up(store, at=NOW)[0]
        assert put_back(folder, replace=True, at=LATER) == 0
        assert list(Notice.objects.values_list("state", flat=True)) == [Notice.State.QUEUED]

    def test_what_fell_due_meanwhile_is_done_and_tells_nobody_outside(self, portal, store):
        home = OwnershipFactory().home
        update = UpdateFactory(development=home.development)
        Audience.objects.create(update=update, home=home)
        schedule_update(update, publish_at=NOW + timedelta(hours=1), by=None, at=NOW)
        folder = back_up(store, at=NOW)[0]
        held = put_back(folder, replace=True, at=LATER)
        update.refresh_from_db()
        assert update.state == Update.State.PUBLISHED
        states = dict(Notice.objects.values_list("channel", "state"))
        assert (states["email"], states["inbox"], held) == (Notice.State.FAILED, Notice.State.QUEUED, 1)


class TestStoppedHalfWay:
    def test_a_storage_that_fails_leaves_the_database_and_it_can_be_run_again(self, made, untouched, monkeypatch):
        before = Owner.objects.count()
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "_same", lambda storage, entry: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                put_back(made, replace=True)
        assert (Owner.objects.count(), Restore.objects.count()) == (before, 0)
        put_back(made, replace=True)
        assert (Owner.objects.count(), without_bytes()) == (2, set())

    def test_what_fails_after_the_rows_can_be_run_again(self, made, lose_everything, monkeypatch):
        """On SQLite nothing has happened then; on PostgreSQL the portal says that it is not ready."""
        lose_everything()
        with monkeypatch.context() as patch:
            patch.setattr(aftermath, "catch_up", lambda *, at: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                put_back(made)
        if connection.vendor == "postgresql":
            assert (Restore.objects.unfinished().count(), health._restore(NOW)) == (1, False)
        else:
            assert connection.introspection.table_names() == []
        put_back(made)
        assert (Owner.objects.count(), Restore.objects.count(), health._restore(NOW)) == (2, 1, True)

    def test_rows_that_the_database_refuses_leave_it_as_it_was(self, made, untouched, monkeypatch):
        monkeypatch.setattr(engine(), "marking", lambda marker, table: "INSERT INTO nowhere VALUES (1)")
        with pytest.raises((BackupError, Exception), match="nowhere"):
            put_back(made, replace=True)
        assert Owner.objects.count() == 3
