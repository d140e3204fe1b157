"""PostgreSQL's own programs, and what they are told."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from portal.backups import postgresql
from portal.backups.manifest import BackupError

pytestmark = pytest.mark.postgresql

TELL_TALE = """#!/bin/sh
[ "$1" = --version ] && echo "{version}" && exit
echo "$@" >"{folder}/arguments"
env >"{folder}/environment"
echo "pg_dump: error: gone away" >&2
echo "DETAIL: a row of somebody" >&2
exit 1
"""


@pytest.fixture
def instead(tmp_path, monkeypatch):
    """Another pg_dump, that writes down what it was told and fails."""

    def write(version="pg_dump (PostgreSQL) 99.1"):
        program = tmp_path / "pg_dump"
        program.write_text(TELL_TALE.format(version=version, folder=tmp_path))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return tmp_path

    return write


def test_the_password_stands_on_no_command_line(transactional_db, instead, store, command, monkeypatch):
    told = instead()
    parameters = connection.get_connection_params
    monkeypatch.setattr(connection, "get_connection_params", lambda: parameters() | {"password": "s3cret"})
    monkeypatch.setenv("SECRET_KEY", "not for pg_dump")
    with pytest.raises(CommandError):
        command("backup", store)
    variables = dict(line.partition("=")[::2] for line in (told / "environment").read_text().splitlines())
    assert "s3cret" not in (told / "arguments").read_text()
    assert (variables["PGPASSWORD"], variables["PGDATABASE"]) == ("s3cret", connection.settings_dict["NAME"])
    assert {"SECRET_KEY", "DATABASE_URL"} & {*variables} == set()


def test_its_first_complaint_is_passed_on_without_rows(transactional_db, instead, store, command):
    instead()
    with pytest.raises(CommandError) as raised:
        command("backup", store)
    assert str(raised.value) == "pg_dump failed. pg_dump: error: gone away"
    assert [path.name for path in Path(store).iterdir() if path.name[0].isdigit()] == []


def test_one_that_is_older_than_the_server_is_refused(transactional_db, instead, store, command):
    instead("pg_dump (PostgreSQL) 9.6.2")
    with pytest.raises(CommandError, match=r"pg_dump is of version 9, the server .*Install postgresql-client-\d+\."):
        command("backup", store)


def test_without_it_the_package_is_named(transactional_db, store, command, monkeypatch):
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="pg_dump is not installed. It comes with the package postgresql-client."):
        command("backup", store)


def test_a_dump_that_breaks_off_while_it_is_read_is_taken_back(made, monkeypatch):
    """The last word, which keeps it all, is never said."""
    part = made / postgresql.PART
    part.write_bytes(part.read_bytes()[:-2000])
    said = []
    with pytest.raises(BackupError, match="The dump can't be read, the database is as it was"):
        postgresql._feed(_Listener(said), part, "BEGIN;", "COMMIT;")
    assert b"COMMIT;" not in b"".join(said)


class _Listener:
    def __init__(self, said):
        self.write = said.append

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None
