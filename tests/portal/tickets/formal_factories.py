"""Formal complaints and entries of the complaints board, for tests."""

from datetime import date, timedelta

import factory

from portal.tickets.board.models import Entry
from portal.tickets.formal.models import Deadlines, FormalComplaint, Letter
from tests.factories import NOW, DevelopmentFactory, OwnershipFactory, PrivateFileFactory, StaffFactory

from .factories import TicketFactory


class FormalComplaintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormalComplaint

    ticket = factory.SubFactory(TicketFactory, kind="complaint")
    wish = "A new seal, and an apology."
    opened_at = NOW
    counted_from = date(2026, 11, 23)
    acknowledgement_by = NOW + timedelta(days=6)
    path_by = NOW + timedelta(days=11)
    answer_by = NOW + timedelta(days=31)
    final_by = NOW + timedelta(days=57)
    due_at = factory.SelfAttribute("acknowledgement_by")


class LetterFactory(factory.django.DjangoModelFactory):
    """With its PDF."""

    class Meta:
        model = Letter

    complaint = factory.SubFactory(FormalComplaintFactory)
    step = "acknowledgement"
    language = "en"
    text = "We have your complaint."
    by = factory.SubFactory(StaffFactory)
    at = NOW
    heard_at = NOW
    in_time = True
    state = Letter.State.READY
    file = factory.SubFactory(PrivateFileFactory)


class DeadlinesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deadlines

    development = factory.SubFactory(DevelopmentFactory)


class EntryFactory(factory.django.DjangoModelFactory):
    """Asked for; `published=True`: agreed to and on the board."""

    class Meta:
        model = Entry

    class Params:
        published = factory.Trait(
            state=Entry.State.PUBLISHED,
            agreed_at=NOW,
            agreed_version=1,
            published_at=NOW,
            published_by=factory.SubFactory(StaffFactory),
        )

    ticket = factory.SubFactory(TicketFactory, closed=True, kind="complaint")
    title_en = "A ceiling that dripped"
    complaint_en = "Water came through the ceiling of a bathroom."
    answer_en = "The seal above was renewed, and held for a day under water."
    prepared_by = factory.SubFactory(StaffFactory)
    asked_at = NOW


def complained(home, owner):
    """The rows that the table of addresses names: a complaint with a letter, and a case that may go onto the board."""
    ownership = OwnershipFactory._meta.model.objects.get(home=home, owner=owner)
    letter = LetterFactory(complaint__ticket__ownership=ownership)
    solved = TicketFactory(ownership=ownership, closed=True, kind="complaint")
    return {
        "board entry": EntryFactory(ticket=solved),
        "formal complaint": letter.complaint,
        "complained ticket": letter.complaint.ticket,
        "complaint letter": letter,
        "complaint deadlines": DeadlinesFactory(development=home.development),
        "solved ticket": solved,
    }
