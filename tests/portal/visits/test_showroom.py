"""A visit to the showroom: they come to us, so nobody is on the way to them."""

import pytest
from django.urls import reverse

from accounts.notices import kinds
from portal.visits import day
from portal.visits.errors import VisitError
from portal.visits.models import VisitKind
from tests.factories import EnquiryFactory

from .factories import TEN, VisitFactory


@pytest.fixture
def visit(db):
    return VisitFactory(of_guest=True, enquiry=EnquiryFactory(), kind=VisitKind.SHOWROOM, state="confirmed")


@pytest.mark.parametrize("act", [day.on_my_way, day.arrive])
def test_nobody_sets_out_for_one(visit, act):
    with pytest.raises(VisitError, match="They come to us"):
        act(visit, by=visit.person, at=TEN)
    assert day.finish(visit, by=visit.person, at=TEN).state == "done"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("visit-confirmed", "expects you."),
        ("visit-thanks", "Thank you for coming."),
        ("visit-cancelled", "We don't expect you then."),
    ],
)
def test_the_messages_say_that_they_come_to_us(visit, code, words):
    first = kinds.get(code).paragraphs(visit)[0]
    assert first.endswith(words)
    assert "early" not in " ".join(kinds.get(code).paragraphs(visit))


def test_the_colleague_s_page_names_our_showroom_and_nothing_of_the_way(client, visit, time_machine):
    time_machine.move_to(TEN, tick=False)
    client.force_login(visit.person)
    page = client.get(reverse("site:visit", args=[visit.pk]))
    assert (page.context["place"], page.context["acts"]) == ("our showroom", [])
    assert "Show the way" not in page.content.decode()


def test_an_owner_s_page_asks_for_no_open_door(client, db, time_machine):
    time_machine.move_to(TEN, tick=False)
    visit = VisitFactory(kind=VisitKind.SHOWROOM)
    client.force_login(visit.owner.user)
    page = client.get(reverse("home:visit", args=[visit.pk]))
    assert [step.title for step in page.context["steps"]] == ["Booked", "Confirmed"]
    assert ("Who expects you" in page.content.decode(), "ring first" in page.content.decode()) == (True, False)
