"""Dump and restore of PostgreSQL, by its own programs. How to reach the server they learn from their environment."""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager

from django.db import connection, connections, transaction
from psycopg import pq

from .manifest import BackupError, path_to_disk
from .rows import left_out, literal, marking, second_connection

PART = "database.dump"
# Whatever stands in the schema goes, but what an extension brought.
CLEAR = """
DO $clear$
DECLARE statements text[]; statement text;
BEGIN
    WITH of_extensions AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
    SELECT array_agg(listed.statement ORDER BY place) INTO statements FROM (
        SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE'
            WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, current_schema(), relname) AS statement,
            CASE relkind WHEN 'S' THEN 3 ELSE 1 END AS place  -- most sequences go with their tables
        FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
            AND oid NOT IN (SELECT objid FROM of_extensions)
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %I.%I(%s) CASCADE', current_schema(), proname,
            pg_get_function_identity_arguments(oid)), 2
        FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
            AND oid NOT IN (SELECT objid FROM of_extensions)
    ) AS listed;
    FOREACH statement IN ARRAY coalesce(statements, '{}') LOOP EXECUTE statement; END LOOP;
END $clear$;
"""
VERSION = re.compile(r"\b(\d+)(?:\.\d+|beta|rc|devel)")


def version():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


@contextmanager
def snapshot(folder):
    """Dump the database into `folder` as it is at this moment, while others write.

    Yields the alias of a connection that sees the same moment.
    """
    _check_version("pg_dump")
    with second_connection() as alias, transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            moment = cursor.fetchone()[0]
        without = [f"--exclude-table-data={table}" for table in sorted(left_out())]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", *without]
        _run("pg_dump", *options, f"--file={folder / PART}")
        (folder / PART).chmod(0o600)
        path_to_disk(folder / PART)
        yield alias


def check(path, manifest):
    """Read the dump to its end. Raises BackupError when it is not whole."""
    _run("pg_restore", "--file=/dev/null", str(path))


def restore(part, manifest, marker, finish):
    """Put the dump's tables in the place of all others, in one transaction; then `finish`.

    Whatever stops the transaction leaves the database as it was. What stops `finish` leaves an unfinished Restore.
    """
    before, after = _statements(manifest, marker)
    connection.close()
    with tempfile.TemporaryFile() as said:
        arguments = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
        outputs = {"stdout": subprocess.DEVNULL, "stderr": said}
        with subprocess.Popen(arguments, env=_environment(), stdin=subprocess.PIPE, **outputs) as psql:  # noqa: S603
            try:
                _feed(psql.stdin, part, before, after)
            except BrokenPipeError:  # psql has met an error; the server takes all of it back
                pass
            except BaseException:
                psql.kill()
                raise
        if psql.returncode:
            said.seek(0)
            raise BackupError(f"The database refused the dump, and is as it was. {_first_error(said.read())}")
    finish()


def _feed(stdin, part, before, after):
    """The dump as statements, and the word to keep it all only when it came to its end."""
    with stdin, tempfile.TemporaryFile() as said:
        stdin.write(before.encode())
        arguments = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(part)]
        with subprocess.Popen(arguments, env=_environment(), stdout=subprocess.PIPE, stderr=said) as reader:  # noqa: S603
            try:
                shutil.copyfileobj(reader.stdout, stdin, 1024 * 1024)
            except BaseException:
                reader.kill()
                raise
        if reader.returncode:
            said.seek(0)
            raise BackupError(f"The dump can't be read, the database is as it was. {_first_error(said.read())}")
        stdin.write(after.encode())


def _statements(manifest, marker):
    """(what comes before the dump, what comes after it), with the counted rows as a condition."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = quote(cursor.fetchone()[0])
    checks = "\n".join(
        f"IF (SELECT count(*) FROM {schema}.{quote(table)}) <> {int(rows)} THEN"  # noqa: S608
        f" RAISE EXCEPTION '% has not the rows that were counted', {literal(table)}; END IF;"
        for table, rows in manifest.tables.items()
    )
    insert = marking(marker, f"{schema}.{quote(marker._meta.db_table)}")
    return f"BEGIN;\n{CLEAR}", f"DO $check$ BEGIN\n{checks}\nEND $check$;\n{insert};\nCOMMIT;\n"


def check_unused():
    """Raise BackupError when others are connected: the portal still runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupError(f"The database is in use by {others} others. Stop the portal first, web and worker.")


def free_space_at():
    """The server's disk isn't ours to look at."""


# --- its programs ------------------------------------------------------------------------------------------
def _program(name):
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed. It comes with the package postgresql-client.")
    return found


def _environment():
    """Where the database is and how to log in, as libpq's variables: nothing of it stands on a command line."""
    parameters = connection.get_connection_params()
    variables = {option.keyword.decode(): (option.envvar or b"").decode() for option in pq.Conninfo.get_defaults()}
    reaching = {variables[key]: str(value) for key, value in parameters.items() if variables.get(key)}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | reaching | {"LC_MESSAGES": "C"}


def _run(program, *arguments):
    ran = subprocess.run([_program(program), *arguments], env=_environment(), capture_output=True)  # noqa: S603
    if ran.returncode:
        raise BackupError(f"{program} failed. {_first_error(ran.stderr)}")
    return ran.stdout.decode()


def _check_version(program):
    """An older pg_dump can't know what a newer server holds."""
    with connection.cursor():  # connects, if need be
        server = connection.pg_version // 10_000
    own = int(VERSION.search(_run(program, "--version"))[1])
    if own < server:
        raise BackupError(
            f"{program} is of version {own}, the server of version {server}. Install postgresql-client-{server}."
        )


def _first_error(said):
    """The first line, without the rows that may stand in the next."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "")
