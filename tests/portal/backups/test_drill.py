"""The drill: back up, lose everything, restore, and every address answers each person as before."""

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.files.actions import make_variants, store_image
from accounts.files.models import PrivateFile
from portal.backups.models import Restore
from progress.updates.models import UpdatePhoto
from tests.accounts.files.pictures import photo
from tests.factories import NOW, TINY_JPEG
from tests.test_urls import PERSONS, ROWS, answer, persons, row_of, world  # noqa: F401  fixtures of the walk

from .conftest import digest_of_bytes, stored, without_bytes

OURS = ("accounts_", "progress_", "updates_", "documents_", "households_", "events_", "journeys_")  # tables
WALKERS = (  # tests/test_urls.py walks as everybody
    "nobody",
    "a stranger with another home",
    "the former owner",
    "the owner",
    "a tenant",
    "site manager here",
    "supervisor here",
)


MADE_UP = {"home:warranty"}  # of no work that was finished: the worker, back at work, lets go of it


def but_for_made_up(answers):
    return {name: each for name, each in answers.items() if name not in MADE_UP}


@pytest.fixture
def photos(transactional_db, world):  # noqa: F811
    """Real photos with all their variants, held by the published update, besides the factory's."""
    made_up = PrivateFile.objects.filter(sha256__startswith="00000000")  # by the factory
    made_up.update(sha256=digest_of_bytes(TINY_JPEG), size=len(TINY_JPEG))
    files = [store_image(photo(color=(shade, 80, 90)), by=None) for shade in (20, 120, 220)]
    for order, file in enumerate(files, start=1):
        make_variants(file)
        UpdatePhoto.objects.create(update=world["update"], file=file, order=order)
    return UpdatePhoto.objects.filter(file__in=files)


def logins(clients):
    """Whose session each client holds."""
    return {name: client.session.get("_auth_user_id") for name, client in clients.items()}


def walk(clients, world):  # noqa: F811
    """{address: what each person gets there}"""
    requests = {name: row_of(world, name, words) for name, words, _answers in ROWS}
    return {
        name: {person: answer(client, *request) for person, client in clients.items()}
        for name, request in requests.items()
    }


def table():
    rows = {name: dict(zip(PERSONS, answers.split(), strict=True)) for name, _words, answers in ROWS}
    return {name: {person: answers[person] for person in WALKERS} for name, answers in rows.items()}


def came_in_anew(users, world):  # noqa: F811
    world["session"] = UserSession.objects.create(user=world["owner"].user, ip="127.0.0.1", session_key="elsewhere")
    clients = {name: Client(raise_request_exception=False) for name in WALKERS}
    for name, pk in users.items():
        if pk and name in clients:
            clients[name].force_login(get_user_model().objects.get(pk=pk))
    return clients


def photos_as_shown(client, photos):
    return {
        (str(each.pk), variant): client.get(reverse("home:photo-file", args=[each.pk, variant])).getvalue()
        for each in photos
        for variant in ("thumb", "large")
    }


def rows_of_our_tables():
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table.startswith(OURS)]
        return {(table, row) for table in tables for row in _all_rows(cursor, table)}


def _all_rows(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
    return map(repr, cursor.fetchall())


def test_after_the_loss_of_everything_each_person_gets_the_answers_of_the_table(
    photos,
    persons,  # noqa: F811
    world,  # noqa: F811
    store,
    lose_everything,
    command,
):
    users, files, rows = logins(persons), stored(), rows_of_our_tables()
    shown = photos_as_shown(persons["the owner"], photos)
    with time_machine.travel(NOW):
        command("backup", store)
        assert "is whole" in command("backup", "--verify", store)
        lose_everything()
        assert (stored(), connection.introspection.table_names()) == ({}, [])
        command("restore", next(store.glob("2026*")))

    assert (stored(), without_bytes()) == (files, set())
    assert rows - rows_of_our_tables() == set()  # the work that fell due meanwhile adds to the log of events
    assert Restore.objects.unfinished().count() == 0
    assert answer(persons["the owner"], "get", "/my/") == "L"  # the log-in of before has ended
    clients = came_in_anew(users, world)
    assert photos_as_shown(clients["the owner"], photos) == shown
    assert but_for_made_up(walk(clients, world)) == but_for_made_up(table())
