"""Homes change hands on their day."""

from datetime import timedelta

import structlog
from django.utils import timezone

from accounts import jobs

from .actions import TransferError, carry_out_transfer
from .models import HomeTransfer

log = structlog.get_logger(__name__)
EARLIEST = timedelta(days=1)  # somewhere the date is a day ahead of ours


@jobs.every_minute
def transfer_homes(*, at):
    """Carry out the transfers whose day has come where the home stands. One that fails does not hold up the others."""
    for transfer in HomeTransfer.objects.planned().filter(on__lte=timezone.localdate(at) + EARLIEST).order_by("on"):
        try:
            carry_out_transfer(transfer, at=at)
        except TransferError as error:
            log.warning("home_not_transferred", transfer=str(transfer.pk), why=str(error))
