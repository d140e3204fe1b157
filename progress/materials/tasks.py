"""The worker's entry points: recalls reach every home, also those that an import or a new owner brings later."""

from django.utils import timezone
from django_q.tasks import async_task

from accounts.jobs import every_minute, nightly

from . import finding


@every_minute
def spread_recalls(*, at):
    """A query or two for each recall in force while there is nothing new."""
    finding.spread(at=at)


@nightly
def look_again_for_addresses(*, at):
    finding.look_again(at=at)


def queue_spreading():
    """Wake a worker, when the transaction commits."""
    async_task("progress.materials.tasks.spread_now")


def spread_now():
    finding.spread(at=timezone.now())
