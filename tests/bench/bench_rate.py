"""How many owners' pages a real server answers, beside a view that does nothing behind the same middleware."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.db import connection

from tests.bench.bench_pages import owner_of
from tests.bench.estate import grow

THREADS, SECONDS, ROUNDS, AIM = 4, 2, 4, 0.15


@pytest.fixture
def server(database_url):
    """(host, port) of one gunicorn process with threads, on the database of the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        where = free.getsockname()
    command = ["gunicorn", "tests.bench.wsgi", "--worker-class=gthread", "--workers=1", f"--threads={THREADS}"]
    command += [f"--bind={where[0]}:{where[1]}", "--no-control-socket", "--log-level=error", "--keep-alive=30"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(where)
        yield where
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(where):
    until = monotonic() + 60
    while monotonic() < until:
        try:
            socket.create_connection(where, 1).close()
            return
        except OSError:
            sleep(0.2)
    raise TimeoutError("The server did not come up.")


def answers(where, url, cookies, *, seconds):
    """How many answers a second to as many visitors as the server has threads, each on one connection."""

    def visit(_number):
        line, count = HTTPConnection(*where, timeout=60), 0
        until = monotonic() + seconds
        while monotonic() < until:
            line.request("GET", url, headers={"Cookie": cookies, "Accept-Language": "en"})
            response = line.getresponse()
            response.read()
            assert response.status == 200
            count += 1
        line.close()
        return count

    with ThreadPoolExecutor(THREADS) as visitors:
        return sum(visitors.map(visit, range(THREADS))) / seconds


def bench_rate_beside_a_bare_view(server):
    client, pages = owner_of(grow(200))
    cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    urls = {"bare": "/bare/", **pages}
    rates = dict.fromkeys(urls, 0)
    for url in urls.values():
        answers(server, url, cookies, seconds=1)  # what is compiled at the first time
    for _each in range(ROUNDS):  # by turns
        for name, url in urls.items():
            rates[name] += answers(server, url, cookies, seconds=SECONDS) / ROUNDS
    told = ", ".join(f"{name} {rate:.0f}/s" for name, rate in rates.items())
    ratios = {page: rates[page] / rates["bare"] for page in pages}
    shares = ", ".join(f"{page} {ratio:.2f}" for page, ratio in ratios.items())
    print(f"\nanswers of one process with {THREADS} threads on {connection.vendor}: {told}; beside the bare: {shares}")
    print(f"  the aim is {AIM}")
