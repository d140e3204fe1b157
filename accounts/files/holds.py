"""Times in which no bytes are deleted: while a backup copies what its rows name, and for a week after a restore.

What is discarded meanwhile says so at once, and is nobody's any more; the sweep removes its bytes later.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.db.models.functions import Now

from .models import FileHold

AT_A_TIME = timedelta(hours=1)  # whoever is killed holds no longer


def hold_bytes(duration):
    """From its commit on, no bytes are deleted for `duration`, by any process. Returns the FileHold."""
    return FileHold.objects.create(until=Now() + duration)


@contextmanager
def bytes_kept():
    """A hold for as long as the block lasts, if it calls `renew()` on what it gets at least once an hour."""
    hold = hold_bytes(AT_A_TIME)
    try:
        yield _Renewable(hold.pk)
    finally:
        FileHold.objects.filter(pk=hold.pk).delete()


class _Renewable:
    def __init__(self, pk):
        self.pk = pk

    def renew(self):
        FileHold.objects.filter(pk=self.pk).update(until=Now() + AT_A_TIME)
