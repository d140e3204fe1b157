"""From a backup back to a portal: everything is looked at before anything is touched."""

import os
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import Owner, User
from progress.models import Development

from . import aftermath
from .actions import check_value, verify
from .engines import engine_of
from .manifest import BackupError, Manifest, digest_of_open, read_entries
from .models import Restore
from .store import Store

log = structlog.get_logger(__name__)
SPARE = 2  # the database's copy, and what grows while it is brought up to date


class Checked(NamedTuple):
    """A backup that may be restored here, and what whoever restores it should know."""

    store: Store
    folder: Path
    manifest: Manifest
    warnings: list


def check(store, folder):
    """Look at all of a backup, and whether it fits here; nothing is touched. Raises BackupError, or returns Checked."""
    manifest = verify(store, folder)
    engine_of(manifest)
    _check_schema(manifest)
    _check_room(manifest, folder)
    return Checked(store, folder, manifest, list(_warnings(manifest)))


def _check_schema(manifest):
    known = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {pair for migration in known.disk_migrations.values() for pair in migration.replaces}
    later = [
        f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in {*known.disk_migrations, *replaced}
    ]
    if later:
        more = f" and {len(later) - 5} more" if len(later) > 5 else ""
        raise BackupError(
            f"The backup is of a newer version of the portal ({manifest.portal}): this one does not know"
            f" {', '.join(later[:5])}{more}. Install that version first."
        )


def _check_room(manifest, folder):
    """Raise BackupError where a disk that we can look at has no room for what comes to it."""
    needed = Counter()
    for entry in read_entries(folder):
        storage = storages[entry.storage]
        if isinstance(storage, FileSystemStorage) and not storage.exists(entry.name):
            needed[_existing(storage.location)] += entry.size
    if place := engine_of(manifest).free_space_at():
        needed[_existing(place)] += SPARE * manifest.database["size"]
    for disk, size in _by_disk(needed).items():
        free = shutil.disk_usage(disk).free
        if free < size:
            raise BackupError(f"{size / 1e6:,.0f} MB come to {disk}, where {free / 1e6:,.0f} MB are free.")


def _existing(place):
    place = Path(place).absolute()
    return next(folder for folder in (place, *place.parents) if folder.is_dir())


def _by_disk(needed):
    """The same sums, added up where folders share a disk."""
    first, sums = {}, Counter()
    for folder, size in needed.items():
        sums[first.setdefault(os.stat(folder).st_dev, folder)] += size
    return sums


def _warnings(manifest):
    if manifest.secret not in map(check_value, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]):
        yield (
            "SECRET_KEY is another one than when the backup was made. Authenticator apps will not be recognised, and"
            " links in messages no longer open. Put the old one into SECRET_KEY, or into SECRET_KEY_FALLBACKS."
        )
    if manifest.problems:
        yield f"{len(manifest.problems)} files were missing or damaged when it was made; its manifest names them."


def is_vacant():
    """Whether a restore would destroy nothing: no people and no places, or what a restore that failed has left."""
    tables = connection.introspection.table_names()
    if Restore._meta.db_table in tables and Restore.objects.unfinished().exists():
        return True
    return not any(
        model._meta.db_table in tables and model._default_manager.exists() for model in (User, Owner, Development)
    )


def restore(checked, *, replace=False, at):
    """Put a checked backup in the place of what is here. Returns how many messages are held back.

    Files first, then the database in one step: what stops it before that leaves the old database. What stops it
    afterwards leaves an unfinished Restore; the portal says it is not ready, and the same restore may be run again.
    Raises BackupError.
    """
    database = engine_of(checked.manifest)
    if not replace and not is_vacant():
        raise BackupError("The database is not empty. With --replace all that is in it is lost.")
    database.check_unused()
    _put_back(checked.store, checked.folder)
    marker = Restore(
        backup=checked.folder.name, made_at=datetime.fromisoformat(checked.manifest.made_at), started_at=at
    )
    held = []
    part = checked.folder / checked.manifest.database["name"]
    database.restore(part, checked.manifest, marker, lambda: held.append(aftermath.finish(at=at)))
    log.info("restored", backup=checked.folder.name, held=held[0])
    return held[0]


def _put_back(store, folder):
    """Give the storages every file of the backup that they lack or hold with other bytes."""
    for entry in read_entries(folder):
        storage = storages[entry.storage]
        if storage.exists(entry.name):
            if _same(storage, entry):
                continue
            storage.delete(entry.name)
        with store.path(entry.sha256).open("rb") as file:
            name = storage.save(entry.name, File(file))
        if name != entry.name:
            raise BackupError(f"The storage calls {entry.name} {name}: is somebody still writing?")


def _same(storage, entry):
    if storage.size(entry.name) != entry.size:
        return False
    with storage.open(entry.name) as file:
        return digest_of_open(file)[0] == entry.sha256
