"""Strangers learn only whether the portal can serve."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from accounts.notices.models import Heartbeat
from portal import health
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def beat(ago=timedelta(0)):
    Heartbeat.objects.create(job="minute", at=NOW - ago)


class TestReady:
    def test_with_database_worker_and_storage_it_is_ready(self, client):
        beat()
        response = client.get("/health/ready")
        assert (response.status_code, response.content) == (200, b"ok\n")

    def test_a_worker_that_fell_silent_is_not_ready(self, client):
        beat(ago=health.SILENCE + timedelta(seconds=1))
        response = client.get("/health/ready")
        assert (response.status_code, response.content) == (503, b"not ok\n")

    def test_storage_that_cannot_be_written_is_not_ready(self, client, monkeypatch):
        beat()
        monkeypatch.setitem(
            health.CHECKS, "storage", lambda at: (_ for _ in ()).throw(OSError(28, "disk full /secret"))
        )
        response = client.get("/health/ready")
        assert (response.status_code, response.content) == (503, b"not ok\n")


def test_a_process_without_a_worker_still_lives(client):
    assert client.get("/health/live").content == b"ok\n"
