"""What a database holds, asked through a connection of its own: rows, migrations, and the names of files."""

from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections, models
from django.db.migrations.recorder import MigrationRecorder
from django_q.models import OrmQ

from accounts.files.models import PrivateFile

ALIAS = "backup"


class Wanted(NamedTuple):
    """A file that a row names. `sha256` is what the row says about its bytes, if it says anything."""

    storage: str
    name: str
    sha256: str = ""


@contextmanager
def second_connection(**changes):
    """The alias of a connection to the portal's database, with some of its settings changed."""
    second = connection.copy(ALIAS)
    second.settings_dict.update(changes)
    connections[ALIAS] = second
    try:
        yield ALIAS
    finally:
        second.close()
        del connections[ALIAS]


def left_out():
    """The tables whose rows stay out of a backup: log-ins under way, queued tasks, what is only remembered.

    A log-in that was ended must not come to life again, and the outbox knows what has to be queued.
    """
    cache = settings.CACHES["default"]
    remembered = {cache["LOCATION"]} if cache["BACKEND"].endswith("DatabaseCache") else set()
    sessions = {model._meta.db_table for model in apps.get_models() if model._meta.app_label == "usersessions"}
    return {Session._meta.db_table, OrmQ._meta.db_table} | remembered | sessions


def row_counts(using):
    """{table: rows} of all tables."""
    with connections[using].cursor() as cursor:
        tables = sorted(connections[using].introspection.table_names(cursor))
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connections[using].ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def migrations(using):
    """[app, name] of all that are applied, in their order."""
    rows = MigrationRecorder(connections[using]).migration_qs.using(using).order_by("pk")
    return [list(pair) for pair in rows.values_list("app", "name")]


def marking(marker, table):
    """The statement that writes a new Restore, also into a schema older than its model."""
    adapt = connection.ops.adapt_datetimefield_value
    values = (marker.backup, str(adapt(marker.made_at)), str(adapt(marker.started_at)))
    return f"INSERT INTO {table} (backup, made_at, started_at) VALUES ({', '.join(map(literal, values))})"  # noqa: S608


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def wanted_files(using):
    """Each file that a row names, once."""
    return sorted({*_private_files(using), *_editors_files(using)})


def _private_files(using):
    """What is shown, and what was received and waits for the worker."""
    kept, waits = PrivateFile.objects.using(using).kept(), PrivateFile.State.WAITING
    for name, raw, sha256, variants, state in kept.values_list("file", "raw", "sha256", "variants", "state").iterator():
        if name or state == waits:
            yield Wanted("private", name or raw, sha256)
        for variant in variants.values():
            yield Wanted("private", variant["name"])


def _editors_files(using):
    """Pictures and documents of the public pages, and whatever else has a field for a file."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField) and model is not PrivateFile:
                names = model._base_manager.using(using).exclude(**{field.name: ""}).values_list(field.name, flat=True)
                yield from (Wanted("default", name) for name in names.iterator() if name)
