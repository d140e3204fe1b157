"""The suite's databases (a pytest plugin): migrated once, copied for each worker and after each test that commits.

Migrating takes many seconds, copying a few milliseconds. So a migrated template is kept: on SQLite a file in
var/test-templates, on PostgreSQL (`DATABASE_URL` names the server) a database beside the others. Its name carries
a fingerprint of everything that decides its content. A test that commits (`transactional_db`, `live_server`) isn't
flushed, which would take the rows of the migrations along: it leaves its database behind, and the next gets a new copy.
"""

import fcntl
import hashlib
import os
import re
import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase, override_settings

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "test-templates"
APPS = ("accounts", "cms", "portal", "progress")
OUR_IMPORT = re.compile(rf"^from ((?:{'|'.join(APPS)})[.\w]*) import", re.MULTILINE)


def fingerprint():
    """A short hash of what decides a migrated database: migrations, post_migrate, what these import, the packages."""
    decisive = [path for app in APPS for path in (ROOT / app).rglob("*.py") if _runs_in_migrate(path)]
    imported = {ROOT / f"{name.replace('.', '/')}.py" for path in decisive for name in _imports(path)}
    digest = hashlib.sha256()
    for path in sorted({*decisive, *imported, ROOT / "requirements.lock"}):
        if path.exists():
            digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    digest.update(repr((settings.INSTALLED_APPS, settings.LANGUAGES)).encode())
    return digest.hexdigest()[:12]


def _runs_in_migrate(path):
    return path.parent.name == "migrations" or path.name in {"apps.py", "groups.py"}


def _imports(path):
    return OUR_IMPORT.findall(path.read_text())


@contextmanager
def _one_at_a_time():
    """Workers start together: the first makes the template, the others wait for it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use(name):
    """Every connection opened from now on, in any thread, leads to this database."""
    connection.close()
    connection.settings_dict["NAME"] = str(name)


def _migrate_into(name):
    _use(name)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", "portal_cache", verbosity=0)
    connection.close()


class SqliteCopies:
    """Files, not memory: threads and other processes can open them too."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        # No test cuts the power, so none waits for the disk.
        connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        self.template = KEPT / f"{fingerprint()}.sqlite3"
        if not self.template.exists():
            unfinished = self.template.with_suffix(".unfinished")
            unfinished.unlink(missing_ok=True)
            _migrate_into(unfinished)
            for outdated in KEPT.glob("*.sqlite3"):
                outdated.unlink()
            unfinished.rename(self.template)

    def renew(self):
        """A new name each time: a thread that still holds the old file can't reach the new one's log."""
        self.remove()
        self.count += 1
        _use(self.folder / f"portal-{self.count}.sqlite3")
        shutil.copyfile(self.template, connection.settings_dict["NAME"])

    def remove(self):
        connection.close()
        for path in self.folder.glob("portal-*"):
            path.unlink(missing_ok=True)  # a thread that closes as last removes its log beside us

    def url(self):
        return f"sqlite:///{connection.settings_dict['NAME']}"


class PostgresqlCopies:
    """Databases on the server that `DATABASE_URL` names; those of earlier templates are dropped."""

    def __init__(self):
        self.name, self.template = f"portal_test_{os.getpid()}", f"portal_template_{fingerprint()}"
        templates = self._server("SELECT datname FROM pg_database WHERE datname LIKE 'portal\\_template\\_%'")
        if self.template not in templates:
            unfinished = f"{self.template}_unfinished"
            for outdated in templates:
                self._server(f"DROP DATABASE {outdated} WITH (FORCE)")
            self._server(f"CREATE DATABASE {unfinished}")
            _migrate_into(unfinished)
            self._server(f"ALTER DATABASE {unfinished} RENAME TO {self.template}")

    def renew(self):
        self.remove()
        self._server(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
        _use(self.name)

    def remove(self):
        connection.close()
        self._server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def url(self):
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()

    @staticmethod
    def _server(statement):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []


@pytest.fixture(scope="session")
def copies(django_test_environment, django_db_blocker, tmp_path_factory):
    """This process's database; `copies.renew()` puts a freshly migrated one in its place."""
    connection.settings_dict["CONN_MAX_AGE"] = 0  # a live server's threads must not keep a database that is gone
    with django_db_blocker.unblock():
        with _one_at_a_time():
            sqlite = connection.vendor == "sqlite"
            made = SqliteCopies(tmp_path_factory.mktemp("database")) if sqlite else PostgresqlCopies()
        made.renew()
        ContentType.objects.clear_cache()
    yield made
    with django_db_blocker.unblock():
        made.remove()


@pytest.fixture(scope="session")
def django_db_setup(copies):
    """Takes the place of pytest-django's: our copies instead of a migration, a new copy instead of a flush."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test_case: copies.renew())
        yield


@pytest.fixture
def database_url(copies, transactional_db):
    """For processes that a test starts itself: `env={**os.environ, "DATABASE_URL": database_url}`."""
    return copies.url()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _nothing_left_over():
    """Each test starts with an empty cache and leaves no file behind; tests.environment made the folder."""
    cache.clear()
    yield
    for name in os.listdir(settings.DATA_DIR):
        shutil.rmtree(settings.DATA_DIR / name, ignore_errors=True)


def pytest_collection_modifyitems(items):
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgresql"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: make test runs it there"))
