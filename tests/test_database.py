"""The fixtures of tests/database.py keep their promises."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.test import override_settings
from wagtail.models import Locale, Page

from accounts.models import User
from tests import database
from tests.concurrency import Outcomes, all_at_once, without_locks
from tests.factories import DevelopmentFactory, UserFactory


class TestCommittedRows:
    """Run in this order: the second test sees what the first, which really commits, left."""

    def test_a_test_that_commits_empties_the_tables(self, transactional_db):
        UserFactory()
        Page.objects.all().delete()
        Locale.objects.all().delete()
        assert (User.objects.count(), Page.objects.count()) == (1, 0)

    def test_the_next_finds_the_migrations_rows_and_no_others(self, transactional_db):
        assert (User.objects.count(), Page.objects.filter(depth=1).count()) == (0, 1)
        assert Locale.objects.count() == len(settings.LANGUAGES)

    def test_another_process_reads_what_was_committed(self, database_url):
        UserFactory(name="Committed")
        program = "import django; django.setup(); from accounts.models import User; print(User.objects.get().name)"
        seen = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "DATABASE_URL": database_url},
            cwd=database.ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert seen.stdout == "Committed\n"


def test_the_suite_never_opens_the_demonstrations_database(db):
    assert not connection.settings_dict["NAME"].startswith(str(database.ROOT / "var"))


def test_the_cache_table_exists(db):
    table = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}
    with override_settings(CACHES=table):
        caches["default"].set("key", "value")
        assert caches["default"].get("key") == "value"


@pytest.mark.postgresql
def test_the_postgresql_mark_skips_elsewhere(db):
    assert connection.vendor == "postgresql"


@pytest.mark.parametrize("time", ["first", "second"])
def test_nothing_is_left_for_the_next_test(time):
    stored = Path(settings.PRIVATE_ROOT) / "left"
    assert (cache.get("left"), stored.exists()) == (None, False)
    cache.set("left", time)
    stored.parent.mkdir(parents=True)
    stored.write_text(time)


class TestFingerprint:
    def test_a_changed_migration_makes_another_template(self, tmp_path, monkeypatch):
        migration = tmp_path / "accounts" / "migrations" / "0001_initial.py"
        migration.parent.mkdir(parents=True)
        migration.write_text("from accounts.rows import ROWS\n")
        monkeypatch.setattr(database, "ROOT", tmp_path)
        fingerprints = {database.fingerprint()}
        (tmp_path / "accounts" / "rows.py").write_text("ROWS = 1\n")
        fingerprints.add(database.fingerprint())
        migration.write_text("from accounts.rows import ROWS  # changed\n")
        fingerprints.add(database.fingerprint())
        (tmp_path / "accounts" / "views.py").write_text("# decides nothing\n")
        assert len(fingerprints | {database.fingerprint()}) == 3


class TestAllAtOnce:
    def test_errors_and_results_are_kept_apart(self, transactional_db):
        def halve(number):
            if number % 2:
                raise ValueError(number)
            return number // 2

        assert all_at_once(halve, range(4)) == Outcomes(returned=[0, 1], raised=[ValueError, ValueError])

    @pytest.mark.postgresql
    def test_without_locks_a_counter_loses_steps(self, transactional_db):
        development = DevelopmentFactory(name_en="0")
        same = type(development).objects.filter(pk=development.pk)

        def count(_):
            with transaction.atomic():
                row = same.select_for_update().get()
                row.name_en = str(int(row.name_en) + 1)
                row.save()

        assert all_at_once(count, range(12)).raised == []
        assert same.get().name_en == "12"
        with without_locks():
            all_at_once(count, range(12))
        assert int(same.get().name_en) < 24


def test_a_socket_to_elsewhere_is_refused():
    with pytest.warns(UserWarning, match="tried to use socket"), pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
