"""How many owners' pages a real server answers, beside a view that does nothing behind the same middleware.

By the clock, and by the processor's time that the server takes for an answer, which other work disturbs less (on
PostgreSQL without what the database takes).
"""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.db import connection

from tests.bench.bench_pages import owner_of
from tests.bench.estate import grow

THREADS, SECONDS, ROUNDS, AIM = 4, 2, 4, 0.15


@pytest.fixture
def server(database_url):
    """((host, port), process) of one gunicorn worker with threads, on the database of the test."""
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
        yield where, process
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


def processor_time(process):
    """Seconds that the workers of this gunicorn have had so far."""
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    fields = [Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split() for worker in workers]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def bench_rate_beside_a_bare_view(server):
    client, pages = owner_of(grow(200))
    cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    urls = {"bare": "/bare/", **pages}
    where, process = server
    rates, spent = dict.fromkeys(urls, 0), dict.fromkeys(urls, 0)
    for url in urls.values():
        answers(where, url, cookies, seconds=1)  # what is compiled at the first time
    for _each in range(ROUNDS):  # by turns
        for name, url in urls.items():
            before = processor_time(process)
            rates[name] += answers(where, url, cookies, seconds=SECONDS) / ROUNDS
            spent[name] += processor_time(process) - before
    cost = {name: 1000 * spent[name] / (rates[name] * SECONDS * ROUNDS) for name in urls}
    print(f"\nanswers of one process with {THREADS} threads on {connection.vendor}, beside the bare; the aim is {AIM}:")
    for name in urls:
        print(
            f"  {name:10} {rates[name]:.0f} a second, {rates[name] / rates['bare']:.2f};"
            f" processor {cost[name]:.1f} ms each, {cost['bare'] / cost[name]:.2f}"
        )
