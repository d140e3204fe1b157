"""What an owner has to answer about a ticket, and what they have signed, for tests/test_urls.py."""

from datetime import timedelta

from portal.tickets.clocks.models import Pause
from portal.tickets.closing.models import ServiceSheet
from tests.factories import NOW, PrivateFileFactory, StaffFactory


def waits(ticket):
    """A pause that its owner has not agreed to, and a signed service sheet."""
    review_on = NOW.date() + timedelta(days=5)
    sheet = ServiceSheet(ticket=ticket, work_en="A new seal.", minutes=30, signed_name="Shen Yue", signed_at=NOW)
    sheet.by, sheet.language, sheet.signature, sheet.pdf = StaffFactory(), "en", *_files()
    sheet.asked_at = sheet.ready_at = sheet.as_of = NOW
    sheet.state = ServiceSheet.State.READY
    sheet.save()
    return {
        "ticket pause": Pause.objects.create(
            ticket=ticket, why="part", reason_en="The valve is ordered.", review_on=review_on, asked_at=NOW
        ),
        "service sheet": sheet,
    }


def _files():
    return PrivateFileFactory(), PrivateFileFactory(content_type="application/pdf")
