"""The worker's entry points. Times come from here; everything below is told them."""

from django.utils import timezone

from accounts.jobs import every_minute

from .actions import queue_delivery
from .circulars import queue_writing, write
from .delivery import deliver
from .digests import gather, settle
from .models import Circular, Notice


def deliver_due():
    """Deliver what is due, for half a minute at most; what is left waits for the next task."""
    left = deliver(clock=timezone.now)
    settle()
    if left:
        queue_delivery()


@every_minute
def sweep(*, at):
    """Wake a worker if anything is due: what a lost task, a killed worker or a dead server left behind."""
    if Notice.objects.due(at=at).exists():
        queue_delivery()


def write_circulars():
    """Write the notices of what is told to many, for half a minute at most; what is left waits for the next task."""
    if write(clock=timezone.now):
        queue_writing()


@every_minute
def sweep_circulars(*, at):
    """Wake a worker if one is still to be written: what a lost task or a killed worker left behind."""
    if Circular.objects.due(at=at).exists():
        queue_writing()


@every_minute
def sweep_digests(*, at):
    """Gather what waited for the evening; end what stood in digests whose worker was killed before it could."""
    settle()
    gather(at=at)
