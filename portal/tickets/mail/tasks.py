"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute

from . import taking
from .models import IncomingMail
from .receiving import queue

AT_ONCE = 50


def take_in(pk):
    """Work one mail. Running it twice takes it in once."""
    taking.take_in(pk, clock=timezone.now)


@every_minute
def sweep_mail(*, at):
    """Wake a worker for what a lost task or a killed worker left behind."""
    overdue = IncomingMail.objects.due(at=at).filter(received_at__lt=at - taking.LEASE)
    for mail in overdue.order_by("received_at")[:AT_ONCE]:
        queue(mail)
