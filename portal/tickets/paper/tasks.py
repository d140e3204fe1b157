"""The worker's entry points."""

from django.utils import timezone

from accounts.jobs import every_minute, nightly
from progress.leaflets import making

from . import actions
from .models import TicketPaper


def make_ticketpaper(pk):
    """Print a ticket. Running it twice prints it once."""
    for paper in TicketPaper.objects.filter(pk=pk):
        actions.make(paper, clock=timezone.now)


@every_minute
def tidy_ticket_papers(*, at):
    """Those whose task or worker was lost."""
    making.tidy(TicketPaper, actions.give_up, at=at)


@nightly
def forget_ticket_papers(*, at):
    """Those that were ready a week ago."""
    making.forget(TicketPaper.objects.to_forget(at=at), at=at)
