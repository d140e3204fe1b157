"""A repairer's phone: today's jobs, one of them, and the service sheet that its owner signs on the glass."""

import base64
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from PIL import Image, ImageDraw

from accounts.events.models import Event
from portal.tickets.closing.models import ServiceSheet
from portal.tickets.models import Message
from progress.models import Assignment
from tests.accounts.files.pictures import encoded, picture, upload
from tests.factories import NOW, AssignmentFactory, OwnershipFactory, StaffFactory
from tests.portal.tickets.factories import AttachmentFactory, ComponentFactory, MessageFactory, TicketFactory
from tests.portal.visits.factories import VisitFactory


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def repairer(db):
    ownership = OwnershipFactory()
    user = StaffFactory(group="Repairs", development=None)
    AssignmentFactory(user=user, development=ownership.home.development, role=Assignment.Role.REPAIRS)
    return user


@pytest.fixture
def ticket(repairer):
    return a_ticket(repairer)


@pytest.fixture
def phone(client, repairer):
    client.force_login(repairer)
    return client


def a_ticket(repairer, **fields):
    ownership = OwnershipFactory(home__development=repairer.assignments.first().development)
    given = {"assignee": repairer, "component": ComponentFactory(), "team": "repairs"}
    return TicketFactory(ownership=ownership, **given | fields)


def drawn():
    """A signature as signature.js sends it."""
    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).line([(20, 150), (200, 40), (380, 160), (560, 60)], fill="black", width=4)
    file = BytesIO()
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def address(name, ticket):
    return reverse(f"site:{name}", args=[ticket.pk])


def sheet(**data):
    """The fields of the form as a phone sends them."""
    given = {"op": uuid4(), "work": "New cartridge.", "minutes": 40, "finished": "on", "signed_name": "Shen Yue"}
    return given | {"signature": drawn()} | data


class TestList:
    def test_what_presses_stands_first_and_what_is_over_or_anothers_nowhere(self, phone, repairer):
        later = a_ticket(repairer, due_at=NOW + timedelta(days=3))
        today = a_ticket(repairer, due_at=NOW + timedelta(hours=3))
        danger = a_ticket(repairer, priority="emergency")
        a_ticket(repairer, assignee=None)
        a_ticket(repairer, closed=True)
        page = phone.get(reverse("site:repairs")).context
        found = {name: [row.ticket for row in page[name]] for name in ("pressing", "today", "later")}
        assert found == {"pressing": [danger], "today": [today], "later": [later]}

    def test_a_visit_today_brings_it_to_today(self, phone, repairer):
        job = a_ticket(repairer)
        VisitFactory(
            home=job.home,
            person=repairer,
            starts=NOW + timedelta(hours=2),
            subject_kind="tickets.ticket",
            subject_id=job.pk,
        )
        assert [row.ticket for row in phone.get(reverse("site:repairs")).context["today"]] == [job]

    def test_those_of_the_team_stand_behind_their_own_link(self, phone, repairer, ticket):
        free = a_ticket(repairer, assignee=None)
        page = phone.get(reverse("site:repairs") + "?whose=team").context
        assert [row.ticket for name in ("pressing", "today", "later") for row in page[name]] == [free]

    def test_as_many_queries_for_three_as_for_one(self, phone, repairer, ticket, django_assert_max_num_queries):
        def counted():
            with django_assert_max_num_queries(60) as queries:
                phone.get(reverse("site:repairs"))
            return len(queries)

        phone.get(reverse("site:repairs"))
        one = counted()
        for _more in range(2):
            a_ticket(repairer)
        assert counted() == one


class TestPage:
    def test_it_has_what_one_needs_at_the_door_and_the_look_is_noted(self, phone, ticket):
        earlier = TicketFactory(home=ticket.home, component=ticket.component, closed=True, work_done_en="New seal.")
        MessageFactory(ticket=ticket, text="It has become worse.")
        text = phone.get(address("repair", ticket)).content.decode()
        for shown in (ticket.text, ticket.owner.name, earlier.work_done_en, "It has become worse."):
            assert shown in text
        assert Event.objects.filter(verb="looked at", subject_id=str(ticket.pk)).exists()

    def test_kept_by_the_phone_itself_it_is_no_look(self, phone, ticket):
        page = phone.get(address("repair", ticket), headers={"X-Offline": "keep"})
        assert page.headers["X-Offline-Keep"] == "page"
        assert not Event.objects.filter(verb="looked at").exists()

    def test_another_developments_job_is_not_found(self, client, ticket):
        attachment = AttachmentFactory(ticket=ticket)
        client.force_login(StaffFactory(group="Repairs", development=OwnershipFactory().home.development))
        assert client.get(address("repair", ticket)).status_code == 404
        assert client.post(address("repair-sheet", ticket), sheet()).status_code == 404
        assert client.get(reverse("site:repair-file", args=[attachment.pk, "large"])).status_code == 404
        assert not ServiceSheet.objects.exists()


class TestWriting:
    def test_photos_say_when_they_were_taken_and_may_stay_among_us(self, phone, ticket):
        sent = {"op": uuid4(), "which": "before", "files": upload(encoded(picture())), "internal": "on"}
        assert phone.post(address("repair-photos", ticket), sent).status_code == 302
        (message,) = Message.objects.all()
        assert (message.text, message.internal, message.attachments.count()) == ("Before the repair.", True, 1)

    def test_what_came_meanwhile_makes_a_conflict_that_the_phone_shows(self, phone, ticket):
        sent = {"op": uuid4(), "seen": ticket.version, "text": "I come at three."}
        ticket.version += 1
        ticket.save()
        queue = {"X-Offline": "send"}
        assert phone.post(address("repair-reply", ticket), sent, headers=queue).status_code == 409
        assert phone.post(address("repair-reply", ticket), sent | {"again": "1"}, headers=queue).status_code == 204
        assert [message.text for message in Message.objects.all()] == ["I come at three."]


class TestSheet:
    def test_signed_on_the_glass_it_is_kept_and_the_repair_is_fixed(self, phone, ticket):
        assert phone.post(address("repair-sheet", ticket), sheet(cost="80")).status_code == 302
        kept = ServiceSheet.objects.get()
        ticket.refresh_from_db()
        assert (kept.signed_name, kept.cost, kept.work_en) == ("Shen Yue", 80, "New cartridge.")
        assert (ticket.state, ticket.outcome, ticket.work_done_en) == ("resolved", "fixed", "New cartridge.")

    def test_sent_later_by_a_phone_it_was_signed_when_it_was_signed_whatever_changed_since(self, phone, ticket):
        times = {"made_at": "2026-11-22T07:00:00Z", "sent_at": "2026-11-22T09:00:00Z"}
        ticket.version, ticket.reported_at = ticket.version + 5, NOW - timedelta(days=1)
        ticket.save()
        post, queue = sheet(**times), {"X-Offline": "send"}
        answers = [phone.post(address("repair-sheet", ticket), post, headers=queue).status_code for _time in range(2)]
        assert answers == [204, 204]
        assert [each.signed_at for each in ServiceSheet.objects.all()] == [NOW - timedelta(hours=2)]

    def test_not_finished_yet_it_stays_open(self, phone, ticket):
        phone.post(address("repair-sheet", ticket), sheet(finished=""))
        ticket.refresh_from_db()
        assert (ticket.state, ServiceSheet.objects.count()) == ("new", 1)

    def test_a_photo_of_the_signed_paper_takes_the_place_of_the_drawing(self, phone, ticket):
        paper = upload(encoded(Image.effect_noise((900, 1200), 90).convert("RGB")), "paper.jpg")
        assert phone.post(address("repair-sheet", ticket), sheet(signature="", paper=paper)).status_code == 302
        assert ServiceSheet.objects.get().signature.is_clean

    @pytest.mark.parametrize(
        "data",
        [
            {"signature": ""},
            {"signature": "data:image/png;base64,AAAA"},
            {"signature": "data:image/svg+xml;base64,PHN2Zy8+"},
            {"signature": "data:image/png;base64," + "A" * 500_000},
            {"work": ""},
            {"minutes": 0},
            {"cost": "-5"},
            {"other": "The same again."},
            {"signed_name": "a\nb"},
        ],
    )
    def test_what_is_wrong_is_said_to_the_phone_in_words(self, phone, ticket, data):
        answer = phone.post(address("repair-sheet", ticket), sheet(**data), headers={"X-Offline": "send"})
        assert (answer.status_code, ServiceSheet.objects.count()) == (422, 0)
        assert answer.json()["said"].startswith(ticket.number)
