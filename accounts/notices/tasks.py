"""The worker's entry points. Times come from here; everything below is told them."""

from datetime import timedelta

from django.utils import timezone
from django_q.models import Task

from accounts.jobs import every_minute, nightly

from .actions import queue_delivery
from .delivery import deliver
from .models import Notice

TEXT_KEPT = timedelta(days=180)
RESULTS_KEPT = timedelta(days=2)
FAILURES_KEPT = timedelta(days=30)


def deliver_due():
    """Deliver what is due, for half a minute at most; what is left waits for the next task."""
    if deliver(clock=timezone.now):
        queue_delivery()


@every_minute
def sweep(*, at):
    """Wake a worker if anything is due: what a lost task, a killed worker or a dead server left behind."""
    if Notice.objects.due(at=at).exists():
        queue_delivery()


@nightly
def forget_texts(*, at):
    """What was sent is kept 180 days."""
    Notice.objects.filter(sent_at__lt=at - TEXT_KEPT).forget()


@nightly
def forget_results(*, at):
    """django-q keeps a row a task; a table that grows makes every acknowledgement slower."""
    Task.objects.filter(success=True, stopped__lt=at - RESULTS_KEPT).delete()
    Task.objects.filter(success=False, stopped__lt=at - FAILURES_KEPT).delete()
