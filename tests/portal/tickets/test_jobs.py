"""Contractors see one job through a link without a login: limited, revocable, and silent about the owner."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.links import make_mac
from accounts.notices import kinds
from accounts.notices.models import Notice
from accounts.notices.tasks import deliver_due
from portal.tickets.jobs import actions
from portal.tickets.jobs.errors import JobError
from portal.tickets.jobs.models import Job
from portal.tickets.jobs.reporting import finish_job, publish, send_photos
from portal.tickets.models import Attachment, Message
from tests.accounts.files.pictures import encoded, upload
from tests.factories import NOW, CardFactory, StaffFactory

from .factories import AttachmentFactory, TicketFactory
from .job_factories import ContractorFactory, JobFactory


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def job(db):
    return JobFactory()


@pytest.fixture
def agent(job):
    return StaffFactory(group="Supervisors", development=job.ticket.development)


def photo():
    return upload(encoded(), "after.jpg")


def address(job, name="job", *more):
    return reverse(f"jobs:{name}", args=[job.pk, job.mac, *more])


def report(job, **data):
    """The form of the link's page, as a browser sends it."""
    given = {"message_id": uuid4(), "note": "New cartridge.", "cost": "", **data}
    return Client().post(address(job, "done"), {f"d-{name}": value for name, value in given.items()})


def give(ticket, agent, **how):
    given = {"task_en": "Replace it.", "contact": agent, "expires_at": NOW + timedelta(days=7), "by": agent, "at": NOW}
    return actions.give_job(**{"job_id": uuid4(), "ticket": ticket, "contractor": ContractorFactory(), **given, **how})


class TestGiving:
    def test_a_form_sent_twice_makes_one_job_and_sends_one_link(self, job, agent):
        firm, job_id = ContractorFactory(), uuid4()
        first = give(job.ticket, agent, job_id=job_id, contractor=firm, ways=["email"])
        assert give(job.ticket, agent, job_id=job_id, contractor=firm, ways=["email"]) == first
        assert [notice.guest.address for notice in Notice.objects.filter(kind="job-given-email")] == [firm.email]

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"task_en": " "}, "what is to be done"),
            ({"expires_at": NOW}, "within the next 90 days"),
            ({"expires_at": NOW + timedelta(days=91)}, "within the next 90 days"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, job, agent, how, words):
        with pytest.raises(JobError, match=words):
            give(job.ticket, agent, **how)

    def test_a_ticket_that_is_over_is_handed_to_nobody(self, agent):
        with pytest.raises(JobError, match="over"):
            give(TicketFactory(closed=True), agent)

    def test_photos_of_another_ticket_are_not_shown(self, job, agent):
        own, foreign = AttachmentFactory(ticket=job.ticket), AttachmentFactory()
        given = give(job.ticket, agent, photos=[own, foreign])
        assert [each.attachment for each in given.files.all()] == [own]

    def test_the_message_names_nobody_and_keeps_no_link(self, job, agent, mailoutbox):
        given = give(job.ticket, agent, ways=["email"])
        deliver_due()
        (mail,) = mailoutbox
        assert given.path in mail.body
        assert str(job.ticket.owner) not in mail.body
        assert given.mac not in Notice.objects.get(kind="job-given-email").text


class TestPage:
    def test_it_shows_the_job_and_nothing_of_the_household(self, job):
        CardFactory(user=job.contact, name_en="Gao Weiguo", phone="+8613800138111")
        page = Client().get(address(job))
        text = page.content.decode()
        ticket = job.ticket
        assert page.status_code == 200
        for shown in (ticket.number, ticket.home.number, job.task_en, "Gao Weiguo"):
            assert shown in text
        for hidden in (ticket.owner.name, ticket.title, ticket.text):
            assert hidden not in text
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "private, no-store"

    def test_the_owner_stands_there_where_staff_ticked_it_until_they_leave(self, job):
        Job.objects.update(shows_owner=True)
        name = job.ticket.owner.name
        assert name in Client().get(address(job)).content.decode()
        job.ticket.home.ownerships.update(state="ended", until=NOW.date() - timedelta(days=1))
        assert name not in Client().get(address(job)).content.decode()

    def test_it_speaks_the_contractors_language_and_falls_back_where_nothing_is_written(self, job):
        job.contractor.language = "zh-hans"
        job.contractor.save()
        text = Client().get(address(job)).content.decode()
        assert '<html lang="zh-Hans"' in text
        assert job.task_en in text
        assert '<html lang="en"' in Client().get(address(job) + "?lang=en").content.decode()

    def test_words_with_markup_are_shown_as_words(self, job):
        Job.objects.update(task_en="<script>alert(1)</script>\u202egpj.exe")
        text = Client().get(address(job)).content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


class TestLinks:
    @pytest.mark.parametrize("name", ["job", "photos", "done"])
    def test_a_wrong_link_finds_nothing(self, job, name):
        other = JobFactory()
        for mac in (other.mac, make_mac("feed", job.pk, 1), make_mac("job", job.pk, 2), "x"):
            found = reverse(f"jobs:{name}", args=[job.pk, mac])
            page = Client().get(found) if name == "job" else Client().post(found)
            assert page.status_code == 404
            assert job.ticket.number not in page.content.decode()

    def test_a_revoked_link_says_so_and_takes_nothing(self, job, agent):
        old = address(job, "done")
        actions.revoke_job(job, by=agent, at=NOW)
        page = Client().post(old, {"d-message_id": uuid4(), "d-note": "Done."})
        assert (page.status_code, Message.objects.count()) == (410, 0)
        assert "taken back" in page.content.decode()

    def test_a_new_link_ends_the_one_before(self, job, agent):
        old = address(job)
        job = actions.renew_link(job, expires_at=NOW + timedelta(days=30), by=agent, at=NOW)
        assert [Client().get(each).status_code for each in (old, address(job))] == [410, 200]

    def test_it_runs_out(self, job):
        with time_machine.travel(job.expires_at, tick=False):
            page = Client().get(address(job))
        assert (page.status_code, "run out" in page.content.decode()) == (410, True)

    def test_a_ticket_that_ended_otherwise_needs_nothing_more(self, job):
        job.ticket.state, job.ticket.outcome, job.ticket.resolved_at = "resolved", "answered", NOW
        job.ticket.save()
        assert Client().get(address(job)).status_code == 410

    def test_a_photo_opens_by_its_own_job_alone(self, job):
        held = job.files.create(attachment=AttachmentFactory(ticket=job.ticket))
        other = JobFactory()
        photo = Client().get(address(job, "file", held.pk, "large"))
        assert photo.getvalue()
        assert photo.status_code == 200
        assert Client().get(address(other, "file", held.pk, "large")).status_code == 404
        assert Client().get(address(job, "file", uuid4(), "large")).status_code == 404


class TestReporting:
    def test_done_is_kept_among_staff_and_told_to_whom_they_ask(self, job):
        Job.objects.update(contact=StaffFactory(group="Supervisors", development=job.ticket.development))
        assert report(job, photos=photo(), cost="¥1,280.5").status_code == 302
        job.refresh_from_db()
        message = job.message
        assert (job.state, job.cost, message.text) == ("done", Decimal("1280.50"), "New cartridge.")
        assert (message.by_contractor, message.internal) == (True, True)
        assert list(message.attachments.values_list("internal", "by_staff")) == [(True, False)]
        assert not Message.objects.for_user(job.ticket.raised_by).exists()
        assert {notice.user for notice in Notice.objects.filter(kind="job-done")} == {job.contact}

    def test_pressed_twice_it_is_done_once_and_another_tab_is_told(self, job):
        message_id = uuid4()
        assert [report(job, message_id=message_id).status_code for _time in range(2)] == [302, 302]
        second = report(job, note="Once more.")
        assert "reported done already" in second.content.decode()
        assert [message.text for message in job.ticket.messages.all()] == ["New cartridge."]

    def test_taken_back_in_the_very_moment_nothing_is_kept(self, job, agent):
        actions.revoke_job(job, by=agent, at=NOW)
        with pytest.raises(JobError, match="not good any more"):
            finish_job(job, message_id=uuid4(), note="Done.", version=1, at=NOW)
        assert not Message.objects.exists()

    def test_a_hostile_file_is_refused_and_the_words_stay(self, job):
        hostile = upload(b"<svg onload=alert(1)>", "after.jpg")
        page = report(job, photos=hostile)
        assert "New cartridge." in page.content.decode()
        assert not Attachment.objects.exists()

    def test_more_photos_than_a_job_takes_are_refused(self, job, monkeypatch):
        monkeypatch.setattr("portal.tickets.jobs.reporting.MOST_PHOTOS", 1)
        send_photos(job, message_id=uuid4(), photos=[photo()], version=1, at=NOW)
        with pytest.raises(JobError, match="Please choose fewer"):
            send_photos(job, message_id=uuid4(), photos=[photo()], version=1, at=NOW)

    @pytest.mark.parametrize("cost", ["-1", "1e12", "NaN", "much"])
    def test_a_cost_that_is_none_is_refused(self, job, cost):
        assert report(job, cost=cost).status_code == 200
        assert not Message.objects.exists()


class TestPublishing:
    def test_the_owner_reads_it_once_staff_vouch_for_it(self, job, agent, told):
        job = finish_job(job, message_id=uuid4(), note="New cartridge.", photos=[photo()], cost=9, version=1, at=NOW)
        assert publish(job, by=agent, at=NOW) == publish(job, by=agent, at=NOW)
        owner = job.ticket.raised_by
        assert [message.text for message in Message.objects.for_user(owner)] == ["New cartridge."]
        assert Attachment.objects.for_user(owner).count() == 1
        assert job.ticket.steps.filter(what="replied").count() == 1
        assert told().count((job.ticket.owner, "ticket-reply")) == 1

    def test_before_it_is_done_there_is_nothing_to_publish(self, job, agent):
        with pytest.raises(JobError, match="not reported"):
            publish(job, by=agent, at=NOW)


class TestWhomTheyAsk:
    def test_once_that_colleague_has_left_the_team_hears_of_it_and_the_hotline_stands_there(self, job, agent):
        agent.assignments.update(role="customer_service")
        job.contact.is_active = False
        job.contact.save()
        assert job.contact.name not in Client().get(address(job)).content.decode()
        report(job)
        assert {notice.user for notice in Notice.objects.filter(kind="job-done")} == {agent}


class TestDesk:
    def test_a_foreign_desk_finds_no_job(self, job, client):
        client.force_login(StaffFactory(group="Supervisors", development=JobFactory().ticket.development))
        for name in ("inspect", "give"):
            pk = job.ticket_id if name == "give" else job.pk
            assert client.get(reverse(f"desk_job:{name}", args=[pk])).status_code == 404
        assert client.post(reverse("desk_job:revoke", args=[job.pk])).status_code == 404

    def test_the_kinds_go_to_bare_addresses_only_while_given(self, job):
        kind = kinds.get("job-given-email")
        assert (kind.still_true(job), kind.secret) == (True, True)
        job.state = "revoked"
        assert not kind.still_true(job)
