"""Making backups and looking after them."""

import hmac
import tomllib
from datetime import UTC
from hashlib import sha256

import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from accounts.files.holds import bytes_kept
from accounts.notices.models import Heartbeat

from . import rows
from .engines import ENGINES, engine
from .manifest import FILES, BackupError, Entry, Manifest, digest_of, read_entries, read_manifest, write_entries
from .store import Store

log = structlog.get_logger(__name__)

MISSING = "missing"
KEPT_BEFORE = "gone from the storage; these bytes come from an earlier backup"
DIFFERENT = "not the bytes that its row names"
REPLACED = "not the bytes that its row names; those come from an earlier backup"
HEARTBEAT = "backup"


def back_up(folder, *, at, keep=None):
    """Make a backup in `folder`: database first, then the files that it names. Returns (its folder, its Manifest).

    People may go on writing: the dump is of one moment, and no file of that moment is deleted before its bytes are
    copied. A file that the storage has lost stands in the manifest's problems. With `keep`, older ones are removed.
    Raises BackupError.
    """
    store = _store_at(folder)
    with store.locked(alone=True):
        store.clear_unfinished()
        with bytes_kept() as hold, store.new_backup(at) as unfinished:
            wanted, facts = _dump(unfinished)
            problems = []
            files = write_entries(unfinished, _copied(wanted, store, hold, problems))
            manifest = Manifest(made_at=at.isoformat(), files=files, problems=problems, **facts)
            engine().check(unfinished / facts["database"]["name"], manifest)
            manifest.write(unfinished)
        if keep:
            store.keep(keep)
    if not problems and store.folder == _nightly_folder():
        Heartbeat.objects.beat(HEARTBEAT, at=at)
    log.info("backed_up", backup=unfinished.stem, files=files["count"], problems=len(problems))
    return store.folder / unfinished.stem, manifest


def _store_at(folder):
    store = Store(folder)
    public = Store(settings.MEDIA_ROOT).folder
    if public == store.folder or public in store.folder.parents:
        raise BackupError(f"{store} lies among the public files: everybody could fetch it.")
    return store


def _nightly_folder():
    return Store(settings.BACKUP_FOLDER).folder if settings.BACKUP_FOLDER else None


def _dump(folder):
    """Write the dump. Returns (the files it names, what the manifest says about it)."""
    database = engine()
    with database.snapshot(folder) as alias:
        wanted = rows.wanted_files(alias)
        counts = rows.row_counts(alias)
        tables = counts | dict.fromkeys(rows.left_out() & {*counts}, 0)  # these the dump has empty
        migrations = rows.migrations(alias)
    digest, size = digest_of(folder / database.PART)
    return wanted, {
        "portal": portal_version(),
        "engine": connection.vendor,
        "server": database.version(),
        "secret": check_value(settings.SECRET_KEY),
        "migrations": migrations,
        "tables": tables,
        "database": {"name": database.PART, "sha256": digest, "size": size},
    }


def portal_version():
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


def check_value(secret):
    """Tells whether a SECRET_KEY is the same, and nothing else about it."""
    return hmac.new(secret.encode(), b"portal.backups.secret", sha256).hexdigest()


# --- files -------------------------------------------------------------------------------------------------
def _copied(wanted, store, hold, problems):
    """An Entry for each of these files whose bytes are in the store now. Adds to `problems` what was wrong."""
    earlier = _newest_entries(store)
    for number, file in enumerate(wanted):
        if number % 100 == 0:
            hold.renew()
        entry, problem = _copy(file, earlier.get(file[:2]), store)
        if problem:
            problems.append([file.storage, file.name, problem])
        if entry:
            yield entry


def _newest_entries(store):
    """What the last readable backup has, by storage and name: it need not be read again."""
    for folder in reversed(store.backups()):
        try:
            said = read_manifest(folder).files["sha256"]
            if digest_of(folder / FILES)[0] == said:
                return {entry[:2]: entry for entry in read_entries(folder)}
        except (BackupError, OSError):
            log.warning("backup_unreadable", backup=folder.name)
    return {}


def _copy(file, before, store):
    """(Entry or None, what is wrong or "")"""
    try:
        entry = _unchanged(file, before, store) or _read(file, store)
    except FileNotFoundError:
        entry = _as_before(file, before, store)
        return entry, KEPT_BEFORE if entry else MISSING
    if file.sha256 and entry.sha256 != file.sha256:
        good = _as_before(file, None, store)
        return good or entry, REPLACED if good else DIFFERENT
    return entry, ""


def _unchanged(file, before, store):
    if before is None or not store.has(before.sha256, before.size):
        return None
    same = storages[file.storage].size(file.name) == before.size and _modified(file) == before.modified
    return before if same else None


def _read(file, store):
    modified = _modified(file)
    with storages[file.storage].open(file.name) as opened:
        return Entry(file.storage, file.name, *store.add(opened), modified)


def _modified(file):
    """The bytes under a private name never change; an editor's file may be replaced."""
    if file.storage == "private":
        return ""
    return storages[file.storage].get_modified_time(file.name).astimezone(UTC).isoformat()


def _as_before(file, before, store):
    """The bytes that an earlier backup has kept, those that the row names first."""
    if file.sha256 and store.has(file.sha256):
        return Entry(file.storage, file.name, file.sha256, store.path(file.sha256).stat().st_size, "")
    return before if before and store.has(before.sha256, before.size) else None


# --- verifying ---------------------------------------------------------------------------------------------
def verify(store, folder):
    """Read all of a backup, its dump too. Returns its Manifest; raises BackupError with what is wrong."""
    manifest = store.check(folder)
    dumped_by = ENGINES.get(manifest.engine)
    if dumped_by is None:
        raise BackupError(f"{folder.name} is of a database that this portal doesn't know: {manifest.engine}.")
    dumped_by.check(folder / manifest.database["name"], manifest)
    return manifest
