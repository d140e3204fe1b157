import os
import resource
import signal
import subprocess
import sys
import textwrap

import pytest
from django.core.files.base import ContentFile
from django.db.migrations.writer import MigrationWriter

from accounts.files.storage import PrivateStorage, new_name, original_name, variant_name

UMASKS = [0o022, 0o000]


@pytest.fixture
def storage(tmp_path):
    return PrivateStorage(tmp_path / "private")


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("umask", UMASKS)
def test_files_are_for_this_user_only(storage, tmp_path, umask):
    before = os.umask(umask)
    try:
        storage.save("ab/photo.jpg", ContentFile(b"x"))
    finally:
        os.umask(before)
    paths = ["private", "private/ab", "private/ab/photo.jpg"]
    assert [(tmp_path / path).stat().st_mode & 0o777 for path in paths] == [0o700, 0o700, 0o600]


def test_there_is_no_url(storage):
    with pytest.raises(ValueError, match="no URL"):
        storage.url(storage.save("ab/photo.jpg", ContentFile(b"x")))


def test_a_name_saved_again_is_replaced(storage, tmp_path):
    names = [storage.save("ab/photo.jpg", ContentFile(content)) for content in (b"old", b"new")]
    assert names == ["ab/photo.jpg"] * 2
    with storage.open("ab/photo.jpg") as file:
        assert file.read() == b"new"
    assert files_in(tmp_path) == ["private/ab/photo.jpg"]


@pytest.mark.parametrize("name", ["../outside.jpg", "/etc/passwd", "ab/../../outside.jpg"])
def test_a_name_never_leads_outside(storage, name):
    with pytest.raises(Exception, match="traversal|outside|path"):
        storage.save(name, ContentFile(b"x"))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_whatever_interrupts_saving_leaves_nothing(storage, tmp_path, monkeypatch, step):
    def fails(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fails)
    with pytest.raises(OSError, match="No space"):
        storage.save("ab/photo.jpg", ContentFile(b"x"))
    assert files_in(tmp_path) == []


def test_a_file_system_that_takes_no_more_leaves_nothing(storage, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            storage.save("ab/photo.jpg", ContentFile(bytes(300_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files_in(tmp_path) == []


def test_a_process_killed_while_saving_leaves_no_photo(tmp_path):
    """Half of a photo is never under its name: what is left is a `.partial`, which the sweep takes."""
    killed = """
        import os, signal, sys
        from django.conf import settings
        settings.configure(X_ACCEL_PREFIX="")
        from django.core.files.base import ContentFile
        from accounts.files.storage import PrivateStorage
        os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
        PrivateStorage(sys.argv[1]).save("ab/photo.jpg", ContentFile(b"half"))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(killed), str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".partial"]


def test_names_are_random_and_spread():
    names = {new_name() for _ in range(300)}
    assert len(names) == 300
    assert len({name[:3] for name in names}) > 100
    assert {(name[:2] == name[3:5], len(name)) for name in names} == {(True, 39)}


def test_a_variant_lies_beside_its_photo():
    assert variant_name("ab/abcd.jpg", "thumb") == "ab/abcd.thumb.jpg"
    assert original_name("ab/abcd.thumb.jpg") == original_name("ab/abcd.jpg") == "ab/abcd.jpg"


def test_a_migration_can_name_the_storage():
    text, imports = MigrationWriter.serialize(PrivateStorage(location="/srv/private"))
    assert (text, imports) == (
        "accounts.files.storage.PrivateStorage(location='/srv/private')",
        {"import accounts.files.storage"},
    )


def test_a_front_server_of_the_same_group_may_read(tmp_path, settings):
    settings.X_ACCEL_PREFIX = "/private-files/"
    PrivateStorage(tmp_path / "private").save("ab/photo.jpg", ContentFile(b"x"))
    paths = ("private", "private/ab", "private/ab/photo.jpg")
    assert [(tmp_path / path).stat().st_mode & 0o777 for path in paths] == [0o750, 0o750, 0o640]
