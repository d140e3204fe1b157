"""What an owner finds in the one box: all that is theirs, and nothing that isn't."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from progress.models import Home, Role
from tests.cms.guides.factories import GuidePageFactory
from tests.factories import NOW, HomeDocumentFactory, OwnershipFactory, UpdateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(client):
    tie = OwnershipFactory()
    client.force_login(tie.owner.user)
    return tie


def search(client, question, **more):
    return client.get(reverse("home:search"), {"q": question, **more})


def titles(response):
    """The titles of what was found, without the marks."""
    rows = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", response.content.decode())
    return [re.sub(r"</?mark>", "", title) for title in rows]


def published(home, **fields):
    return UpdateFactory(development=home.development, homes=[home], **fields)


def test_search_finds_news_with_the_word_in_its_title_first(client, tie):
    published(tie.home, title_en="Rain", body_en="The windows wait.")
    published(tie.home, title_en="Windows on floor nine", body_en="All in.")
    published(tie.home, title_en="Roof", body_en="Tiles.")

    assert titles(search(client, "windows")) == ["Windows on floor nine", "Rain"]


def test_search_finds_chinese_within_a_sentence(client, tie):
    published(tie.home, title_en="", title_zh="卫生间防水保修五年", body_en="", body_zh="闭水试验合格。")
    published(tie.home, title_en="", title_zh="外窗安装", body_en="", body_zh="九层。")

    assert titles(search(client, "防水")) == ["卫生间防水保修五年"]
    assert titles(search(client, "水防")) == []


def test_search_finds_documents_that_the_role_opens(client, tie):
    HomeDocumentFactory(home=tie.home, kind="plan", title_en="Roof plan", title_zh="")
    HomeDocumentFactory(home=tie.home, kind="report", title_en="Roof costs", title_zh="", min_role="owner")
    relative = OwnershipFactory(home=tie.home, role=Role.FAMILY)

    assert sorted(titles(search(client, "roof"))) == ["Roof costs", "Roof plan"]
    client.force_login(relative.owner.user)
    assert titles(search(client, "roof")) == ["Roof plan"]


def test_search_shows_nothing_of_other_homes_or_of_drafts(client, tie, stranger):
    UpdateFactory(development=tie.home.development, title_en="Roof draft")
    published(OwnershipFactory().home, title_en="Roof elsewhere")
    HomeDocumentFactory(title_en="Roof of others", title_zh="")

    assert titles(search(client, "roof")) == []


def test_search_shows_tenants_announcements_alone(client):
    tie = OwnershipFactory(role=Role.TENANT)
    client.force_login(tie.owner.user)
    published(tie.home, title_en="Water news")

    assert titles(search(client, "water")) == []


@pytest.mark.parametrize("question", ["\x00", "%", "_", "'; --", '" OR 1', "<script>", "(((", "水" * 10_000])
def test_search_of_a_strange_text_is_no_error(client, tie, question):
    published(tie.home, title_en="100 per cent")
    response = search(client, question)

    assert response.status_code == 200
    assert titles(response) == []
    assert "<script>" not in response.content.decode().partition("<main")[2]


def test_search_asks_the_database_as_often_for_many_rows(client, tie):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            search(client, "roof")
        return len(counted)

    for number in range(3):
        published(tie.home, title_en=f"Roof {number}")
        HomeDocumentFactory(home=tie.home, title_en=f"Roof {number}", title_zh="")
        if number == 0:
            search(client, "roof")
            once = queries()

    assert queries() == once


def test_search_alone_shows_more_of_one_source(client, tie):
    for number in range(8):
        published(tie.home, title_en=f"Roof {number}")

    assert len(titles(search(client, "roof"))) == 6
    assert "in=updates" in search(client, "roof").content.decode()
    assert len(titles(search(client, "roof", **{"in": "updates"}))) == 8
    assert titles(search(client, "roof", **{"in": "nothing"})) == []


class TestGuides:
    @pytest.fixture(autouse=True)
    def today(self):
        with time_machine.travel(NOW, tick=False):
            yield

    def test_a_guide_is_found_by_what_it_says(self, client, tie):
        GuidePageFactory(title="Care", body=[("text", "<p>Clear the leaves from the floor drain each autumn.</p>")])
        GuidePageFactory(title="Floor drain", body=[("text", "<p>Pour in half a bottle.</p>")])
        GuidePageFactory(title="Roof", body=[("text", "<p>Nothing of it.</p>")])

        assert titles(search(client, "floor drain")) == ["Floor drain", "Care"]

    def test_what_editors_choose_is_no_word_of_the_guide(self, client, tie):
        entry = {"text": "Bring a lamp", "note": "", "milestone": "keys", "days": 0, "ours": False}
        line = {"label": "Fund", "rate": "110", "per": "home", "months": None, "note": ""}
        blocks = [
            ("note", {"tone": "info", "title": "Drain", "text": "<p>It gurgles.</p>"}),
            ("checklist", {"heading": "First", "items": [entry]}),
            ("fees", {"heading": "Fees", "lines": [line]}),
        ]
        GuidePageFactory(title="Care", body=blocks)

        assert titles(search(client, "gurgles")) == titles(search(client, "lamp")) == ["Care"]
        assert [titles(search(client, words)) for words in ("good to know", "keys", "home")] == [[], [], []]

    def test_a_guide_for_others_is_not_found(self, client, tie, stranger):
        elsewhere = str(Home.objects.exclude(pk=tie.home.pk).get().development_id)
        GuidePageFactory(title="Drain", for_developments=[elsewhere])

        assert titles(search(client, "drain")) == []
        client.force_login(stranger)
        assert titles(search(client, "drain")) == ["Drain"]

    def test_a_guide_of_two_homes_is_found_once(self, client, tie):
        OwnershipFactory(owner=tie.owner)
        GuidePageFactory(title="Drain")

        assert titles(search(client, "drain")) == ["Drain"]

    def test_fees_are_not_looked_through_for_tenants(self, client):
        tie = OwnershipFactory(role=Role.TENANT)
        client.force_login(tie.owner.user)
        line = {"label": "Maintenance fund", "rate": "110", "per": "m2", "months": None, "note": ""}
        GuidePageFactory(title="Money", body=[("fees", {"heading": "Fees", "lines": [line]})])

        assert titles(search(client, "maintenance")) == []
