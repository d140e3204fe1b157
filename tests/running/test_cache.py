"""A Redis server on the loopback as the cache of several processes."""

import os
import subprocess
import sys

import pytest

from .processes import HOST, PATIENCE, Process, free_ports, listens, program, wait_until

pytestmark = [pytest.mark.postgresql, pytest.mark.running]

THREE_WRONG_PASSWORDS = """
import django
django.setup()
from django.test import Client
from django.urls import reverse
for _each in range(3):
    wrong = {"login": "nobody@example.com", "password": "not the right one"}
    page = Client().post(reverse("account_login"), wrong).content.decode()
print("That was too often." in page)
"""


@pytest.fixture
def redis(tmp_path):
    """The address of a server that keeps nothing."""
    [port] = free_ports(1)
    options = {"--port": port, "--bind": HOST, "--save": "", "--appendonly": "no", "--dir": tmp_path}
    command = [program("redis-server"), *(str(word) for option in options.items() for word in option)]
    server = Process(command, log=tmp_path / "redis.log")
    try:
        wait_until(lambda: listens(port), "no Redis")
        yield f"redis://{HOST}:{port}/0"
    finally:
        server.kill()


def is_too_often_after_three(database_url, cache_url):
    """In a process of its own."""
    environment = os.environ | {"DATABASE_URL": database_url, "CACHE_URL": cache_url}
    command = [sys.executable, "-c", THREE_WRONG_PASSWORDS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE)
    return done.stdout.split()[-1] == "True"


def test_processes_count_wrong_passwords_together(redis, database_url):
    assert [is_too_often_after_three(database_url, redis) for _each in range(2)] == [False, True]


def test_processes_with_caches_of_their_own_do_not(database_url):
    """The negative control."""
    assert [is_too_often_after_three(database_url, "locmemcache://") for _each in range(2)] == [False, False]
