"""The journey as an owner reads it: what moved and why, what was withdrawn, what changed since the last visit."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.notices.delivery import deliver
from accounts.notices.models import Notice
from progress.documents.models import HomeDocument
from progress.journeys import changing
from progress.journeys.evidence import Proof
from progress.journeys.models import Evidence
from progress.models import Role
from tests.factories import (
    NOW,
    TODAY,
    BuildingFactory,
    HomeDocumentFactory,
    OwnershipFactory,
    StaffFactory,
    UserFactory,
)
from tests.progress.test_milestones import LATER, claimed, moved, reached, windows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def step():
    return windows(BuildingFactory())


@pytest.fixture
def tie(client, step):
    tie = OwnershipFactory(home=step.journey.home)
    client.force_login(tie.owner.user)
    return tie


def journey(client, home):
    return client.get(reverse("home:journey", args=[home.pk]))


def test_the_journey_shows_the_old_date_the_new_one_and_why(client, tie, step):
    moved([step], UserFactory())
    page = journey(client, tie.home).content.decode()
    assert ("Cracked panes" in page, "<del>" in page) == (True, True)


def test_what_waits_for_approval_is_not_shown(client, tie, step):
    claimed([step], UserFactory())
    assert "reported as reached" not in journey(client, tie.home).content.decode()


def test_a_withdrawn_milestone_says_so_in_public(client, tie, step):
    manager = UserFactory()
    reached([step], manager, UserFactory())
    change = changing.withdraw_reached([step], reason_en="Floor 11 was meant", by=manager, today=TODAY, at=NOW)
    assert "Floor 11 was meant" in journey(client, tie.home).content.decode()
    page = client.get(reverse("home:change", args=[change.pk])).content.decode()
    assert "Not reached after all" in page


def test_what_changed_since_the_last_visit_is_marked_until_the_next_one(client, tie, step):
    assert journey(client, tie.home).context["news"] is None
    with time_machine.travel(NOW + timedelta(days=1)):
        change = changing.change_forecast(
            [step], to=LATER + timedelta(days=9), reason_en="Rain", by=None, today=TODAY, at=NOW + timedelta(days=1)
        )
    with time_machine.travel(NOW + timedelta(days=2)) as clock:
        assert [journey(client, tie.home).context["news"]["changes"] for _again in range(2)] == [[change], [change]]
        clock.shift(timedelta(days=1))
        assert journey(client, tie.home).context["news"] is None


def test_the_message_leads_to_the_change_with_its_evidence(client, tie, step):
    change = reached([step], UserFactory(), UserFactory())
    deliver(clock=lambda: NOW)
    notice = Notice.objects.get(owner=tie.owner, channel="inbox")
    assert (notice.title, notice.url) == ("Windows in your home: reached", reverse("home:change", args=[change.pk]))
    page = client.get(notice.url)
    proof = Evidence.objects.get()
    assert reverse("home:evidence-photo", args=[proof.pk, "thumb"]) in page.content.decode()
    photo = client.get(reverse("home:evidence-photo", args=[proof.pk, "thumb"]))
    assert (photo.status_code, photo["Content-Type"], list(photo) != []) == (200, "image/jpeg", True)
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_what_was_withdrawn_since_says_so_on_its_old_page(client, tie, step):
    claim = reached([step], UserFactory(), UserFactory())
    old_page = reverse("home:change", args=[claim.pk])
    assert "Withdrawn since" not in client.get(old_page).content.decode()
    given = {"reason_en": "Floor 11 was meant", "by": UserFactory(), "today": TODAY}
    withdrawn = changing.withdraw_reached([step], **given, at=NOW + timedelta(days=1))
    html = client.get(old_page).content.decode()
    assert ("Withdrawn since" in html, reverse("home:change", args=[withdrawn.pk]) in html) == (True, True)


@pytest.mark.parametrize("who", ["a stranger", "a tenant", "the former owner", "staff"])
def test_nobody_else_sees_it(client, tie, step, who):
    change = reached([step], UserFactory(), UserFactory())
    people = {
        "a stranger": lambda: OwnershipFactory().owner.user,
        "a tenant": lambda: OwnershipFactory(home=tie.home, role=Role.TENANT).owner.user,
        "the former owner": lambda: OwnershipFactory(home=tie.home, former=True).owner.user,
        "staff": lambda: StaffFactory(development=tie.home.development),
    }
    client.force_login(people[who]())
    urls = [reverse("home:change", args=[change.pk]), reverse("home:evidence", args=[Evidence.objects.get().pk])]
    assert [client.get(url).status_code for url in urls] == [404, 404]


def test_evidence_that_waits_or_was_declined_is_not_delivered(client, tie, step):
    change = claimed([step], UserFactory())
    url = reverse("home:evidence", args=[Evidence.objects.get().pk])
    assert client.get(url).status_code == 404
    changing.decline_change(change, reason="Two panes are missing", by=UserFactory(), at=NOW)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("since", [{"withdrawn_at": NOW, "withdrawn_reason": "Another flat"}, {"min_role": "owner"}])
def test_evidence_that_is_a_document_is_shown_as_long_as_the_document_is(client, tie, step, since):
    report = HomeDocumentFactory(home=tie.home, kind="report", title_en="Report on the windows")
    proof = Proof(None, TODAY, document=report)
    change = claimed([step], UserFactory(), evidence=[proof])
    changing.approve_change(change, by=UserFactory(), at=NOW)
    page, file = reverse("home:change", args=[change.pk]), reverse("home:evidence", args=[Evidence.objects.get().pk])

    def seen():
        answer = client.get(file)
        list(answer)
        return "Report on the windows" in client.get(page).content.decode(), answer.status_code

    assert seen() == (True, 200)
    HomeDocument.objects.filter(pk=report.pk).update(**since)
    assert seen() == (False, 404)


def test_the_change_shows_ones_own_homes_only(client, tie, step):
    neighbour = windows(step.journey.home.building)
    change = moved([step, neighbour], UserFactory())
    by_home = client.get(reverse("home:change", args=[change.pk])).context["by_home"]
    assert [(home, [line.milestone for line in lines]) for home, lines in by_home] == [(tie.home, [step])]


def test_three_changes_cost_as_many_queries_as_one(client, tie, step):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            journey(client, tie.home)
        return len(queries)

    moved([step], UserFactory())
    asked()
    for_one = asked()
    for days in (10, 11):
        moved([step], UserFactory(), to=LATER + timedelta(days=days))
    assert asked() == for_one


# --- what each stage is about --------------------------------------------------------------------------------


def test_each_stage_says_what_happens_what_to_do_and_whom_to_ask(client, tie, step):
    html = journey(client, tie.home).content.decode()
    stages = step.journey.template.stages.all()
    assert len(stages) == 8
    for stage in stages:
        for words in (stage.happens_en, stage.to_do_en, stage.contact_en):
            assert words
            assert escape(words) in html


def test_a_stage_leads_to_the_owners_own_documents_of_its_kinds(client, tie, step):
    mine = HomeDocumentFactory(home=tie.home, kind="permit", title_en="Building permit")
    other = HomeDocumentFactory(kind="permit", title_en="Permit of another home")
    withdrawn = HomeDocumentFactory(
        home=tie.home, kind="permit", title_en="Draft", withdrawn_at=NOW, withdrawn_reason="x"
    )
    html = journey(client, tie.home).content.decode()
    links = [html.count(reverse("home:document", args=[each.pk])) for each in (mine, other, withdrawn)]
    assert links == [1, 0, 0]


def test_a_stage_without_words_says_nothing(client, tie, step):
    step.journey.template.stages.update(happens_en="", happens_zh="", to_do_en="", to_do_zh="")
    step.journey.template.stages.update(contact_en="", contact_zh="")
    assert "About this stage" not in journey(client, tie.home).content.decode()
