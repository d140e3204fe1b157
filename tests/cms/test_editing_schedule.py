"""Buttons say what they will do; a dated draft that nobody scheduled is not overlooked; a page keeps its date."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from cms.editing import words
from cms.editing.dated import unscheduled
from cms.models import HomePage, StandardPage
from cms.tasks import publish_scheduled_pages
from tests.factories import NOW, StaffFactory

SOON = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
LATER = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
DATED = "editing:dated"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    with translation.override("en"):  # a test before may have left another
        yield time_machine


@pytest.fixture
def home(db):
    return HomePage.objects.get(slug="home")


@pytest.fixture
def marketing(db):
    return StaffFactory(group="Marketing")


@pytest.fixture
def supervisor(db):
    return StaffFactory(group="Supervisors")


def draft(parent, *, on=SOON, live=False, **fields):
    """A page whose latest draft is meant for a day."""
    title = fields.pop("title", "Our promise")
    page = parent.add_child(instance=StandardPage(title=title, slug=title.lower().replace(" ", "-"), live=live))
    if live:
        page.save_revision().publish()
        page.refresh_from_db()
    page.go_live_at = on
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision()
    return page


def schedule(page):
    page.get_latest_revision().publish()


def editor(client, user, page):
    client.force_login(user)
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


@pytest.mark.django_db  # a page looks up its type when it is made
class TestWords:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, "Publish now"),
            ({"go_live_at": SOON}, "Publish on 3 December, 09:00"),
            ({"go_live_at": LATER}, "Publish on 5 January 2027, 18:00"),
            ({"go_live_at": SOON, "live": True}, "Publish these changes on 3 December, 09:00"),
            ({"go_live_at": SOON, "expire_at": LATER}, "Publish on 3 December, 09:00, until 5 January 2027, 18:00"),
            ({"expire_at": LATER}, "Publish now, until 5 January 2027, 18:00"),
            ({"go_live_at": NOW - timedelta(days=1)}, "Publish now"),
        ],
    )
    def test_of_publishing(self, fields, expected):
        assert words.publishing(StandardPage(**({"live": False} | fields)), at=NOW) == expected

    def test_of_the_others(self):
        now, dated = StandardPage(), StandardPage(go_live_at=SOON)
        assert (words.approving(now, at=NOW), words.approving(dated, at=NOW)) == (
            "Approve, and publish now",
            "Approve, and publish on 3 December, 09:00",
        )
        assert (words.handing_in(now, at=NOW), words.handing_in(dated, at=NOW)) == (
            "Hand in for approval",
            "Hand in, to be published on 3 December, 09:00",
        )

    def test_in_chinese_a_day_is_written_as_there(self):
        with translation.override("zh-hans"):
            said = words.day_and_time(SOON, at=NOW)
        assert (said[:5], said[-5:]) == ("12月3日", "09:00")


class TestEditor:
    def test_a_supervisor_reads_when_it_will_be_published(self, client, supervisor, home):
        page = editor(client, supervisor, draft(home))
        assert "Publish on 3 December, 09:00" in page
        assert "Schedule to publish<" not in page

    def test_marketing_reads_what_handing_in_leads_to(self, client, marketing, home):
        page = editor(client, marketing, draft(home))
        assert "Hand in, to be published on 3 December, 09:00" in page
        assert "action-publish" not in page

    def test_approving_says_when_too(self, client, marketing, supervisor, home):
        page = draft(home)
        page.get_workflow().start(page, marketing)
        assert "Approve, and publish on 3 December, 09:00" in editor(client, supervisor, page)

    def test_an_editor_that_saves_by_itself_fetches_the_new_words(self, client, supervisor, home):
        client.force_login(supervisor)
        url = reverse("wagtailadmin_pages:edit", args=[draft(home).pk])
        parts = client.get(url, {"_w_hydrate_create_view": "1"}).content.decode()
        assert "[data-says=&#x27;action-publish&#x27;]" in parts or "[data-says='action-publish']" in parts
        assert "Publish on 3 December, 09:00</template>" in parts

    @pytest.mark.parametrize(
        ("group", "advice"), [("Supervisors", "Choose “Publish on…” below."), ("Marketing", "Hand it in, and it")]
    )
    def test_it_warns_of_a_date_that_nobody_scheduled(self, client, home, group, advice):
        page = editor(client, StaffFactory(group=group), draft(home))
        assert "This draft is meant for 3 December, 09:00, but nobody has scheduled it" in page
        assert advice in page

    def test_it_says_so_when_the_day_has_gone_by(self, client, marketing, home, now):
        page = draft(home)
        now.move_to(SOON + timedelta(hours=1), tick=False)
        assert "nobody scheduled it: it has not been published." in editor(client, marketing, page)

    def test_it_does_not_warn_of_what_is_scheduled(self, client, supervisor, home):
        page = draft(home)
        schedule(page)
        assert "nobody has scheduled it" not in editor(client, supervisor, page)


class TestUnscheduled:
    def found(self):
        return [(page.draft_title, page.meant_for) for page in unscheduled(Page.objects.all())]

    def test_drafts_of_new_and_of_live_pages_are_found_the_earliest_first(self, home):
        draft(home, title="Second", on=LATER)
        draft(home, title="First", live=True)
        draft(home, title="Undated", on=None)
        assert self.found() == [("First", SOON), ("Second", LATER)]

    def test_what_is_scheduled_is_not_found(self, home):
        schedule(draft(home))
        assert self.found() == []

    def test_a_day_that_has_had_its_publication_is_not_found(self, home, now):
        page = draft(home)
        schedule(page)
        now.move_to(SOON + timedelta(minutes=1), tick=False)
        call_command("publish_scheduled", verbosity=0)
        page = StandardPage.objects.get(pk=page.pk)
        page.title = "Changed since"
        page.save_revision()
        assert (page.live, self.found()) == (True, [])

    def test_the_report_and_the_desk_s_first_page_list_them(self, client, marketing, home):
        draft(home)
        client.force_login(marketing)
        report = client.get(reverse(DATED)).content.decode()
        assert ("Our promise" in report, "Hand it in, and it will be published" in report) == (True, True)
        assert "but they are not scheduled" in client.get("/desk/").content.decode()

    def test_the_report_as_a_file(self, client, marketing, home):
        draft(home)
        client.force_login(marketing)
        lines = b"".join(client.get(reverse(DATED), {"export": "csv"}).streaming_content).decode().splitlines()
        assert lines[0] == "Page,Meant for,Written in,What is missing"
        assert lines[1].startswith("Our promise,2026-12-03 01:00:00+00:00,English,")

    def test_the_report_asks_as_much_for_three_as_for_one(
        self, client, marketing, home, django_assert_num_queries, django_assert_max_num_queries
    ):
        client.force_login(marketing)
        draft(home)
        client.get(reverse(DATED))
        with django_assert_max_num_queries(60) as asked:
            client.get(reverse(DATED))
        for number in range(2):
            draft(home, title=f"Another {number}")
        with django_assert_num_queries(len(asked)):
            client.get(reverse(DATED))


class TestMoved:
    def test_a_page_moved_while_scheduled_keeps_its_date_and_its_old_address_leads_there(self, client, home, now):
        page, place = draft(home), home.add_child(instance=StandardPage(title="About us", slug="about"))
        schedule(page)
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=place.pk), "last-child")
        moved = StandardPage.objects.get(pk=page.pk)
        assert (moved.live, moved.approved_schedule, client.get(moved.url).status_code) == (False, True, 404)
        now.move_to(SOON + timedelta(minutes=1), tick=False)
        call_command("publish_scheduled", verbosity=0)
        assert client.get("/en/about/our-promise/").status_code == 200
        old = client.get("/en/our-promise/")
        assert (old.status_code, old.headers.get("Location")) == (301, "/en/about/our-promise/")

    def test_one_whose_address_was_taken_meanwhile_holds_up_no_other(self, client, home, now):
        for title, minutes in [("Our promise", 1), ("Our word", 2)]:
            schedule(draft(home, title=title, on=NOW + timedelta(minutes=minutes)))
        Page.objects.filter(slug="our-promise").update(slug="moved-away")
        home.refresh_from_db()
        home.add_child(instance=StandardPage(title="Another", slug="our-promise"))
        now.move_to(NOW + timedelta(minutes=3), tick=False)
        publish_scheduled_pages(at=NOW + timedelta(minutes=3))
        assert client.get("/en/our-word/").status_code == 200
        assert StandardPage.objects.get(slug="moved-away").live is False

    @pytest.mark.parametrize(("root", "code"), [("home", "en"), ("home-zh-hans", "zh-hans")])
    def test_an_address_that_changes_leads_to_the_new_one(
        self, client, db, root, code, django_capture_on_commit_callbacks
    ):
        page = HomePage.objects.get(slug=root).add_child(instance=StandardPage(title="Promise", slug="promise"))
        page.slug = "our-word"
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        old = client.get(f"/{code}/promise/")
        assert (old.status_code, old.headers.get("Location")) == (301, f"/{code}/our-word/")
