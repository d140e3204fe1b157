"""The commands are killed in the middle, with SIGKILL: nothing half looks whole, and the next run mends it."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.files.models import PrivateFile, private_storage
from accounts.models import Owner
from portal.backups.actions import back_up, verify
from portal.backups.models import Restore
from portal.backups.store import Store
from tests.factories import NOW, OwnerFactory

from .conftest import digest_of_bytes, forget, put_back, stored, without_bytes

FILES = 150
ATTEMPTS = 6


@pytest.fixture
def many(transactional_db):
    """Owners, and enough files to be stopped among."""
    OwnerFactory.create_batch(3)
    for number in range(FILES):
        content = f"{number}:".encode() * 2000
        name = private_storage().save(f"{number % 16:02x}/{number}.pdf", ContentFile(content))
        PrivateFile.objects.create(
            file=name, sha256=digest_of_bytes(content), size=len(content), variant_state="made", content_type="-"
        )


@pytest.fixture
def nursery(database_url):
    """A process on the test's database and files, whose children run commands."""

    @contextmanager
    def start():
        environment = os.environ | {"DATABASE_URL": database_url, "PORTAL_DATA": str(settings.DATA_DIR)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        command = [sys.executable, "-m", "tests.portal.backups.worker"]
        with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as process:
            try:
                assert process.stdout.readline() == "ready\n"
                yield process
            finally:
                os.killpg(process.pid, signal.SIGKILL)

    return start


def begin(process, *words):
    process.stdin.write(" ".join(map(str, words)) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def run_and_kill(process, *words, after):
    child = begin(process, *words)
    time.sleep(after)
    with suppress(ProcessLookupError):  # it was done before that
        os.kill(child, signal.SIGKILL)
    process.stdout.readline()


def run_through(process, *words):
    """Seconds that it took."""
    began = time.monotonic()
    begin(process, *words)
    assert process.stdout.readline() == "gone\n"
    return time.monotonic() - began


def test_a_killed_backup_leaves_nothing_that_looks_whole(many, nursery, store, tmp_path):
    store = Store(store)
    with nursery() as process:
        lasts = run_through(process, "backup", tmp_path / "first")
        for _ in range(ATTEMPTS):
            run_and_kill(process, "backup", store, after=random.uniform(0, lasts))
            for folder in store.backups() if store.objects.exists() else []:
                verify(store, folder)  # it was quicker than the kill, so it is whole
    later = timezone.now() + timedelta(minutes=1)  # the last one may have been done this very second
    folder, manifest = back_up(store.folder, at=later)
    assert (manifest.problems, verify(store, folder).files["count"]) == ([], FILES)
    assert [path.name for path in store.folder.rglob("*.partial")] == []


def test_a_killed_restore_can_be_run_again(many, nursery, store, lose_everything):
    folder, before = back_up(store, at=NOW)[0], stored()
    with nursery() as process:
        lose_everything()
        lasts = run_through(process, "restore", folder)
        assert (Owner.objects.count(), stored()) == (3, before)
        for _ in range(ATTEMPTS):
            lose_everything()
            run_and_kill(process, "restore", folder, after=random.uniform(0, lasts))
            wait_until_nobody_is_connected()
            if "accounts_owner" in connection.introspection.table_names():
                # All of it or nothing: and never rows before their files.
                assert (Owner.objects.count(), without_bytes()) == (3, set())
            connection.close()
            put_back(folder, replace=was_finished())
            forget()
            assert (Owner.objects.count(), stored(), Restore.objects.unfinished().count()) == (3, before, 0)


def was_finished():
    tables = connection.introspection.table_names()
    return Restore._meta.db_table in tables and not Restore.objects.unfinished().exists()


def wait_until_nobody_is_connected():
    """PostgreSQL notices a moment later that psql is gone."""
    if connection.vendor != "postgresql":
        return
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.1)
