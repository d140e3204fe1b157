import errno
import logging
import os
import resource
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.utils import timezone
from django_q.models import OrmQ

from accounts.files import actions
from accounts.files.actions import atomic_with_files, discard, make_variants, store_image, sweep_files
from accounts.files.checks import FileError
from accounts.files.models import PrivateFile, private_storage
from accounts.files.tasks import make_variants_of, sweep, sweep_folders
from tests.factories import NOW, UserFactory

from .pictures import encoded, exif, noise, photo, picture, upload

State = PrivateFile.VariantState
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def stored_names():
    root = Path(settings.PRIVATE_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def queued():
    """The ids that wait in the broker, task by task."""
    tasks = [row.task for row in OrmQ.objects.order_by("id")]
    assert {task["func"] for task in tasks} <= {"accounts.files.tasks.make_variants_of"}
    return [task["args"][0] for task in tasks]


def later(**delta):
    return timezone.now() + timedelta(**delta)


def age(name, **delta):
    """As if the file had been written that long ago."""
    moment = (timezone.now() - timedelta(**delta)).timestamp()
    os.utime(Path(settings.PRIVATE_ROOT) / name, (moment, moment))


def then_fail(step, *args, **kwargs):
    """An action whose last step fails."""
    step(*args, **kwargs)
    raise ZeroDivisionError


@pytest.fixture
def full_disk(monkeypatch):
    def fails(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)


class TestStore:
    def test_the_row_describes_the_bytes(self, db):
        by = UserFactory()
        row = store_image(upload(encoded(picture(80, 60), exif=exif(taken="2026:11:20 09:30:00"))), by=by)
        row.refresh_from_db()
        with row.file.open() as file:
            content = file.read()
        assert (row.width, row.height, row.content_type, row.uploader) == (80, 60, "image/jpeg", by)
        assert (row.size, row.taken_at.isoformat()) == (len(content), "2026-11-20T01:30:00+00:00")
        assert (row.variants, row.variant_state, stored_names()) == ({}, State.DUE, [row.file.name])

    def test_nothing_of_the_clients_name_is_in_the_path(self, db):
        row = store_image(photo("../../kitchen.html"), by=None)
        assert "kitchen" not in row.file.name

    def test_a_camera_whose_clock_is_ahead_has_said_nothing(self, db):
        ahead = f"{timezone.now() + timedelta(days=3):%Y:%m:%d %H:%M:%S}"
        row = store_image(upload(encoded(exif=exif(taken=ahead))), by=None)
        row.refresh_from_db()
        assert row.taken_at is None

    def test_a_bad_photo_leaves_neither_row_nor_file(self, db):
        with pytest.raises(FileError):
            store_image(upload(b"<html>"), by=None)
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])

    def test_the_variants_are_queued_by_id_on_commit(self, db, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks:
            row = store_image(photo(), by=None)
        assert queued() == []
        for callback in callbacks:
            callback()
        assert queued() == [[str(row.pk)]]


class TestFullDisk:
    def test_the_uploader_is_told_and_nothing_is_left(self, db, full_disk, caplog):
        with pytest.raises(
            FileError, match=r"^“IMG_0042.jpg” could not be stored just now\. Please try again later\.$"
        ):
            store_image(photo(), by=None)
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])
        assert "No space left on device" in caplog.text

    def test_the_photos_stored_before_it_go_too(self, db, monkeypatch):
        saved = []

        def second_fails(storage, folder, content):
            saved.append(folder)
            if len(saved) == 2:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(storage, folder, content)

        real = type(private_storage())._write_partial
        monkeypatch.setattr(type(private_storage()), "_write_partial", second_fails)
        with pytest.raises(FileError):
            atomic_with_files()(lambda: [store_image(photo(), by=None) for _ in range(2)])()
        assert (len(saved), PrivateFile.objects.count(), stored_names()) == (2, 0, [])

    def test_a_real_limit_of_the_file_system_does_the_same(self, db):
        large = upload(encoded(noise(700, 700), quality=95))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
        try:
            with pytest.raises(FileError, match="could not be stored"):
                store_image(large, by=None)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])


class TestRowAndFileTogether:
    def test_a_rollback_takes_the_file_along(self, transactional_db):
        @atomic_with_files()
        def action():
            row = store_image(photo(), by=None)
            assert stored_names() == [row.file.name]
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            action()
        assert (PrivateFile.objects.count(), stored_names()) == (0, [])

    def test_an_inner_rollback_takes_only_its_own(self, transactional_db):
        with atomic_with_files():
            first = store_image(photo(), by=None)
            with pytest.raises(ZeroDivisionError):
                atomic_with_files()(then_fail)(store_image, photo(), by=None)
        assert stored_names() == [first.file.name]

    def test_a_row_that_cannot_be_written_takes_the_file_along(self, db, monkeypatch):
        def fails(**fields):
            raise IntegrityError

        monkeypatch.setattr(PrivateFile.objects, "create", fails)
        with pytest.raises(IntegrityError):
            store_image(photo(), by=None)
        assert stored_names() == []

    def test_a_commit_whose_outcome_is_unknown_keeps_the_file(self, transactional_db, monkeypatch):
        wrapper = type(connections["default"])
        real = wrapper._commit

        def commits_and_loses_the_connection(self):
            real(self)
            raise DatabaseError("connection lost")

        with monkeypatch.context() as patch:
            patch.setattr(wrapper, "_commit", commits_and_loses_the_connection)
            with pytest.raises(DatabaseError):
                store_image(photo(), by=None)
        assert [row.file.name for row in PrivateFile.objects.all()] == stored_names()
        assert len(stored_names()) == 1

    def test_a_rollback_elsewhere_leaves_an_orphan_to_the_sweep(self, transactional_db):
        with pytest.raises(ZeroDivisionError):
            transaction.atomic(then_fail)(store_image, photo(), by=None)
        assert len(stored_names()) == 1
        sweep_files(later(minutes=59))
        assert len(stored_names()) == 1
        sweep_files(later(minutes=61))
        assert stored_names() == []

    def test_a_process_killed_between_file_and_row_leaves_an_orphan_to_the_sweep(self, transactional_db, database_url):
        killed = """
            import os, signal, django
            django.setup()
            from accounts.files.actions import store_image
            from accounts.files.models import PrivateFile
            from tests.accounts.files.pictures import photo
            PrivateFile.objects.create = lambda **fields: os.kill(os.getpid(), signal.SIGKILL)
            store_image(photo(), by=None)
        """
        environment = {**os.environ, "DATABASE_URL": database_url}
        subprocess.run([sys.executable, "-c", textwrap.dedent(killed)], env=environment, check=False, timeout=60)
        assert (PrivateFile.objects.count(), len(stored_names())) == (0, 1)
        sweep_files(later(minutes=61))
        assert stored_names() == []


class TestDiscard:
    def test_the_bytes_go_after_the_commit(self, db, django_capture_on_commit_callbacks):
        row = store_image(photo(), by=None)
        make_variants(row)
        with django_capture_on_commit_callbacks() as callbacks:
            discard(row)
        assert (row.deleted_at is not None, len(stored_names())) == (True, 3)
        for callback in callbacks:
            callback()
        row.refresh_from_db()
        assert (row.file.name, row.variants, stored_names()) == ("", {}, [])

    def test_a_rollback_keeps_both(self, transactional_db):
        row = store_image(photo(), by=None)
        with pytest.raises(ZeroDivisionError):
            transaction.atomic(then_fail)(discard, row)
        row.refresh_from_db()
        assert (row.deleted_at, stored_names()) == (None, [row.file.name])

    def test_what_a_killed_process_left_is_swept(self, db):
        row = store_image(photo(), by=None)
        discard(row)  # the test's transaction never commits
        sweep_files(later(minutes=1))
        row.refresh_from_db()
        assert (row.file.name, stored_names()) == ("", [])

    def test_what_cannot_be_deleted_now_is_tried_again(self, db, monkeypatch):
        row = store_image(photo(), by=None)
        discard(row)
        with monkeypatch.context() as patch:
            patch.setattr(os, "remove", lambda path: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
            sweep_files(later(minutes=1))
        row.refresh_from_db()
        assert stored_names() == [row.file.name]
        sweep_files(later(minutes=2))
        assert stored_names() == []

    def test_a_file_without_bytes_is_impossible_unless_discarded(self, db):
        row = store_image(photo(), by=None)
        with pytest.raises(IntegrityError, match="private_file_has_bytes_until_deleted"):
            PrivateFile.objects.filter(pk=row.pk).update(file="")


class TestVariants:
    def test_both_are_made_once(self, db, monkeypatch):
        row = store_image(photo(width=2000, height=1000), by=None)
        make_variants(row)
        row.refresh_from_db()
        sizes = {name: (made["width"], made["height"]) for name, made in row.variants.items()}
        assert (sizes, row.variant_state) == ({"thumb": (480, 240), "large": (1600, 800)}, State.MADE)
        assert [private_storage().size(made["name"]) for made in row.variants.values()] == [
            made["size"] for made in row.variants.values()
        ]
        monkeypatch.setattr(actions, "fitted", lambda *args: pytest.fail("made again"))
        make_variants(row)
        assert (row.variant_claims, len(stored_names())) == (1, 3)

    def test_a_second_attempt_leaves_no_second_file(self, db, monkeypatch):
        row = store_image(photo(), by=None)
        with monkeypatch.context() as patch:
            patch.setattr(actions, "_variant", once_then_fail(actions._variant))
            with pytest.raises(MemoryError):
                make_variants(row)
        assert len(stored_names()) == 2
        make_variants(row)
        assert len(stored_names()) == 3

    def test_of_a_discarded_file_none_are_made(self, db):
        row = store_image(photo(), by=None)
        discard(row)
        make_variants(row)
        row.refresh_from_db()
        assert (row.variant_claims, row.variants) == (0, {})

    def test_discarded_meanwhile_they_go_again(self, db, monkeypatch):
        row = store_image(photo(), by=None)
        real = actions._variant
        monkeypatch.setattr(actions, "_variant", lambda *args: discard(row) or real(*args))
        make_variants(row)
        row.refresh_from_db()
        assert (row.variants, stored_names()) == ({}, [row.file.name])

    def test_the_task_makes_the_others_when_one_fails(self, db, caplog):
        broken, sound = store_image(photo(), by=None), store_image(photo(), by=None)
        private_storage().delete(broken.file.name)
        make_variants_of([str(broken.pk), str(sound.pk)])
        states = {row.pk: row.variant_state for row in PrivateFile.objects.all()}
        assert states == {broken.pk: State.DUE, sound.pk: State.MADE}
        assert f"File {broken.pk}: its variants failed." in caplog.messages

    def test_an_unknown_state_is_impossible(self, db):
        row = store_image(photo(), by=None)
        with pytest.raises(IntegrityError, match="private_file_variant_state_known"):
            PrivateFile.objects.filter(pk=row.pk).update(variant_state="perhaps")


def once_then_fail(real):
    calls = []

    def variant(*args):
        calls.append(args)
        if len(calls) > 1:
            raise MemoryError
        return real(*args)

    return variant


class TestSweep:
    def swept(self, capture, at):
        """The batches of ids that this sweep queues."""
        OrmQ.objects.all().delete()
        with capture(execute=True):
            sweep_files(at)
        return queued()

    def test_a_lost_task_is_queued_again_once_it_is_late(self, db, django_capture_on_commit_callbacks):
        row = store_image(photo(), by=None)
        assert self.swept(django_capture_on_commit_callbacks, later(minutes=9)) == []
        assert self.swept(django_capture_on_commit_callbacks, later(minutes=11)) == [[str(row.pk)]]
        assert self.swept(django_capture_on_commit_callbacks, later(minutes=12)) == []
        assert self.swept(django_capture_on_commit_callbacks, later(minutes=22)) == [[str(row.pk)]]

    def test_the_pauses_grow_with_each_claim(self, db, django_capture_on_commit_callbacks):
        row = store_image(photo(), by=None)
        PrivateFile.objects.update(variant_claims=1)
        start = later(minutes=11)
        assert self.swept(django_capture_on_commit_callbacks, start) == [[str(row.pk)]]
        assert self.swept(django_capture_on_commit_callbacks, start + 59 * MINUTE) == []
        PrivateFile.objects.update(variant_claims=2)
        assert self.swept(django_capture_on_commit_callbacks, start + HOUR) == [[str(row.pk)]]
        assert self.swept(django_capture_on_commit_callbacks, start + 6 * HOUR) == []

    def test_many_are_queued_in_batches(self, db, django_capture_on_commit_callbacks):
        row = store_image(photo(), by=None)
        fields = {"size": 1, "content_type": "image/jpeg"}
        PrivateFile.objects.bulk_create(PrivateFile(file=f"ab/{n}.jpg", **fields) for n in range(24))
        batches = self.swept(django_capture_on_commit_callbacks, later(minutes=11))
        assert [len(batch) for batch in batches] == [20, 5]
        assert str(row.pk) in batches[0] + batches[1]

    def test_after_three_claims_without_a_result_it_is_given_up_once(
        self, db, django_capture_on_commit_callbacks, monkeypatch, caplog
    ):
        row = store_image(photo(), by=None)
        with monkeypatch.context() as patch:
            patch.setattr(actions, "fitted", once_then_fail(None))  # fails each time
            make_variants_of([str(row.pk)] * 1)
            for _ in range(5):
                make_variants_of([str(row.pk)])
        row.refresh_from_db()
        assert (row.variant_claims, row.variant_state) == (3, State.DUE)
        caplog.clear()
        for minutes in (11, 12):
            assert self.swept(django_capture_on_commit_callbacks, later(minutes=minutes)) == []
        row.refresh_from_db()
        assert row.variant_state == State.GIVEN_UP
        assert caplog.messages == [f"File {row.pk}: no variants after 3 attempts; the photo itself is shown."]
        make_variants(row)
        row.refresh_from_db()
        assert (row.variants, row.shown_as("thumb").name) == ({}, row.file.name)

    def test_files_with_a_row_stay_however_old(self, db):
        row = store_image(photo(), by=None)
        make_variants(row)
        names = stored_names()
        for name in names:
            age(name, days=400)
        sweep_files(later(hours=2))
        assert (stored_names(), len(names)) == (names, 3)

    def test_what_a_killed_process_was_writing_goes_after_an_hour(self, db):
        row = store_image(photo(), by=None)
        partial = Path(settings.PRIVATE_ROOT) / row.file.name[:2] / ".half.partial"
        partial.write_bytes(b"half")
        sweep_files(later(minutes=59))
        assert partial.exists()
        sweep_files(later(minutes=61))
        assert stored_names() == [row.file.name]

    def test_twice_in_a_row_changes_nothing(self, db):
        store_image(photo(), by=None)
        before = (list(PrivateFile.objects.values()), stored_names())
        for _ in range(2):
            sweep_files(later(minutes=1))
        assert (list(PrivateFile.objects.values()), stored_names()) == before

    def test_an_empty_portal_is_swept_too(self, db):
        sweep_files(timezone.now())
        assert stored_names() == []

    @pytest.mark.parametrize(("job", "looks"), [(sweep, False), (sweep_folders, True)])
    def test_only_the_nightly_job_looks_through_all_folders(self, db, monkeypatch, job, looks):
        looked = []
        monkeypatch.setattr(actions, "_remove_orphans", looked.append)
        job(at=NOW)
        assert looked == ([NOW] if looks else [])


def test_logs_name_no_person_and_no_clients_file(db, full_disk, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FileError):
        store_image(photo("Mrs Chen's kitchen.jpg"), by=UserFactory(name="Chen"))
    assert "Chen" not in caplog.text
