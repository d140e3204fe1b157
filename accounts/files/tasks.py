"""The worker's entry points."""

import logging

from accounts.jobs import every_minute, nightly

from .actions import make_variants, sweep_files
from .models import PrivateFile

log = logging.getLogger(__name__)


def make_variants_of(ids):
    """Make the variants of these files. One that fails doesn't keep the others from theirs; the sweep repeats it."""
    for row in PrivateFile.objects.filter(pk__in=ids):
        try:
            make_variants(row)
        except Exception:
            log.exception("File %s: its variants failed.", row.pk)


@every_minute
def sweep(*, at):
    """What is due every minute."""
    sweep_files(at, orphans=False)


@nightly
def sweep_folders(*, at):
    """The look through all folders, which takes long where there are many photos."""
    sweep_files(at)
