"""The worker's entry points. Times come from here; everything below is told them."""

from django.utils import timezone

from accounts.jobs import every_minute

from .actions import queue_delivery
from .delivery import deliver
from .models import Notice


def deliver_due():
    """Deliver what is due, for half a minute at most; what is left waits for the next task."""
    if deliver(clock=timezone.now):
        queue_delivery()


@every_minute
def sweep(*, at):
    """Wake a worker if anything is due: what a lost task, a killed worker or a dead server left behind."""
    if Notice.objects.due(at=at).exists():
        queue_delivery()
