"""The one place besides the settings that asks which database it is: each has its own way to be dumped."""

from django.db import connection

from . import postgresql, sqlite
from .manifest import BackupError

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine():
    return ENGINES[connection.vendor]


def engine_of(manifest):
    """The engine of this database, which must be the backup's. Raises BackupError when it is the other one."""
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"This is a backup of {manifest.engine}, and DATABASE_URL names a database of {connection.vendor}."
            " A backup goes back into the kind of database it came from."
        )
    return engine()
