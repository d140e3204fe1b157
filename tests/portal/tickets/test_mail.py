"""Mail to the service address: an answer in its ticket, a new ticket, or something for staff to sort."""

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import hooks
from accounts.links import make_mac
from accounts.models import Address, Channel
from accounts.notices.models import Notice
from portal.tickets.mail import sorting, taking, writing
from portal.tickets.mail.addresses import addressed, reply_address
from portal.tickets.mail.models import IncomingMail
from portal.tickets.mail.receiving import receive
from portal.tickets.merging import merge
from portal.tickets.models import Message, Ticket
from tests.accounts.files.pictures import encoded
from tests.factories import NOW, OwnerFactory, OwnershipFactory, StaffFactory

from .factories import TicketFactory
from .mailbox import SERVICE, arrive, letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def service(settings):
    settings.SERVICE_ADDRESS, settings.DEFAULT_FROM_EMAIL = SERVICE, "Homes <portal@homes.example>"


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def ticket(tie):
    return TicketFactory(ownership=tie)


@pytest.fixture
def answer(ticket):
    """A function that lets the ticket's owner answer by mail."""

    def answer(**kwargs):
        address = kwargs.pop("sender", ticket.owner.user.email)
        return arrive(address, reply_address(ticket, ticket.owner), **kwargs)

    return answer


def fate(mail):
    return mail.state, mail.why


class TestAddress:
    def test_it_names_ticket_and_person_and_outlives_another_secret(self, ticket, settings):
        address = reply_address(ticket, ticket.owner).upper()
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
        assert addressed(address) == (ticket, ticket.owner)
        assert len(address.partition("@")[0]) <= 64

    def test_of_another_ticket_or_person_it_is_worth_nothing(self, ticket):
        other = TicketFactory(ownership__home=ticket.home)
        code = reply_address(ticket, ticket.owner).partition(".")[2]
        assert addressed(f"service+{other.number.lower()}.{code}") is None
        assert addressed(reply_address(ticket, OwnerFactory())) is None
        assert addressed(f"service+{ticket.number}.{make_mac('invitation', ticket.pk, 1)[:20]}@homes.example") is None


class TestAnswer:
    def test_it_stands_in_the_ticket_without_what_it_quotes_and_staff_are_told(self, ticket, answer):
        ticket.assignee = StaffFactory(group="Customer service", development=ticket.development)
        ticket.save()
        mail = answer(text="Still dripping.\n\nOn Monday Homes wrote:\n> Is it dry?")
        message = Message.objects.get()
        assert (fate(mail), mail.ticket) == (("taken", ""), ticket)
        assert (message.text, message.quoted, message.owner, message.channel, message.internal) == (
            "Still dripping.",
            "On Monday Homes wrote:\n> Is it dry?",
            ticket.owner,
            "mail",
            False,
        )
        ticket.refresh_from_db()
        assert (ticket.unanswered_since, [step.what for step in ticket.steps.all()]) == (NOW, ["wrote"])
        assert set(Notice.objects.values_list("user", "kind")) == {(ticket.assignee_id, "ticket-wrote")}

    def test_worked_twice_it_is_there_once(self, answer):
        mail = answer()
        IncomingMail.objects.update(state="received", ticket=None)
        taking.take_in(mail.pk, clock=lambda: NOW)
        assert (Message.objects.count(), IncomingMail.objects.get().state) == (1, "taken")

    def test_what_another_worker_has_taken_over_is_not_written(self, answer, monkeypatch):
        read = taking.read

        def while_another_takes_it(*args, **kwargs):
            IncomingMail.objects.update(lease=None)
            return read(*args, **kwargs)

        monkeypatch.setattr(taking, "read", while_another_takes_it)
        with pytest.raises(taking.LostLeaseError):
            answer()
        assert Message.objects.count() == 0

    def test_photos_come_along_and_what_is_refused_is_named(self, ticket, answer):
        answer(
            files=[("tap.jpg", encoded(), "image/jpeg"), ("run\u202egpj.exe", b"MZ" * 50, "application/octet-stream")]
        )
        message = Message.objects.get()
        assert [each.kind for each in message.attachments.all()] == ["photo"]
        assert message.text.startswith("It drips again.\n\nNot taken from the e-mail:\n· “rungpj.exe” is not a photo")

    def test_from_another_address_it_is_a_note_among_staff(self, ticket, answer):
        mail = answer(sender="neighbour@example.com")
        message = Message.objects.get()
        assert (fate(mail), message.internal, message.owner) == (("taken", "elsewhere"), True, None)
        assert "neighbour@example.com" in message.text
        assert list(Message.objects.for_user(ticket.owner.user)) == []

    def test_somebody_of_the_household_answers_for_themselves(self, ticket, answer):
        partner = OwnershipFactory(home=ticket.home).owner
        answer(sender=partner.user.email)
        assert Message.objects.get().owner == partner

    def test_a_personal_ticket_is_not_the_households(self, ticket, answer):
        Ticket.objects.update(privacy="personal")
        answer(sender=OwnershipFactory(home=ticket.home).owner.user.email)
        assert Message.objects.get().internal

    def test_to_a_merged_ticket_it_goes_on_in_the_other(self, ticket, tie, answer):
        other = TicketFactory(ownership=tie)
        merge(ticket, into=other, by=StaffFactory(), at=NOW)
        assert (answer().ticket, Message.objects.get().ticket) == (other, other)

    def test_to_a_closed_one_it_is_kept_staff_see_it_and_the_owner_hears_how_to_open_it(self, tie, answer, ticket):
        Ticket.objects.update(state="closed", outcome="fixed", closed_at=NOW, resolved_at=NOW, closed_how="owner")
        for _twice in range(2):
            answer(at=NOW + timedelta(days=29))
        ticket.refresh_from_db()
        assert (ticket.state, ticket.unanswered_since, Message.objects.count()) == (
            "closed",
            NOW + timedelta(days=29),
            2,
        )
        assert Notice.objects.filter(owner=ticket.owner, kind="ticket-mail-closed", channel="email").count() == 1

    def test_in_the_second_of_closing_it_is_kept(self, ticket, answer, monkeypatch):
        lock = writing.lock_ticket

        def closes_first(pk):
            Ticket.objects.update(state="closed", outcome="fixed", closed_at=NOW, resolved_at=NOW, closed_how="staff")
            return lock(pk)

        monkeypatch.setattr(writing, "lock_ticket", closes_first)
        assert (fate(answer()), Message.objects.get().ticket) == (("taken", ""), ticket)

    def test_a_month_after_closing_it_is_a_new_ticket_that_names_the_old_one(self, ticket, answer):
        Ticket.objects.update(state="closed", outcome="fixed", closed_at=NOW, resolved_at=NOW, closed_how="owner")
        mail = answer(at=NOW + timedelta(days=31))
        new = Ticket.objects.exclude(pk=ticket.pk).get()
        assert (mail.ticket, new.pk, new.home, new.owner) == (new, mail.pk, ticket.home, ticket.owner)
        assert (new.text, Message.objects.count()) == (
            f"About my earlier ticket {ticket.number}.\n\nIt drips again.",
            0,
        )

    def test_a_danger_makes_it_an_emergency_and_of_a_closed_one_a_new_ticket(self, ticket, answer):
        answer(text="I smell gas.")
        ticket.refresh_from_db()
        assert ticket.is_emergency
        Ticket.objects.update(state="closed", outcome="fixed", closed_at=NOW, resolved_at=NOW, closed_how="owner")
        assert (answer(text="Gas again!").ticket.is_emergency, Ticket.objects.count()) == (True, 2)

    def test_of_somebody_who_has_left_long_ago_it_is_sorted_by_staff(self, ticket, tie, answer):
        today = NOW.date()
        tie.since, tie.state, tie.until = today - timedelta(days=900), "ended", today - timedelta(days=400)
        tie.save()
        assert (fate(answer()), Message.objects.count()) == (("to-sort", "homes"), 0)

    def test_what_is_too_long_goes_on_in_the_fold(self, answer):
        answer(text="word " * 1500)
        message = Message.objects.get()
        assert (len(message.text) <= 4000, message.text.count("word") + message.quoted.count("word")) == (True, 1500)


class TestUnsigned:
    def test_of_a_customer_with_one_home_it_becomes_a_ticket(self, tie):
        mail = arrive(tie.owner.user.email.upper(), text="Where is my key?\n<script>alert(1)</script>")
        ticket = Ticket.objects.get()
        assert (fate(mail), ticket.pk, ticket.home, ticket.owner) == (("taken", ""), mail.pk, tie.home, tie.owner)
        assert (ticket.kind, ticket.channel, ticket.title) == ("question", "mail", "The tap drips")

    def test_of_nobody_we_know_it_becomes_nothing_and_nobody_is_answered(self):
        assert fate(arrive("nobody@example.com")) == ("to-sort", "unknown")
        assert (Ticket.objects.count(), Notice.objects.count()) == (0, 0)

    def test_whose_it_is_must_be_certain(self, tie):
        def row(owner, address, verified_at=None):
            Address.objects.create(owner=owner, channel=Channel.EMAIL, value=address, verified_at=verified_at)

        row(tie.owner, "said@example.com")
        row(tie.owner, "both@example.com", NOW)
        row(OwnershipFactory().owner, "both@example.com", NOW)
        two = OwnershipFactory(owner=OwnershipFactory().owner).owner
        senders = ["said@example.com", "both@example.com", two.user.email]
        assert [fate(arrive(each)) for each in senders] == [
            ("to-sort", "unproved"),
            ("to-sort", "several"),
            ("to-sort", "homes"),
        ]

    def test_a_forged_sender_is_sorted_by_staff(self, tie):
        mail = receive(letter(tie.owner.user.email, Authentication_Results="mx; dmarc=fail"), at=NOW)
        assert fate(mail) == ("to-sort", "forged")


class TestWebhook:
    SECRET = "portal:a-long-and-random-password"

    @pytest.fixture
    def bring(self, client, settings, tie):
        """A function that posts a mail as Postmark does; `body` may be anything."""
        settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": self.SECRET}

        def bring(body=None, secret=self.SECRET, **extra):
            mail = {
                "FromFull": {"Email": tie.owner.user.email, "Name": "Shen"},
                "ToFull": [{"Email": SERVICE}],
                "OriginalRecipient": SERVICE,
                "Headers": [
                    {"Name": "Return-Path", "Value": "<shen@example.com>"},
                    {"Name": "Message-ID", "Value": "<1@x>"},
                ],
                "Subject": "The key",
                "TextBody": "Where is it?\n> old",
                "StrippedTextReply": "Where is it?",
            }
            headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
            body = json.dumps(mail) if body is None else body
            return client.post(
                reverse("accounts:mail-in"), body, content_type="application/json", headers=headers, **extra
            )

        return bring

    def test_what_is_brought_twice_is_one_mail_with_all_that_it_said(self, bring):
        assert [bring().status_code for _each in range(2)] == [200, 200]
        mail = IncomingMail.objects.get()
        assert (mail.message_id, mail.recipient, mail.stripped, fate(mail)) == (
            "<1@x>",
            SERVICE,
            "Where is it?",
            ("received", ""),
        )

    def test_more_than_a_form_holds_is_read_and_more_than_a_mail_is_not(self, bring):
        assert bring(json.dumps({"FromFull": {"Email": "a@b.example"}, "TextBody": "x" * 3_000_000})).status_code == 200
        assert bring("{}", CONTENT_LENGTH=str(hooks.LARGEST_MAIL + 1)).status_code == 413

    @pytest.mark.parametrize("body", ["", "nonsense", "[]", "null", '{"Headers": 7}', '{"Attachments": [{}]}'])
    def test_what_is_no_mail_is_refused(self, bring, body):
        assert (bring(body).status_code, IncomingMail.objects.count()) == (400, 0)

    def test_without_the_secret_or_an_address_of_ours_there_is_nothing(self, bring, settings):
        assert bring(secret="portal:wrong").status_code == 400
        settings.SERVICE_ADDRESS = ""
        assert (bring().status_code, IncomingMail.objects.count()) == (404, 0)


class TestLoops:
    def test_a_loop_takes_twenty_holds_eighty_and_keeps_no_more(self, tie):
        for number in range(120):
            receive(letter(tie.owner.user.email), at=NOW + timedelta(seconds=number))
        count = IncomingMail.objects.filter
        kept = [count(state=state).count() for state in ("received", "held", "stopped")]
        assert (kept, count(raw=None).count()) == ([20, 80, 20], 20)

    def test_brought_twice_it_is_one(self, tie):
        message = letter(tie.owner.user.email)
        assert [receive(message, at=NOW) is None for _each in range(2)] == [False, True]


class TestSorting:
    def test_staff_say_whose_it_is_and_it_becomes_their_ticket(self, tie):
        mail, staff = arrive("new@example.com"), StaffFactory(group="Customer service", everywhere=True)
        sorting.assign(mail, owner=tie.owner, home=tie.home, by=staff)
        taking.take_in(mail.pk, clock=lambda: NOW)
        assert Ticket.objects.get().owner == tie.owner

    def test_only_to_somebody_of_the_home_and_only_once(self, tie):
        mail, staff = arrive("new@example.com"), StaffFactory()
        with pytest.raises(sorting.TicketError, match="does not belong to this home"):
            sorting.assign(mail, owner=OwnerFactory(), home=tie.home, by=staff)
        sorting.discard(mail, by=staff, at=NOW)
        with pytest.raises(sorting.TicketError, match="not there any more"):
            sorting.assign(mail, owner=tie.owner, home=tie.home, by=staff)

    def test_staff_see_mail_of_their_places_and_of_nobody(self, tie):
        here, elsewhere = (OwnershipFactory() for _each in range(2))
        for sender in ("nobody@example.com", here.owner.user.email, elsewhere.owner.user.email):
            arrive(sender)
        staff = StaffFactory(group="Customer service", development=here.home.development)
        seen = {mail.sender for mail in IncomingMail.objects.for_user(staff)}
        assert seen == {"nobody@example.com", here.owner.user.email}
        assert list(IncomingMail.objects.for_user(here.owner.user)) == []

    def test_the_list_asks_as_often_for_three_as_for_one(self, client):
        client.force_login(StaffFactory(group="Customer service", everywhere=True))
        counts = []
        for number in (1, 2):
            for _each in range(number):
                arrive("nobody@example.com")
            with CaptureQueriesContext(connection) as asked:
                assert client.get(reverse("desk_mail:index")).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]
