"""Races, and their negative control. Tests that use these need `transactional_db`: threads see what is committed."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from unittest.mock import patch

from django.db import connection, connections
from django.db.models import QuerySet

PATIENCE = 30  # seconds until a thread that never came to the start fails the test


@dataclass
class Outcomes:
    """What came back, and the classes of the errors that came instead, each in the order of the items."""

    returned: list = field(default_factory=list)
    raised: list = field(default_factory=list)


def all_at_once(function, items):
    """Call `function(item)` for all items at the same moment, each in a thread with its own connection."""
    items = list(items)
    start = Barrier(len(items))

    def run(item):
        try:
            connection.ensure_connection()  # connecting takes its time and is no part of the race
            start.wait(PATIENCE)
            return function(item), None
        except Exception as error:
            return None, type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(items)) as threads:
        results = list(threads.map(run, items))
    return Outcomes(
        returned=[value for value, error in results if error is None],
        raised=[error for _, error in results if error is not None],
    )


@contextmanager
def without_locks():
    """`select_for_update` selects and locks nothing, in all threads: what a race would do without it."""
    with patch.object(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows.all()):
        yield
