"""Patterns, and tickets as PDF, for tests/test_urls.py."""

from portal.tickets.paper.models import TicketPaper
from portal.tickets.patterns.models import Pattern
from tests.factories import NOW, HouseTypeFactory, PrivateFileFactory

from .factories import ComponentFactory


def reported(ticket):
    """A pattern at the ticket's development, and the PDF that its owner had made."""
    paper = TicketPaper.objects.create(
        ticket=ticket,
        asked_by=ticket.raised_by,
        language="en",
        asked_at=NOW,
        state="ready",
        ready_at=NOW,
        as_of=NOW,
        file=PrivateFileFactory(),
    )
    pattern = Pattern.objects.create(
        development=ticket.development,
        component=ComponentFactory(),
        house_type=HouseTypeFactory(development=ticket.development),
        since=NOW,
        found_at=NOW,
    )
    return {"ticket paper": paper, "pattern": pattern}
