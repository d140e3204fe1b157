"""Dump and restore of SQLite: the database is one file, and so is the dump."""

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from .manifest import BackupError, path_to_disk
from .rows import left_out, marking, row_counts, second_connection

PART = "database.sqlite3"
PATIENCE = 20  # seconds
RESTORING = ".restoring"


def version():
    return sqlite3.sqlite_version


@contextmanager
def snapshot(folder):
    """Dump the database into `folder` as it is at this moment, while others write. Yields the alias of the dump."""
    path = folder / PART
    with closing(_open(database())) as source, closing(_open(path)) as copy:
        source.backup(copy)  # in one step: in WAL mode a reader sees one state, and writers go on
        copy.execute("PRAGMA journal_mode=DELETE")
        for table in left_out() & {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}:
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608
        copy.execute("VACUUM")  # or the deleted rows would still stand in the file
    path_to_disk(path)
    with _leading_to(path) as alias:
        yield alias


def check(path, manifest):
    """Read the dump. Raises BackupError when it is not whole."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as dump:
            said = dump.execute("PRAGMA integrity_check").fetchone()[0]
            counts = {
                table: dump.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for table in manifest.tables
            }
    except sqlite3.Error as error:
        raise BackupError(f"The dump {path} can't be read: {error}.") from error
    if said != "ok" or counts != manifest.tables:
        raise BackupError(f"The dump {path} is damaged: its rows are not those that were counted.")


def restore(part, manifest, marker, finish):
    """Put the dump in the database's place, in one step at the end. `finish` works on it before that.

    Whatever stops this before leaves the database that was there as it was.
    """
    target = database()
    side = target.with_name(target.name + RESTORING)
    target.parent.mkdir(parents=True, exist_ok=True)
    for leftover in target.parent.glob(f"{side.name}*"):
        leftover.unlink()
    shutil.copyfile(part, side)
    side.chmod(0o600)
    with _leading_to(side) as alias:
        if row_counts(alias) != manifest.tables:
            raise BackupError("The restored database has not the rows that were counted. Nothing was changed.")
    _lead_to(side)
    try:
        with connection.cursor() as cursor:
            cursor.execute(marking(marker, marker._meta.db_table))
        finish()
    finally:
        _lead_to(target)
    _in_one_file(side)
    path_to_disk(side)
    _in_one_file(target)
    os.replace(side, target)
    path_to_disk(target.parent)


def check_unused():
    """Raise BackupError when another process has the database open: it would go on writing into the old file."""
    connection.close()
    if database().exists():
        _in_one_file(database())


def database():
    return Path(connection.settings_dict["NAME"])


def free_space_at():
    return database().parent


def _open(path):
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)


def _in_one_file(path):
    """End write-ahead logging, which only its last user can: then all is in the file, and nothing lies beside it."""
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise BackupError(f"{path} is in use ({error}). Stop the portal first, web and worker.") from error
    except sqlite3.DatabaseError:  # no database at all: what is restored takes its place
        return


def _lead_to(path):
    connection.close()
    connection.settings_dict["NAME"] = str(path)


def _leading_to(path):
    return second_connection(NAME=str(path), OPTIONS={"timeout": PATIENCE})
