"""The log of events can only grow: the database itself refuses the rest."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.events.actions import record
from accounts.events.models import Event
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    user = UserFactory()
    return record("looked at", user, by=user)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: Event.objects.update(verb="was never here"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.bulk_update([_renamed(Event.objects.get())], ["verb"]),
        lambda: connection.cursor().execute("UPDATE events_event SET verb = 'was never here'"),
        lambda: connection.cursor().execute("DELETE FROM events_event"),
    ],
    ids=["update", "delete", "bulk_update", "UPDATE", "DELETE"],
)
def test_no_event_is_changed_or_deleted_by_whatever_way(event, attempt):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        attempt()
    assert Event.objects.get().verb == "looked at"


def _renamed(event):
    event.verb = "was never here"
    return event


def test_saving_one_again_is_refused_before_the_database_is_asked(event):
    with pytest.raises(TypeError, match="append-only"):
        event.save()


def test_more_can_always_be_added(event):
    record("left", UserFactory(), by=None)
    assert Event.objects.count() == 2
