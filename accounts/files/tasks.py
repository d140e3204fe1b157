"""The worker's entry points."""

import logging

from accounts.jobs import every_minute, nightly

from .actions import make_variants, queue_work_on, sweep_files
from .models import PrivateFile
from .receiving import clean

log = logging.getLogger(__name__)


def make_variants_of(ids):
    """Clean these files, where they wait for it, and make their variants.

    One that fails doesn't keep the others from theirs; the sweep repeats it. Videos, which take long, are tasks of
    their own.
    """
    for row in PrivateFile.objects.filter(pk__in=ids):
        if row.is_video and len(ids) > 1:
            queue_work_on([row.pk])
            continue
        try:
            _work_on(row)
        except Exception:
            log.exception("File %s: its variants failed.", row.pk)


def _work_on(row):
    if not row.is_clean:
        clean(row)
        row.refresh_from_db()
    make_variants(row)


@every_minute
def sweep(*, at):
    """What is due every minute."""
    sweep_files(at, orphans=False)


@nightly
def sweep_folders(*, at):
    """The look through all folders, which takes long where there are many photos."""
    sweep_files(at)
