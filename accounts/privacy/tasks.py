"""The worker's entry points."""

from django.utils import timezone
from django_q.tasks import async_task

from accounts.jobs import every_minute, nightly

from . import downloads, erasure, retention
from .models import Download

TURN = 60  # seconds of retention at a time
LONGEST = 240  # that a turn may take with its last batch; shorter than the queue waits before it gives it out again


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
def queue_retention(*, at):
    """A task of its own: the first run over a large table takes longer than the other jobs may."""
    _queue_turn(0)


def _queue_turn(first):
    async_task("accounts.privacy.tasks.forget", first, timeout=LONGEST)


def forget(first=0):
    """What is over its time goes, a turn at a time. A killed one is given out again and goes on."""
    left = retention.run_for(TURN, at=timezone.now(), first=first)
    if left is not None:
        _queue_turn(left)
