"""Workers are killed at random while an update goes out to 5,000 owners, ten times over: is everybody told, and once?

Real processes on a database of their own (a file on SQLite), a real mail server in yet another process that writes down
what it accepted. SIGKILL falls while the notices are being written and while they are being delivered. `make bench`.
"""

from django.db import connection

from tests.bench.killing import Publication

OWNERS, KILLS, SECONDS = 5000, 10, 540


def bench_killing_workers_while_5000_owners_are_told(database_url, tmp_path):
    publication = Publication(database_url, tmp_path / "accepted", owners=OWNERS, seed=20261122)
    found = publication.killed(KILLS, seconds=SECONDS)
    print(f"\non {connection.vendor}: {found}")
    publication.check(found)
