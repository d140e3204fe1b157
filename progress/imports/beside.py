"""Progress that is seen while a long transaction is open."""

import time
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

PAUSE = 0.5  # seconds between two notes
NOTE = "UPDATE imports_importrun SET progress = %s, heard_at = CURRENT_TIMESTAMP WHERE id = %s"


@contextmanager
def progress(run, *, start):
    """A function that takes the share done, from 0 to 1, and notes it with the run on a connection of its own.

    A database with one writer (it knows no row locks) would make the second connection wait for the first: there the
    bar stays where it is, and the page says that everything is written in one go.
    """
    if not connection.features.has_select_for_update:
        yield lambda share: None
        return
    other, last = connection.copy(), 0.0

    def note(share):
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return
        last = time.monotonic()
        with suppress(DatabaseError), other.cursor() as cursor:  # a progress bar is not worth an import
            pk = run._meta.pk.get_db_prep_value(run.pk, other)
            cursor.execute(NOTE, [start + 1 + int((98 - start) * share), pk])

    try:
        yield note
    finally:
        other.close()
