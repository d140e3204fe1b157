"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly
from progress.leaflets import making

from . import actions
from .models import TicketPrint


def make_ticketprint(pk):
    """Print a ticket. Running it twice prints it once."""
    for print_ in TicketPrint.objects.filter(pk=pk):
        actions.make(print_, clock=timezone.now)


@every_minute
def tidy_ticket_prints(*, at):
    """Those whose task or worker was lost."""
    making.tidy(TicketPrint, actions.give_up, at=at)


@nightly
def forget_ticket_prints(*, at):
    """Those that were ready a week ago."""
    making.forget(TicketPrint.objects.to_forget(at=at), at=at)
