"""How many public pages a real server answers beside a view that does nothing, and how soon it shows what is new.

Gunicorn runs as the Procfile says, in demonstration mode, on the database of the test and with the cache in it. The
bare view stands behind the same middleware; nobody is logged in. Publishing happens in yet another process, this one.
"""

import os
import subprocess
import sys
from http.client import HTTPConnection
from statistics import median
from time import monotonic, sleep

import pytest
from django.core.management import call_command
from django.db import connection

from tests.bench.bench_rate import _wait_for, answers, processor_time
from tests.cms import factories
from tests.running.processes import free_ports
from tests.running.static import collected_static

SECONDS, ROUNDS, AIM = 2, 4, 0.5
PUBLICATIONS, SOON = 10, 1.0
DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}


@pytest.fixture
def site(transactional_db, database_url, settings, tmp_path):
    """((host, port), process) of two workers with four threads each."""
    settings.CACHES = {"default": DATABASE_CACHE}
    call_command("createcachetable", verbosity=0)
    [port] = free_ports(1)
    command = ["gunicorn", "tests.bench.wsgi", "--worker-class=gthread", "--workers=2", "--threads=4"]
    command += [f"--bind=127.0.0.1:{port}", "--no-control-socket", "--log-level=error", "--keep-alive=30"]
    environment = os.environ | {"DATABASE_URL": database_url, "CACHE_URL": "dbcache://portal_cache"}
    environment |= {"PORTAL_MODE": "demonstration", "STATIC_ROOT": str(collected_static())}
    log = (tmp_path / "web.log").open("w")
    process = subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(("127.0.0.1", port))
        yield ("127.0.0.1", port), process
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def some_pages():
    """{name: page}, as full as the blocks allow without pictures."""
    text = ("text", "<p>" + "The cradle is on the south side. " * 40 + "</p>")
    body = factories.stream(*[text] * 6)
    development = factories.place(title="Qinghuai Lane", lead="Between the canal and the lane.", body=body)
    for number in range(3):
        factories.house_type(development, title=f"B{number}")
        factories.article(title=f"Floor {number}", lead="As planned.", body=body)
    article = factories.article(title="Topped out", lead="As planned.", body=body)
    return {"home": factories.front(), "development": development, "article": article}


def bench_public_pages_beside_a_bare_view(site):
    urls = {"bare": "/bare/"} | {name: page.url for name, page in some_pages().items()}
    where, process = site
    rates, spent = dict.fromkeys(urls, 0), dict.fromkeys(urls, 0)
    for url in urls.values():
        answers(where, url, "", seconds=1)  # what is compiled and rendered at the first time
    for _each in range(ROUNDS):  # by turns
        for name, url in urls.items():
            before = processor_time(process)
            rates[name] += answers(where, url, "", seconds=SECONDS) / ROUNDS
            spent[name] += processor_time(process) - before
    cost = {name: 1000 * spent[name] / (rates[name] * SECONDS * ROUNDS) for name in urls}
    print(f"\nanswers of two processes with four threads on {connection.vendor}, beside the bare; the aim is {AIM}:")
    for name in urls:
        print(
            f"  {name:12} {rates[name]:.0f} a second, {rates[name] / rates['bare']:.2f};"
            f" processor {cost[name]:.2f} ms each, {cost['bare'] / cost[name]:.2f}"
        )
    assert min(rates[name] / rates["bare"] for name in urls) >= AIM


def shown(where, url):
    """The pages that eight visitors, each on a connection of their own, see now."""
    pages = set()
    for _each in range(8):
        line = HTTPConnection(*where, timeout=30)
        line.request("GET", url)
        pages.add(line.getresponse().read())
        line.close()
    return pages


def bench_time_from_publishing_until_other_processes_show_it(site):
    page, (where, _process) = some_pages()["article"], site
    waited = []
    for number in range(PUBLICATIONS):
        shown(where, page.url)
        sleep(number / 20)  # at any moment between two looks at the site's state
        page.refresh_from_db()
        page.lead = f"Edition {number} of it."
        page.save_revision().publish()
        began = monotonic()
        while not all(page.lead.encode() in each for each in shown(where, page.url)):
            assert monotonic() - began < 10 * SOON, "It is not shown."
        waited.append(monotonic() - began)
    print(
        f"\nfrom publishing until all processes show it on {connection.vendor}, {PUBLICATIONS} times:"
        f" median {median(waited):.2f} s, longest {max(waited):.2f} s; wanted {SOON} s"
    )
    assert max(waited) < SOON
