"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly

from . import downloads, erasure, retention
from .models import Download


def make_download(pk):
    """Make a copy of somebody's data. Running it twice makes one."""
    for download in Download.objects.filter(pk=pk):
        downloads.make(download, clock=timezone.now)


@every_minute
def tidy_downloads(*, at):
    """Copies whose task or worker was lost, and those of records that have become others."""
    downloads.tidy(at=at)


@nightly
def erase(*, at):
    """Erasures whose waiting time is over; and a word to those who have not decided."""
    erasure.carry_out_due(at=at)
    erasure.warn_of_overdue(at=at)


@nightly
def forget(*, at):
    """What is over its time goes."""
    retention.run(at=at)
