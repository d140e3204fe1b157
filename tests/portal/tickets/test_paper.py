"""A ticket as PDF: in it what its reader may know, and nothing else."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.files.models import private_storage
from accounts.files.receiving import receive_media
from accounts.files.tasks import make_variants_of
from portal.tickets.errors import TicketError
from portal.tickets.paper.actions import ask_paper, give_up, make
from portal.tickets.paper.models import TicketPaper
from portal.tickets.paper.printing import _entries, _photos
from tests.accounts.files.pictures import photo
from tests.factories import NOW, OwnershipFactory, StaffFactory

from .factories import AttachmentFactory, MessageFactory, StepFactory, TicketFactory


@pytest.fixture
def ticket(db):
    """With a message of the owner, an answer, a note, a step of either kind, and three photos."""
    ticket = TicketFactory()
    MessageFactory(ticket=ticket, text="It is worse now.")
    MessageFactory(ticket=ticket, from_staff=True, text="Gao comes on Monday.")
    MessageFactory(ticket=ticket, from_staff=True, internal=True, text="Difficult customer.")
    StepFactory(ticket=ticket, what="paused", reason_en="A part has to come.")
    StepFactory(ticket=ticket, what="assigned")
    clean, waiting, internal = (receive_media(photo(), by=None) for _ in range(3))
    make_variants_of([str(clean.pk), str(internal.pk)])
    for file, hidden in ((clean, False), (waiting, False), (internal, True)):
        AttachmentFactory(ticket=ticket, file=file, internal=hidden)
    return ticket


@pytest.fixture
def colleague(ticket):
    return StaffFactory(group="Customer service", development=ticket.development)


def said(ticket, *, with_notes):
    entries = _entries(ticket, with_notes=with_notes)
    return sorted(entry["message"].text if "message" in entry else entry["step"].what for entry in entries)


def test_an_owner_reads_nothing_that_is_internal(ticket):
    public = ["Gao comes on Monday.", "It is worse now.", "paused"]
    assert said(ticket, with_notes=False) == public
    assert said(ticket, with_notes=True) == sorted([*public, "Difficult customer.", "assigned"])


def test_only_photos_that_are_clean_and_may_be_seen_stand_in_it(ticket):
    assert (len(_photos(ticket, with_notes=False)), len(_photos(ticket, with_notes=True))) == (1, 2)


def test_it_is_printed_once_and_fetched_by_whoever_asked(ticket, client):
    owner = ticket.raised_by
    paper = ask_paper(ticket, language="zh-hans", by=owner, at=NOW)
    assert ask_paper(ticket, language="zh-hans", by=owner, at=NOW) == paper
    for _ in range(2):
        make(paper, clock=lambda: NOW)
    paper.refresh_from_db()
    assert (paper.state, paper.claims) == ("ready", 1)
    with private_storage().open(paper.file.file.name) as stored:
        text = re.sub(r"\s+", " ", "".join(page.extract_text() for page in PdfReader(BytesIO(stored.read())).pages))
    assert ("Gao comes on Monday." in text, "Difficult customer." in text, ticket.number in text) == (True, False, True)
    address = reverse("home:ticket-pdf-file", args=[ticket.pk, paper.pk])
    client.force_login(OwnershipFactory().owner.user)
    assert client.get(address).status_code == 404


def test_notes_are_for_staff_of_the_place_and_only_while_they_are(ticket, colleague):
    with pytest.raises(TicketError, match="for staff"):
        ask_paper(ticket, language="en", with_notes=True, by=ticket.raised_by, at=NOW)
    paper = ask_paper(ticket, language="en", with_notes=True, by=colleague, at=NOW)
    assert list(TicketPaper.objects.for_user(colleague)) == [paper]
    colleague.assignments.all().delete()
    assert list(TicketPaper.objects.for_user(colleague)) == []
    make(paper, clock=lambda: NOW)
    paper.refresh_from_db()
    assert paper.state == "gone"


def test_another_at_the_same_time_and_the_twenty_first_of_a_day_are_refused(ticket):
    owner, other = ticket.raised_by, TicketFactory(ownership=OwnershipFactory(owner=ticket.owner))
    paper = ask_paper(ticket, language="en", by=owner, at=NOW)
    with pytest.raises(TicketError, match="Another print"):
        ask_paper(other, language="en", by=owner, at=NOW)
    give_up(paper, at=NOW)
    values = {"ticket": ticket, "asked_by": owner, "language": "en", "asked_at": NOW, "state": "failed"}
    TicketPaper.objects.bulk_create(TicketPaper(**values) for _ in range(19))
    with pytest.raises(TicketError, match="enough for one day"):
        ask_paper(ticket, language="en", by=owner, at=NOW)
