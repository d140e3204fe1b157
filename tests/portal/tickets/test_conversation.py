"""What is said about a ticket: who may, who hears of it, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.files.models import PrivateFile
from portal.tickets.assigning import assign
from portal.tickets.conversation import MOST_AN_HOUR, note, reply, write
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.merging import merge
from portal.tickets.models import Attachment, Message, Step, Ticket
from portal.tickets.routing import reroute
from portal.tickets.sharing import set_privacy
from portal.tickets.states import ALLOWED, check_move
from progress.models import Assignment, Role
from tests.factories import NOW, TINY_JPEG, TODAY, AssignmentFactory, OwnershipFactory, StaffFactory

from .factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return TicketFactory()


@pytest.fixture
def staff(ticket):
    return StaffFactory(group="Customer service", development=ticket.development)


def again(row):
    return type(row).objects.get(pk=row.pk)


def written(ticket, **given):
    given = {"message_id": uuid4(), "text": "It is worse now.", "by": ticket.raised_by, "at": NOW} | given
    return write(ticket=ticket, **given)


def answered(ticket, by, act=reply, **given):
    given = {"message_id": uuid4(), "text": "We come on Tuesday.", "seen": ticket.version, "at": NOW} | given
    return act(ticket=ticket, by=by, **given)


class TestOwners:
    def test_what_they_write_waits_for_an_answer_and_whoever_has_it_hears(self, ticket, staff, told):
        Ticket.objects.filter(pk=ticket.pk).update(assignee=staff)
        message = written(ticket)
        step = ticket.steps.get()
        assert (message.owner, message.by_staff, message.internal) == (ticket.owner, False, False)
        assert (step.what, step.data) == ("wrote", {"message": str(message.pk)})
        assert (again(ticket).unanswered_since, told()) == (NOW, [(staff, "ticket-wrote")])

    def test_sent_twice_it_is_there_once_with_its_photos(self, ticket):
        photo = {"files": [SimpleUploadedFile("a.jpg", TINY_JPEG)], "message_id": uuid4()}
        first = written(ticket, **photo)
        photo["files"] = [SimpleUploadedFile("a.jpg", TINY_JPEG)]
        assert written(ticket, **photo) == first
        assert (Message.objects.count(), PrivateFile.objects.count()) == (1, 1)
        assert [(each.kind, each.message) for each in ticket.attachments.all()] == [("photo", first)]

    def test_nobody_writes_to_what_is_foreign_personal_sold_closed_or_merged(self, ticket):
        partner = OwnershipFactory(home=ticket.home, role=Role.CO_OWNER).owner.user
        tenant = OwnershipFactory(home=ticket.home, role=Role.TENANT).owner.user
        personal = TicketFactory(ownership=ticket.home.ownerships.first(), privacy="personal")
        sold = TicketFactory(ownership__state="ended", ownership__until=TODAY)
        closed, merged = TicketFactory(closed=True), TicketFactory(ownership=ticket.home.ownerships.first())
        merge(merged, into=ticket, by=None, at=NOW)
        refused = [
            (ticket, OwnershipFactory().owner.user, "no longer yours"),
            (ticket, tenant, "no longer yours"),
            (personal, partner, "no longer yours"),
            (sold, sold.raised_by, "no longer yours"),
            (closed, closed.raised_by, "closed"),
            (merged, merged.raised_by, ticket.number),
        ]
        for row, by, words in refused:
            with pytest.raises(TicketError, match=words):
                written(row, by=by)
        assert written(ticket, by=partner).ticket == ticket

    def test_a_danger_said_later_makes_it_an_emergency(self, ticket, staff, told):
        written(ticket, text="Now there is smoke!")
        assert again(ticket).is_emergency
        assert ticket.steps.get(what="routed").data["priority"] == "emergency"
        assert (staff, "ticket-emergency") in told()

    def test_sixty_an_hour_are_enough(self, ticket):
        MessageFactory.create_batch(MOST_AN_HOUR, ticket=ticket)
        with pytest.raises(TicketError, match="within an hour"):
            written(ticket, at=NOW + timedelta(minutes=20))


class TestStaff:
    def test_an_answer_is_heard_and_ends_the_waiting(self, ticket, staff, told):
        Ticket.objects.filter(pk=ticket.pk).update(unanswered_since=NOW)
        answered(ticket, staff)
        ticket = again(ticket)
        assert (ticket.state, ticket.unanswered_since, ticket.version) == ("open", None, 2)
        assert told() == [(ticket.owner, "ticket-reply")]

    def test_a_note_stays_among_colleagues_with_its_photos(self, ticket, staff, told):
        message = answered(ticket, staff, note, files=[SimpleUploadedFile("a.jpg", TINY_JPEG)])
        of_owner = [rows.objects.for_user(ticket.raised_by).count() for rows in (Message, Attachment)]
        of_staff = [rows.objects.for_user(staff).count() for rows in (Message, Attachment)]
        assert (message.internal, of_owner, of_staff, told()) == (True, [0, 0], [1, 1], [])

    def test_what_a_colleague_changed_is_looked_at_first(self, ticket, staff):
        answered(ticket, staff)
        for act in (reply, note):
            with pytest.raises(OvertakenError):
                answered(ticket, staff, act)
        assert Message.objects.count() == 1

    def test_given_to_a_colleague_who_works_there_with_a_reason(self, ticket, staff, told):
        gone = StaffFactory(group="Customer service")
        for to, reason, words in [(gone, "x", "does not work there"), (staff, " ", "say why")]:
            with pytest.raises(TicketError, match=words):
                assign(ticket, to=to, reason=reason, seen=1, by=staff, at=NOW)
        other = StaffFactory(group="Customer service", development=ticket.development)
        assign(ticket, to=other, reason="Knows the house.", seen=1, by=staff, at=NOW)
        assert (again(ticket).assignee, told()) == (other, [(other, "ticket-assigned")])

    def test_sorted_anew_it_goes_to_the_clocks_and_the_log(self, ticket, staff):
        given = {"component": None, "priority": "high", "team": "repairs", "seen": 1, "by": staff, "at": NOW}
        reroute(ticket, kind="complaint", reason="They complain about us.", **given)
        step = Step.objects.get(ticket=ticket)
        assert (step.data["kind"], step.data["priority"], step.reason_en) == (
            "complaint",
            "high",
            "They complain about us.",
        )
        with pytest.raises(OvertakenError):
            reroute(ticket, kind="repair", reason="No.", **given)


class TestSeen:
    """By the household and by staff, each what is theirs."""

    def seen_by(self, ticket, *users):
        return [Ticket.objects.for_user(user, on=TODAY).filter(pk=ticket.pk).exists() for user in users]

    def test_the_household_sees_it_tenants_strangers_and_others_do_not(self, ticket, staff):
        people = [
            OwnershipFactory(home=ticket.home, role=role).owner.user
            for role in (Role.CO_OWNER, Role.FAMILY, Role.TENANT)
        ]
        elsewhere = StaffFactory(group="Customer service", development=OwnershipFactory().home.development)
        marketing = StaffFactory(group="Marketing", development=ticket.development)
        everybody = [ticket.raised_by, *people, OwnershipFactory().owner.user, staff, elsewhere, marketing]
        assert self.seen_by(ticket, *everybody) == [True, True, True, False, False, True, False, False]
        set_privacy(ticket, personal=True, by=ticket.raised_by, at=NOW)
        assert self.seen_by(ticket, *everybody) == [True, False, False, False, False, True, False, False]
        with pytest.raises(TicketError, match="Only whoever raised"):
            set_privacy(ticket, personal=False, by=people[0], at=NOW)

    def test_a_repairer_sees_the_tickets_of_their_place(self, ticket):
        repairer = StaffFactory(group="Repairs")
        AssignmentFactory(user=repairer, role=Assignment.Role.REPAIRS, development=ticket.development)
        assert self.seen_by(ticket, repairer) == [True]
        assert list(Ticket.objects.of_team(repairer)) == []
        Ticket.objects.update(team="repairs")
        assert list(Ticket.objects.of_team(repairer)) == [ticket]


class TestImpossible:
    @pytest.mark.parametrize(
        "values",
        [
            {"state": "closed", "outcome": "fixed"},
            {"state": "resolved", "outcome": "fixed"},
            {"state": "resolved", "resolved_at": NOW},
            {"state": "merged"},
            {"outcome": "fixed"},
            {"title": ""},
            {"subject_kind": "update"},
        ],
    )
    def test_a_row_that_cannot_be(self, ticket, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(**values)

    def test_a_note_of_an_owner_cannot_be(self, ticket):
        message = MessageFactory(ticket=ticket)
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(internal=True)

    def test_a_move_that_does_not_follow_is_refused(self):
        for before in Ticket.State:
            for after in Ticket.State:
                if after not in ALLOWED[before]:
                    with pytest.raises(TicketError, match="can't follow"):
                        check_move(Ticket(state=before), after)


def test_what_is_erased_leaves_the_case_without_its_words(ticket, staff):
    from accounts.privacy.erasure import _erase_person
    from accounts.privacy.registry import Person

    MessageFactory(ticket=ticket), AttachmentFactory(ticket=ticket)
    evidence = AttachmentFactory(ticket=ticket, by_staff=True, message=MessageFactory(ticket=ticket, from_staff=True))
    _erase_person(Person.of_owner(ticket.owner), by=None, at=NOW)
    ticket = again(ticket)
    assert (ticket.title, ticket.text, set(ticket.messages.values_list("text", flat=True))) == ("—", "—", {"—"})
    assert list(ticket.attachments.all()) == [evidence]
