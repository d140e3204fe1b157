"""What a restored database needs before the portal may run on it. Doing it twice changes nothing."""

from datetime import timedelta

from django.core.management import call_command
from django.db import connection

from accounts.files.holds import hold_bytes
from accounts.files.models import FileHold
from accounts.jobs import catch_up
from accounts.notices.actions import hold_what_may_be_sent
from accounts.notices.circulars import write

from . import rows
from .models import Restore

SECOND_THOUGHTS = timedelta(days=7)


def finish(*, at):
    """Bring the schema up to date, do what fell due since the backup, and hold the messages that may have gone out.

    Returns how many are held.
    """
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _empty(rows.left_out())
    _keep_newer_files()
    catch_up(at=at)
    write(clock=lambda: at)  # so that what it tells is held as well
    held = hold_what_may_be_sent(at=at)
    Restore.objects.unfinished().update(finished_at=at)
    return held


def _empty(tables):
    """Nobody is logged in, nothing is queued: the sweeps queue what is due."""
    there = tables & {*connection.introspection.table_names()}
    with connection.cursor() as cursor:
        for table in sorted(there):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def _keep_newer_files():
    """Files that came after the backup belong to no row now. They stay a week, in case it was the wrong backup."""
    FileHold.objects.all().delete()
    hold_bytes(SECOND_THOUGHTS)
