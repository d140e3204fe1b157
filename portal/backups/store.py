"""A folder of backups on a disk: one folder each, named by its time, and the bytes of files once for all of them.

    FOLDER/20261122T033000Z/    manifest.json, files.jsonl, database.sqlite3 or database.dump
    FOLDER/objects/ab/cdef…     the bytes of a file, under their sha256

A backup that has no ending `.partial` is whole: it gets its name in one step, at the end.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path

from .manifest import (
    CHUNK,
    FILES,
    NAME,
    BackupError,
    LockedError,
    digest_of,
    path_to_disk,
    read_entries,
    read_manifest,
    to_disk,
)

BACKUP = re.compile(r"\d{8}T\d{6}Z")
PARTIAL = ".partial"


class Store:
    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        self.objects = self.folder / "objects"

    def __str__(self):
        return str(self.folder)

    @contextmanager
    def locked(self, *, alone):
        """Nobody else writes meanwhile; with `alone` nobody reads either. The lock ends with its process, too."""
        try:
            if alone:
                self.objects.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not (self.folder / ".lock").exists() and self.objects.is_dir():
                yield  # a copy, where nobody makes backups
                return
            handle = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT if alone else os.O_RDONLY, 0o600)
        except OSError as error:
            raise BackupError(f"{self.folder} is no folder of backups: {error.strerror}.") from error
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise LockedError(f"Another backup or restore is at work in {self.folder}.") from error
        finally:
            os.close(handle)

    def backups(self):
        """The folders of all whole backups, the oldest first."""
        return sorted(path for path in self.folder.iterdir() if BACKUP.fullmatch(path.name) and path.is_dir())

    @contextmanager
    def new_backup(self, at):
        """A folder to write a backup into. It becomes one when the block ends well, and goes when it doesn't."""
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        final, partial = self.folder / name, self.folder / (name + PARTIAL)
        if final.exists():
            raise BackupError(f"{final} exists already.")
        try:
            partial.mkdir(mode=0o700)
            yield partial
            path_to_disk(partial)
            partial.rename(final)
            path_to_disk(self.folder)
        except BaseException as error:
            shutil.rmtree(partial, ignore_errors=True)
            if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise BackupError(f"No room is left in {self.folder}; there is no new backup.") from error
            raise

    def clear_unfinished(self):
        """What a killed process left behind."""
        for path in self.folder.glob(f"*{PARTIAL}"):
            if path.is_symlink():  # none of ours, and where it leads is not either
                path.unlink()
            else:
                shutil.rmtree(path)
        for path in self.objects.glob(f".*{PARTIAL}"):
            path.unlink()

    # --- the bytes ---------------------------------------------------------------------------------------

    def path(self, sha256):
        return self.objects / sha256[:2] / sha256[2:]

    def has(self, sha256, size=None):
        """Whether these bytes are here; that they are still the same, `check` asks."""
        with suppress(OSError):
            return size in {None, self.path(sha256).stat().st_size}
        return False

    def add(self, file):
        """Keep the bytes of an open file: (sha256, size). They are on the disk when this returns."""
        digest, size = hashlib.sha256(), 0
        handle, partial = tempfile.mkstemp(prefix=".", suffix=PARTIAL, dir=self.objects)
        try:
            with os.fdopen(handle, "wb") as copy:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
                    size += len(chunk)
                to_disk(copy)
            path = self.path(digest.hexdigest())
            if not path.parent.exists():
                path.parent.mkdir(mode=0o700)
                path_to_disk(self.objects)
            os.replace(partial, path)  # also over an older copy, which may have gone bad
            path_to_disk(path.parent)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(partial)
            raise
        return digest.hexdigest(), size

    # --- looking after them ------------------------------------------------------------------------------

    def check(self, folder):
        """Read every byte of a backup and compare it. Returns its Manifest; raises BackupError with what is wrong."""
        manifest = read_manifest(folder)
        wrong = []
        for part, said in ((manifest.database["name"], manifest.database), (FILES, manifest.files)):
            try:
                if digest_of(folder / part)[0] != said["sha256"]:
                    wrong.append(f"{part} is damaged or cut off")
            except OSError:
                wrong.append(f"{part} is missing")
        if not wrong:
            wrong = list(self._wrong_objects(folder))
        if wrong:
            more = f"\n  … and {len(wrong) - 20} more" if len(wrong) > 20 else ""
            raise BackupError("\n  ".join([f"{folder.name} can't be relied on:", *wrong[:20]]) + more)
        return manifest

    def _wrong_objects(self, folder):
        checked = {}
        for entry in read_entries(folder):
            if entry.sha256 not in checked:
                checked[entry.sha256] = self._what_is_wrong(entry)
            if checked[entry.sha256]:
                yield f"the bytes of {entry.name} are {checked[entry.sha256]}: {self.path(entry.sha256)}"

    def _what_is_wrong(self, entry):
        try:
            return "" if digest_of(self.path(entry.sha256)) == (entry.sha256, entry.size) else "damaged"
        except OSError:
            return "missing"

    def keep(self, number):
        """Remove all but the newest `number` backups, then the bytes that none of these needs. Returns their names."""
        backups = self.backups()
        old = backups[: max(0, len(backups) - number)]
        for folder in old:
            gone = folder.rename(folder.with_name(folder.name + PARTIAL))  # half removed, it must not look whole
            shutil.rmtree(gone)
        needed = {entry.sha256 for folder in self.backups() for entry in self._listed(folder)}
        for path in self.objects.glob("??/*"):
            if path.parent.name + path.name not in needed:
                path.unlink()
        return [folder.name for folder in old]

    def _listed(self, folder):
        """Its entries, once we know that the list is the one that was written: what it lacks would be deleted."""
        if digest_of(folder / FILES)[0] != read_manifest(folder).files["sha256"]:
            raise BackupError(f"{folder.name}: {FILES} is damaged, so no bytes are removed.")
        return read_entries(folder)


def find(path):
    """(Store, folders of backups) of what the command line names: a folder of backups, or one backup in it."""
    path = Path(path).absolute()
    if BACKUP.fullmatch(path.name) or (path / NAME).exists():
        return Store(path.parent), [path]
    store = Store(path)
    if not store.objects.is_dir():
        raise BackupError(f"{path} is neither a backup nor a folder of backups.")
    return store, store.backups()
