"""How tickets come to their end, for the tests of it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from portal.tickets.closing.resolving import resolve
from portal.tickets.models import Ticket
from tests.factories import AssignmentFactory, PrivateFileFactory, StaffFactory

from .factories import AttachmentFactory, TicketFactory

REPORTED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, a Monday
DONE = REPORTED + timedelta(hours=6)  # 15:00, that Monday
A_DAY = timedelta(days=1)


def agent_at(development):
    return _colleague(development, "Customer service", "customer_service")


def repairer_at(development):
    return _colleague(development, "Customer service", "repairs")


def _colleague(development, group, role):
    user = StaffFactory(group=group)
    AssignmentFactory(user=user, development=development, role=role)
    return user


def reported(**given):
    return TicketFactory(reported_at=REPORTED, **given)


def with_photo(ticket, *, by, at=DONE):
    AttachmentFactory(ticket=ticket, file=PrivateFileFactory(uploader=by), by_staff=True, at=at)
    return ticket


def repaired(ticket=None, *, by=None, at=DONE):
    """A ticket that a repairer has called fixed, with a photo. Returns (ticket, repairer)."""
    ticket = ticket or reported()
    by = by or repairer_at(ticket.development)
    with_photo(ticket, by=by, at=at)
    resolve(ticket, outcome="fixed", seen=None, work_done_en="A new washer.", by=by, at=at)
    return Ticket.objects.get(pk=ticket.pk), by


def signature(ink=True, size=(600, 200)):
    """A PNG as a canvas gives it: transparent, with a line drawn on it."""
    image, made = Image.new("RGBA", size, (0, 0, 0, 0)), BytesIO()
    if ink:
        ImageDraw.Draw(image).line([(40, 150), (200, 40), (330, 160), (560, 60)], fill="#102030", width=5)
    image.save(made, "PNG")
    return made.getvalue()
