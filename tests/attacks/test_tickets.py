"""Tickets under attack: forged ids, forms sent once more, hostile words, loops of mail, and who reviews whom."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.links import make_mac
from accounts.privacy.registry import Person, declared
from portal.tickets import assigning, conversation, merging, sharing
from portal.tickets.clocks import pausing, postponing
from portal.tickets.clocks.models import Pause
from portal.tickets.closing import calls, confirming, resolving
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.jobs.models import Job
from portal.tickets.jobs.reporting import send_photos
from portal.tickets.mail.addresses import addressed, reply_address
from portal.tickets.mail.models import IncomingMail
from portal.tickets.mail.receiving import receive
from portal.tickets.models import Message, Step, Ticket
from portal.tickets.raising import raise_ticket
from progress.transfers.actions import transfer_home
from tests.factories import NOW, TODAY, AssignmentFactory, OwnerFactory, OwnershipFactory, StaffFactory
from tests.portal.tickets.closing_stories import with_photo
from tests.portal.tickets.factories import (
    AttachmentFactory,
    ComponentFactory,
    MessageFactory,
    StepFactory,
    TicketFactory,
    ticketed,
)
from tests.portal.tickets.formal_factories import complained
from tests.portal.tickets.job_factories import JobFactory
from tests.portal.tickets.mailbox import SERVICE, letter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOSTILE = "<script>alert(1)</script><img src=x onerror=y> \u202eexe.gpj \"'{{ 7 }}"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tie():
    return OwnershipFactory()


@pytest.fixture
def ticket(tie):
    return TicketFactory(ownership=tie)


@pytest.fixture
def agent(tie):
    return StaffFactory(group="Supervisors", development=tie.home.development)


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def status(client, url, method="get"):
    response = getattr(client, method)(url)
    if response.streaming:
        list(response)
    return response.status_code


def supervisor(place):
    user = StaffFactory(group="Supervisors")
    AssignmentFactory(user=user, role="supervisor", development=place)
    return user


class TestStrangers:
    def addresses(self, tie):
        """{address: how it is asked} of all that there is about a ticket, for owners and for staff."""
        rows = ticketed(tie.home, tie.owner) | complained(tie.home, tie.owner)
        job = JobFactory(ticket=rows["ticket"])
        home = [("ticket", "personal ticket"), ("ticket-sheet", "service sheet"), ("letter", "complaint letter")]
        home += [
            ("complaint", "complained ticket"),
            ("board-entry", "solved ticket"),
            ("ticket-pdf", "personal ticket"),
        ]
        acts = [("ticket-agree", "ticket pause"), ("ticket-decline", "ticket pause"), ("board-agree", "solved ticket")]
        acts += [(f"ticket-{act}", "personal ticket") for act in ("reply", "confirm", "reopen", "withdraw", "score")]
        acts += [("ticket-privacy", "personal ticket"), ("ticket-not-fixed", "personal ticket")]
        acts += [("board-refuse", "solved ticket"), ("complaint-withdraw", "complained ticket")]
        sizes = [
            (reverse("home:ticket-file", args=[AttachmentFactory(ticket=rows["personal ticket"]).pk, size]), "get")
            for size in ("thumb", "large", "file")
        ]
        Ticket.objects.update(privacy="personal")
        desk = [("desk_ticket:inspect", rows["ticket"]), ("site:repair", rows["ticket"]), ("desk_job:inspect", job)]
        desk += [
            ("desk_complaint:inspect", rows["formal complaint"]),
            ("desk_complaint:letter", rows["complaint letter"]),
        ]
        return (
            [(reverse(f"home:{name}", args=[rows[key].pk]), "get") for name, key in home]
            + [(reverse(f"home:{name}", args=[rows[key].pk]), "post") for name, key in acts]
            + sizes,
            [(reverse(name, args=[row.pk]), "get") for name, row in desk],
        )

    def test_nobody_else_of_this_home_or_another_finds_a_personal_ticket(self, tie):
        addresses, _desk = self.addresses(tie)
        people = [OwnershipFactory(home=tie.home, role=role).owner.user for role in ("co_owner", "family", "tenant")]
        people += [OwnershipFactory(home=tie.home, former=True).owner.user, OwnershipFactory().owner.user]
        people += [StaffFactory(group="Supervisors", development=OwnershipFactory().home.development)]
        found = [
            (person, url)
            for person in map(logged_in, people)
            for url, how in addresses
            if status(person, url, how) != 404
        ]
        assert found == []

    def test_staff_elsewhere_and_owners_find_nothing_at_the_desk(self, tie):
        _home, addresses = self.addresses(tie)
        people = [StaffFactory(group="Supervisors", development=OwnershipFactory().home.development), tie.owner.user]
        found = [status(logged_in(person), url) for person in people for url, _how in addresses]
        assert found == [404] * len(found)

    def test_after_the_sale_the_new_household_has_nothing_of_it_and_the_former_one_acts_no_more(self, tie, now):
        addresses, _desk = self.addresses(tie)
        new = OwnerFactory()
        transfer_home(home=tie.home, to=[new], on=TODAY, by=None, at=NOW)
        bought, sold = logged_in(new.user), logged_in(tie.owner.user)
        assert [url for url, how in addresses if status(bought, url, how) != 404] == []
        before = list(Ticket.objects.order_by("pk").values())
        for url, how in addresses:
            if how == "post" and "board" not in url and "complaint" not in url:
                status(sold, url, how)
        sold.post(reverse("home:ticket-privacy", args=[Ticket.objects.first().pk]), {"personal": "0"})
        assert list(Ticket.objects.order_by("pk").values()) == before
        now.move_to(NOW + 181 * DAY)
        sold = logged_in(tie.owner.user)
        assert [url for url, how in addresses if status(sold, url, how) != 404] == []


class TestNotes:
    SECRET = "Zanzibar"

    def test_no_owner_reads_them_anywhere(self, tie, ticket, agent):
        """Neither the note, its photo, a contractor's words, nor why colleagues gave it to each other."""
        conversation.note(message_id=uuid4(), ticket=ticket, text=self.SECRET, by=agent, at=NOW)
        photo = AttachmentFactory(ticket=ticket, message=Message.objects.get(), internal=True, by_staff=True)
        job = JobFactory(ticket=ticket)
        send_photos(job, message_id=uuid4(), photos=(), text=self.SECRET, version=1, at=NOW)
        assigning.assign(Ticket.objects.get(), to=agent, reason=self.SECRET, seen=None, by=agent, at=NOW)
        client = logged_in(tie.owner.user)
        urls = [reverse("home:ticket", args=[ticket.pk]), reverse("home:search") + f"?q={self.SECRET}"]
        urls += [reverse("home:tickets", args=[tie.home.pk]), reverse("home:front")]
        pages = [client.get(url).content.decode().replace(f'value="{self.SECRET}"', "") for url in urls]
        assert [page.count(self.SECRET) for page in (pages[0], *pages[2:])] == [0, 0, 0]
        assert str(ticket.pk) not in pages[1]
        assert [status(client, reverse("home:ticket-file", args=[photo.pk, size])) for size in ("thumb", "file")] == [
            404
        ] * 2
        assert self.exported(Person.of_user(tie.owner.user)) == []

    def exported(self, person):
        """What of it stands in their copy."""
        return [
            (label, name)
            for label, declaration in declared().items()
            for name in (declaration.exported if person else ())
            if not declaration.model._meta.get_field(name).is_relation
            for row in declaration.rows_of(person)
            if self.SECRET in str(getattr(row, name))
        ]


class TestSomebodyElsesIds:
    def test_a_form_with_the_id_of_another_ticket_or_message_changes_neither(self, tie, ticket, agent):
        other = MessageFactory(text="Mine.")
        given = {"home": tie.home, "owner": tie.owner, "kind": "repair", "text": "x", "by": tie.owner.user, "at": NOW}
        refused = [lambda: raise_ticket(ticket_id=other.ticket_id, **given)]
        words = {"ticket": ticket, "text": "x", "at": NOW, "message_id": other.pk}
        refused += [lambda act=act: act(by=agent, **words) for act in (conversation.reply, conversation.note)]
        refused += [lambda: conversation.write(by=tie.owner.user, **words)]
        for act in refused:
            with pytest.raises(TicketError, match="begin anew"):
                act()
        assert (Message.objects.get().text, Ticket.objects.count()) == ("Mine.", 2)

    def test_a_contractor_s_form_with_the_id_of_another_message_is_refused_in_words(self, ticket):
        job, foreign, near = JobFactory(ticket=ticket), MessageFactory(), MessageFactory(ticket=ticket)
        for message in (foreign, near):
            data = {"d-message_id": message.pk, "d-note": "Done."}
            response = Client().post(reverse("jobs:done", args=[job.pk, job.mac]), data)
            assert (response.status_code, Job.objects.get().state) == (200, "given")
        assert Message.objects.filter(by_contractor=True).count() == 0

    def test_the_desk_takes_no_choice_that_is_not_of_the_place(self, ticket, agent):
        """Ids of other homes, places and kinds, and what is no id at all."""
        desk, elsewhere = logged_in(agent), TicketFactory()
        stranger = StaffFactory(group="Supervisors", development=elsewhere.development)
        seen = {"seen": ticket.version, "reason": "Because."}
        tried = [
            ("merge", "into", {}, [elsewhere.pk, ticket.pk, ticket.home_id, "x\x00", "1"]),
            ("assign", "to", seen, [stranger.pk, elsewhere.owner.user.pk, ticket.pk, "\u202e", "x\x00"]),
            (
                "route",
                "component",
                seen | {"kind": "repair", "priority": "low", "team": "repairs"},
                [ticket.pk, "x\x00"],
            ),
            ("warranty", "term", seen | {"covered": "yes", "reason_en": "x"}, [ticket.pk, "-1", "9" * 40]),
        ]
        for act, field, rest, values in tried:
            for value in values:
                response = desk.post(reverse(f"desk_ticket:{act}", args=[ticket.pk]), rest | {field: value})
                assert (response.status_code, field in response.context["form"].errors) == (200, True), (act, value)
        for macro in (ticket.pk, "x\x00", "9" * 40):
            assert desk.post(reverse("desk_ticket:sentence", args=[ticket.pk]), {"macro": macro}).status_code == 200
        for version in ("-1", "9" * 30, "NaN", "x\x00", ""):
            data = {"reply-seen": version, "reply-message_id": uuid4(), "reply-text": "Hello"}
            assert desk.post(reverse("desk_ticket:reply", args=[ticket.pk]), data).status_code == 200
        assert (Ticket.objects.get(pk=ticket.pk).version, Message.objects.count()) == (1, 0)

    @pytest.mark.parametrize(
        "query",
        [
            "q=%00",
            "q=%E2%80%AE",
            "after=9999-12-31T23:59:59%2B00:00_x",
            "queue=%00&kind=%00",
            "after=0001-01-01T00:00:00%2B14:00_00000000-0000-0000-0000-000000000000",
            "development=%00",
            "q=T-9999-999999",
            "q=" + "x" * 5000,
        ],
    )
    def test_no_query_breaks_a_queue(self, ticket, agent, query):
        queues = [f"{reverse('desk_ticket:index')}?queue={name}&{query}" for name in ("all", "late", "unanswered")]
        assert {status(logged_in(agent), url) for url in queues} == {200}


class TestWhatDoesNotFollow:
    def acts(self, ticket, owner, agent):
        given, seen = {"at": NOW}, {"seen": None, "at": NOW, "by": agent}
        into = TicketFactory(home=ticket.home, owner=ticket.owner, ownership=None, development=ticket.development)
        words = {"ticket": ticket, "text": "x", **given}
        return {
            "write": lambda: conversation.write(message_id=uuid4(), by=owner, **words),
            "reply": lambda: conversation.reply(message_id=uuid4(), by=agent, **words),
            "confirm": lambda: confirming.confirm(ticket, by=owner, **given),
            "not fixed": lambda: confirming.not_fixed(ticket, text="x", by=owner, **given),
            "reopen": lambda: confirming.reopen(ticket, by=owner, **given),
            "withdraw": lambda: confirming.withdraw(ticket, by=owner, **given),
            "resolve": lambda: resolving.resolve(ticket, outcome="answered", text="x", **seen),
            "take up": lambda: resolving.take_up(ticket, reason_en="x", **seen),
            "pause": lambda: pausing.pause(ticket, why="part", review_on=TODAY + DAY, reason_en="x", by=agent, **given),
            "resume": lambda: pausing.resume(ticket, by=agent, **given),
            "postpone": lambda: postponing.postpone(ticket, due_at=NOW + DAY, reason_en="x", by=agent, **given),
            "merge": lambda: merging.merge(ticket, into=into, by=agent, **given),
            "unmerge": lambda: merging.unmerge(ticket, by=agent, **given),
            "call": lambda: calls.record_call(ticket, reached=True, by=agent, **given),
        }

    @pytest.mark.parametrize(
        ("state", "possible"),
        [
            ("closed", {"reopen", "take up"}),
            ("withdrawn", {"reopen", "take up", "withdraw"}),
            ("merged", {"unmerge"}),
            ("paused", {"write", "reply", "withdraw", "resolve", "pause", "merge"}),
            ("resolved", {"write", "reply", "confirm", "not fixed", "withdraw", "take up"}),
        ],
    )
    def test_only_this_follows(self, tie, agent, state, possible):
        """All others are refused in words: no state is half-way, and no constraint has to hold."""
        done = set()
        for name in self.acts(TicketFactory(ownership=tie), tie.owner.user, agent):
            ticket = self.in_state(state, tie)
            act = self.acts(ticket, tie.owner.user, agent)[name]
            try:
                act()
                done.add(name)
            except TicketError:
                assert Ticket.objects.get(pk=ticket.pk).state == ticket.state
        allowed = possible if state != "closed" else possible | {"confirm"}  # a second tap, which changes nothing
        allowed = allowed | {"confirm"} if state == "withdrawn" else allowed
        assert done == allowed

    def in_state(self, state, tie):
        if state == "withdrawn":
            return TicketFactory(ownership=tie, closed=True, outcome="withdrawn")
        if state == "merged":
            return TicketFactory(ownership=tie, state="merged", merged_into=TicketFactory(ownership=tie))
        if state in ("closed", "resolved"):
            return TicketFactory(ownership=tie, **{state: True})
        return TicketFactory(ownership=tie, state=state)

    def test_the_clock_is_moved_nowhere_that_is_none(self, ticket, agent, now):
        desk = logged_in(agent)
        conversation.reply(message_id=uuid4(), ticket=ticket, text="x", by=agent, at=NOW)
        moments = ["0001-01-01T00:00", "9999-12-31T23:59", "2026-11-01T00:00", "2036-11-23T10:00", "NaN", "x\x00"]
        for moment in moments:
            day = moment[:10]
            for act, data in (("postpone", {"due_at": moment}), ("pause", {"why": "part", "review_on": day})):
                data |= {"seen": 2, "reason_en": "Because."}
                response = desk.post(reverse(f"desk_ticket:{act}", args=[ticket.pk]), data)
                assert (response.status_code, bool(response.context["form"].errors)) == (200, True), (act, moment)
        assert (Pause.objects.exists(), Step.objects.filter(what="postponed").exists()) == (False, False)

    def test_reading_changes_nothing(self, ticket, agent):
        """Each address of a deed answers 405 to whoever only looks."""
        names = ["reply", "confirm", "not-fixed", "reopen", "withdraw", "privacy", "score"]
        owners = [reverse(f"home:ticket-{name}", args=[ticket.pk]) for name in names]
        deeds = [
            reverse(f"desk_ticket:{name}", args=[ticket.pk])
            for name in ("reply", "note", "sentence", "resume", "agree", "decline", "unmerge", "confirm")
        ]
        owner, desk = logged_in(ticket.raised_by), logged_in(agent)
        assert {status(owner, url) for url in owners} | {status(desk, url) for url in deeds} == {405}
        pages = ["assign", "route", "pause", "postpone", "resolve", "take_up", "warranty", "merge", "call", "inspect"]
        before = Ticket.objects.values().get()
        assert {status(desk, reverse(f"desk_ticket:{name}", args=[ticket.pk])) for name in pages} == {200}
        assert (Ticket.objects.values().get(), Step.objects.count()) == (before, 0)


class TestTwoTabs:
    def test_sent_once_more_it_happened_once(self, tie, agent, now):
        ticket = TicketFactory(ownership=tie)
        with_photo(ticket, by=agent, at=NOW)
        given = {"outcome": "fixed", "work_done_en": "Washer.", "seen": 1, "at": NOW}
        resolving.resolve(ticket, by=agent, **given)
        with pytest.raises(OvertakenError):
            resolving.resolve(ticket, by=supervisor(tie.home.development), **given)
        owner = logged_in(tie.owner.user)
        for act in ("confirm", "not-fixed", "confirm"):
            owner.post(reverse(f"home:ticket-{act}", args=[ticket.pk]), {"text": "It drips."})
        assert (Ticket.objects.get().state, Message.objects.count()) == ("closed", 0)
        response = owner.post(reverse("home:ticket-reply", args=[ticket.pk]), {"op": uuid4(), "text": "Thanks"})
        assert (response.status_code, Message.objects.count()) == (200, 0)
        for _tap in range(2):
            owner.post(reverse("home:ticket-reopen", args=[ticket.pk]))
        assert (Ticket.objects.get().reopened, Ticket.objects.get().state) == (1, "open")

    def test_merged_nobody_loses_what_they_said(self, tie, agent):
        """Whoever's ticket went into somebody else's is not shut out when that one becomes personal, or they leave."""
        other = OwnershipFactory(home=tie.home, role="co_owner")
        mine, theirs = TicketFactory(ownership=tie), TicketFactory(ownership=other)
        merging.merge(mine, into=theirs, by=agent, at=NOW)
        with pytest.raises(TicketError):
            sharing.set_privacy(theirs, personal=True, by=other.owner.user, at=NOW)
        tie.state, tie.until = "ended", TODAY
        tie.save()
        response = logged_in(tie.owner.user).get(reverse("home:ticket", args=[mine.pk]))
        assert (response.status_code, mine.text in response.content.decode()) == (200, True)


class TestHostileWords:
    def test_they_stand_there_as_words(self, tie, agent):
        component = ComponentFactory(name_en=HOSTILE[:60])
        ticket = TicketFactory(
            ownership=tie, title=HOSTILE[:120], text=HOSTILE, when_possible=HOSTILE, component=component
        )
        MessageFactory(ticket=ticket, text=HOSTILE, quoted=HOSTILE)
        MessageFactory(ticket=ticket, text=HOSTILE, from_staff=True, author__name=HOSTILE)
        StepFactory(ticket=ticket, what="paused", reason_en=HOSTILE, reason_zh=HOSTILE)
        Pause.objects.create(ticket=ticket, why="part", reason_en=HOSTILE, review_on=TODAY + DAY, asked_at=NOW)
        job = JobFactory(ticket=ticket, task_en=HOSTILE, contractor__name=HOSTILE)
        pages = [(tie.owner.user, reverse("home:ticket", args=[ticket.pk]))]
        pages += [
            (tie.owner.user, reverse("home:tickets", args=[tie.home.pk])),
            (tie.owner.user, reverse("home:front")),
        ]
        pages += [
            (agent, reverse(name, args=[ticket.pk]))
            for name in ("desk_ticket:inspect", "desk_ticket:merge", "site:repair")
        ]
        pages += [(agent, reverse("desk_ticket:index") + "?queue=all"), (agent, job.path)]
        for user, url in pages:
            response = logged_in(user).get(url)
            said = response.content.decode()
            assert (response.status_code, "<script>alert" in said, "<img src=x" in said) == (200, False, False), url

    @pytest.mark.parametrize("words", ["a\x00b", "\u202e\u2066", "  \r\n ", "x\u2028y"])
    def test_an_owner_s_forms_take_or_refuse_them(self, tie, ticket, words):
        client = logged_in(tie.owner.user)
        data = {"op": uuid4(), "kind": "repair", "text": words, "when_possible": words, "component": words}
        assert client.post(reverse("home:ticket-raise", args=[tie.home.pk]), data).status_code == 200
        for name in ("reply", "not-fixed", "score"):
            data = {"op": uuid4(), "text": words, "score": words, "words": words}
            assert client.post(reverse(f"home:ticket-{name}", args=[ticket.pk]), data).status_code in (200, 302)
        similar = client.post(reverse("home:ticket-similar", args=[tie.home.pk]), {"text": words, "component": words})
        assert similar.status_code == 200


class TestMail:
    @pytest.fixture(autouse=True)
    def service(self, settings):
        settings.SERVICE_ADDRESS, settings.DEFAULT_FROM_EMAIL = SERVICE, "Homes <portal@homes.example>"

    def test_a_loop_of_a_thousand_senders_through_one_signed_address_is_stopped(self, ticket):
        to = reply_address(ticket, ticket.owner)
        for number in range(130):
            receive(letter(f"bot{number}@loop.example", to), at=NOW)
        states = list(IncomingMail.objects.values_list("state", flat=True))
        assert (states.count("received"), states.count("held"), states.count("stopped")) == (20, 80, 30)
        assert IncomingMail.objects.exclude(raw=None).count() == 100

    def test_a_forged_address_stands_for_nothing(self, ticket):
        other = TicketFactory()
        good = reply_address(ticket, ticket.owner)
        code = good.partition(".")[2].partition("@")[0]
        swapped = good.replace(ticket.number.lower(), other.number.lower())
        forged = [swapped, good.replace(code, code[:-1]), good.replace(code, "a" * 20), good.replace(code, code + "a")]
        forged += [good.replace("@", "\x00@"), good.replace("t-", "t-0"), "x" * 5000 + "@homes.example", "\u202e@", ""]
        forged += [good.replace("homes.example", "homes.example.evil")]
        assert [each for each in forged if addressed(each)] == []
        assert addressed(good).ticket == ticket


class TestContractors:
    def test_only_the_link_of_this_job_as_it_is_now_opens_it(self, ticket, now):
        job, other = JobFactory(ticket=ticket), JobFactory()
        Job.objects.filter(pk=job.pk).update(version=2)
        macs = [
            make_mac("job", other.pk, 2),
            make_mac("job", job.pk, 3),
            make_mac("ticket", job.pk, 2),
            "\u202e",
            "x" * 900,
        ]
        macs += [
            make_mac("job", job.ticket_id, 2),
            make_mac("job", job.pk, 2)[:-1],
            make_mac("job", job.pk, 2).swapcase(),
        ]
        held = other.files.create(attachment=AttachmentFactory(ticket=other.ticket))
        client, good, old = Client(), make_mac("job", job.pk, 2), make_mac("job", job.pk, 1)
        assert [client.get(reverse("jobs:job", args=[job.pk, mac])).status_code for mac in macs] == [404] * len(macs)
        assert client.get(reverse("jobs:job", args=[job.pk, old])).status_code == 410
        assert client.get(reverse("jobs:file", args=[job.pk, good, held.pk, "thumb"])).status_code == 404
        assert [
            client.get(reverse(f"jobs:{name}", args=[job.pk, good])).status_code for name in ("job", "photos", "done")
        ] == [200, 405, 405]
        now.move_to(NOW + 15 * DAY)
        late = client.post(reverse("jobs:done", args=[job.pk, good]), {"d-message_id": uuid4(), "d-note": "x"})
        assert (late.status_code, Job.objects.get(pk=job.pk).state) == (410, "given")
