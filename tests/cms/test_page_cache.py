"""What is kept of the public pages: nothing of anybody's own, nothing outdated, nothing without end.

Each `Client` has middleware of its own, so that two are two processes; they share the cache that tells them of changes.
"""

import gzip

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.models import Image
from wagtail.models import PageViewRestriction

from cms.found import generations, pages
from cms.found.kept import ENTRIES, Answer, Kept
from cms.models import CompanySettings, ContactCard, HomePage, StandardPage
from tests.factories import StaffFactory

HOME = "/en/"


@pytest.fixture
def clock(monkeypatch):
    """A list of one number: the seconds that have gone by."""
    seconds = [1000.0]
    monkeypatch.setattr(pages, "monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def kept(db, settings, clock):
    """Pages are kept; nobody has asked for one yet."""
    settings.PAGE_CACHE_SECONDS = 60
    cache.delete(generations.KEY)


@pytest.fixture
def page(db):
    """A page of text below the English front page."""
    home = HomePage.objects.get(slug="home")
    return home.add_child(instance=StandardPage(title="Our promise", slug="promise", lead="As it was."))


@pytest.fixture
def change(django_capture_on_commit_callbacks, clock):
    """A function that does something as one transaction, after which half a second goes by."""

    def changed(something):
        connection.run_on_commit.clear()  # the test's own transaction goes on, with what waited for its end
        with django_capture_on_commit_callbacks(execute=True):
            something()
        clock[0] += 0.5

    return changed


def is_kept(client, url, **extra):
    """Whether a second visit asks the database nothing."""
    client.get(url, **extra)
    with CaptureQueriesContext(connection) as queries:
        client.get(url, **extra)
    return not queries


class TestAnswers:
    def test_the_second_visitor_s_page_needs_no_query(self, kept, page, client, django_assert_num_queries):
        first = client.get(page.url)
        with django_assert_num_queries(0):
            second = client.get(page.url)
        request_ids = first.headers.pop("X-Request-ID"), second.headers.pop("X-Request-ID")
        assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))
        assert len({*request_ids}) == 2
        assert (second.status_code, second.cookies, second["Cache-Control"]) == (200, {}, pages.FRESH)
        assert "default-src 'self'" in second["Content-Security-Policy"]

    def test_a_browser_that_has_it_is_told_so(self, kept, client):
        etag = client.get(HOME)["ETag"]
        again = client.get(HOME, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert client.get(HOME, headers={"If-None-Match": '"another"'}).status_code == 200

    def test_head_has_the_length_and_no_body(self, kept, client):
        page = client.get(HOME)
        head = client.head(HOME)
        assert (head.content, head["Content-Length"], head["ETag"]) == (b"", page["Content-Length"], page["ETag"])

    @pytest.mark.parametrize(
        ("accepted", "zipped"), [("br, gzip", True), ("gzip;q=0, br", False), ("", False), ("GZIP", True)]
    )
    def test_it_is_compressed_for_whom_can_read_that(self, kept, client, accepted, zipped):
        plain = client.get(HOME)
        answer = client.get(HOME, headers={"Accept-Encoding": accepted})
        assert (answer.get("Content-Encoding") == "gzip", answer["Vary"]) == (zipped, "Accept-Encoding")
        assert (gzip.decompress(answer.content) if zipped else answer.content) == plain.content

    def test_without_it_pages_are_as_public(self, db, client):
        """In development and in the other tests."""
        assert configured.PAGE_CACHE_SECONDS == 0
        assert client.get(HOME)["Cache-Control"] == pages.FRESH


class TestChanges:
    """What one process changes, another shows half a second later."""

    @pytest.mark.parametrize(
        "edit",
        [
            lambda page: page.save_revision().publish(),
            lambda page: page.unpublish(),
            lambda page: page.delete(),
            lambda page: page.move(HomePage.objects.get(slug="home-zh-hans"), "last-child"),
            lambda page: page.copy(update_attrs={"slug": "copy"}),
            lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
            lambda page: ContactCard.objects.create(name="Xu", locale=page.locale),
            lambda page: CompanySettings.objects.create(site=page.get_site(), hotline="400 1"),
            lambda page: Redirect.objects.create(old_path="/en/old", redirect_page=page),
            lambda page: Image(title="Lobby", file="lobby.jpg", width=1, height=1).save(),
        ],
        ids=["publish", "unpublish", "delete", "move", "copy", "privacy", "snippet", "settings", "redirect", "image"],
    )
    def test_whatever_editors_change_makes_all_pages_anew(self, kept, page, client, change, edit):
        page.refresh_from_db()
        before = generations.current()
        assert is_kept(client, HOME)
        change(lambda: edit(page))
        assert generations.current() != before

    def test_another_process_shows_it_within_half_a_second(self, kept, page, change):
        other = Client()
        assert b"As it was." in other.get(page.url).content
        page.lead = "As it is."
        change(lambda: page.save_revision().publish())
        assert b"As it is." in other.get(page.url).content

    def test_what_is_no_longer_on_line_is_gone(self, kept, page, client, change):
        assert client.get(page.url).status_code == 200
        change(page.unpublish)
        assert client.get(page.url).status_code == 404

    def test_a_draft_disturbs_nobody(self, kept, page, change):
        before = generations.current()
        page.lead = "Perhaps."
        change(page.save_revision)
        assert generations.current() == before

    def test_many_changes_of_one_transaction_are_told_once(self, kept, page, django_capture_on_commit_callbacks):
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks() as told:
            page.save()
            page.save()
        assert told.count(generations.renew) == 1

    def test_a_page_made_while_something_changed_is_not_kept(self):
        memory = Kept()
        assert memory.get("page", generation="old", at=0) is None
        memory.get("other", generation="new", at=0)
        memory.put("page", Answer.of(HttpResponse("as it was")), generation="old", until=60)
        assert memory.get("page", generation="new", at=0) is None

    def test_what_no_editor_changes_is_looked_at_again_after_a_minute(self, kept, client, clock):
        assert is_kept(client, HOME)
        clock[0] += 60
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        assert queries

    def test_a_cache_that_was_emptied_is_no_harm(self, kept, page, client, clock):
        client.get(page.url)
        cache.clear()
        clock[0] += 0.5
        assert client.get(page.url).status_code == 200


class TestNeverKept:
    @pytest.mark.parametrize(
        "url",
        [
            "/en/?q=water",
            "/en/?page=0",
            "/en/?page=1&page=2",
            "/en/?page=12345",
            "/en/?page=" + "9" * 5000,
            "/en/?page=٣",
            "/en/nowhere/",
            "/en/search/",
            "/my/",
        ],
    )
    def test_other_questions_and_other_pages(self, kept, client, url):
        assert not is_kept(client, url) or url == "/my/"

    def test_a_page_number_is_kept_for_itself(self, kept, client):
        assert is_kept(client, "/en/?page=2")

    def test_the_feed_of_news_is_kept_as_pages_are(self, kept, client):
        assert is_kept(client, "/en/news.xml")

    def test_a_campaign_s_link_is_answered_but_never_kept(self, kept, client, django_assert_num_queries):
        link = HOME + "?utm_source=wechat"
        assert not is_kept(client, link)
        client.get(HOME)
        with django_assert_num_queries(0):
            assert client.get(link).status_code == 200

    @pytest.mark.parametrize("header", ["HX-Request", "X-Requested-With"])
    def test_who_may_get_a_part_gets_nothing_kept(self, kept, client, header):
        assert not is_kept(client, HOME, headers={header: "XMLHttpRequest"})

    def test_a_login_sees_the_same_and_leaves_nothing(self, kept, client):
        editor = Client()
        editor.force_login(StaffFactory(group="Marketing"))
        assert not is_kept(editor, HOME)
        page = client.get(HOME).content
        assert editor.get(HOME).content == page

    def test_a_preview_is_neither_kept_nor_answered_from_what_is_kept(self, kept, page, admin_client):
        """Wagtail sends a preview through all middleware, at the address of its page."""
        visitor = Client()
        assert b"As it was." in visitor.get(page.url).content
        page.refresh_from_db()
        page.lead = "Only a draft."
        page.save_revision()
        assert b"Only a draft." in page.make_preview_request().content
        assert b"Only a draft." in admin_client.get(f"/desk/pages/{page.pk}/view_draft/").content
        assert b"Only a draft." not in visitor.get(page.url).content
        assert b"Only a draft." not in Client().get(page.url).content

    def test_a_private_page(self, kept, page, client):
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="eaves")
        answer = client.get(page.url)
        assert {"private", "no-store"} <= {*answer["Cache-Control"].split(", ")}
        assert not is_kept(client, page.url)

    @pytest.mark.parametrize(
        ("spoil", "method", "url"),
        [
            (lambda response: setattr(response, "is_public", False), "get", HOME),
            (lambda response: response.set_cookie("name", "Lin"), "get", HOME),
            (lambda response: response.headers.setdefault("Vary", "Cookie"), "get", HOME),
            (lambda response: response.headers.setdefault("Vary", "Accept-Language"), "get", HOME),
            (lambda response: response.headers.pop("Cache-Control"), "get", HOME),
            (lambda response: setattr(response, "status_code", 404), "get", HOME),
            (lambda response: None, "post", HOME),
            (lambda response: None, "get", "/my/homes/"),
            (lambda response: None, "get", "/desk/"),
        ],
        ids=["unmarked", "cookie", "vary-cookie", "vary-language", "private", "error", "post", "owner", "desk"],
    )
    def test_what_differs_from_person_to_person(self, kept, spoil, method, url):
        made = []

        def view(request):
            response = pages.mark(HttpResponse("page"))
            spoil(response)
            made.append(response)
            return response

        cached = pages.PageCacheMiddleware(view)
        for _each in range(2):
            cached(getattr(RequestFactory(), method)(url))
        assert len(made) == 2

    def test_a_form_or_a_preview_reaches_its_view_though_the_page_is_kept(self, kept):
        made = []
        cached = pages.PageCacheMiddleware(lambda request: made.append(request.method) or pages.mark(HttpResponse("")))
        preview = RequestFactory().get(HOME)
        preview.is_dummy = True
        ask = RequestFactory()
        for request in (ask.head(HOME), ask.get(HOME), ask.post(HOME), preview, ask.get(HOME)):
            cached(request)
        assert made == ["HEAD", "GET", "POST", "GET"]

    def test_a_stream(self, kept):
        cached = pages.PageCacheMiddleware(lambda request: pages.mark(StreamingHttpResponse(["page"])))
        assert cached(RequestFactory().get(HOME)).streaming

    def test_the_middleware_keeps_what_is_the_same_for_all(self, kept):
        """The control of the two above."""
        made = []
        cached = pages.PageCacheMiddleware(lambda request: made.append(1) or pages.mark(HttpResponse("page")))
        assert [cached(RequestFactory().get(HOME)).content for _each in range(2)] == [b"page", b"page"]
        assert made == [1]


class TestPoison:
    def test_a_host_gets_what_was_made_for_it(self, kept, settings):
        settings.ALLOWED_HOSTS = [".example.com"]
        cached = pages.PageCacheMiddleware(lambda request: pages.mark(HttpResponse(request.get_host())))
        hosts = ["www.example.com", "evil.example.com", "www.example.com:81"]
        for _each in range(2):
            got = [cached(RequestFactory(headers={"Host": host}).get(HOME)).content.decode() for host in hosts]
            assert got == hosts

    def test_a_host_that_is_not_ours_gets_nothing_kept(self, kept, client):
        client.get(HOME)
        assert client.get(HOME, headers={"Host": "evil.example"}).status_code == 400

    def test_http_is_not_https(self, kept):
        cached = pages.PageCacheMiddleware(lambda request: pages.mark(HttpResponse(request.scheme)))
        assert [cached(RequestFactory().get(HOME, secure=secure)).content for secure in (True, False)] == [
            b"https",
            b"http",
        ]

    def test_the_language_is_the_address_s_whatever_the_first_visitor_reads(self, kept):
        first, second = Client(), Client()
        first.cookies["django_language"] = "zh-hans"
        poisoned = first.get(HOME, headers={"Accept-Language": "zh-CN"}).content
        assert poisoned == first.get(HOME).content == second.get(HOME).content
        assert b'<html lang="en">' in poisoned

    def test_ten_thousand_addresses_fill_no_memory(self):
        memory, answer = Kept(), Answer.of(HttpResponse("x" * 1000))
        memory.get("", generation="now", at=0)
        for number in range(10_000):
            memory.put(number, answer, generation="now", until=60)
        assert (len(memory.answers), memory.size) == (ENTRIES, ENTRIES * answer.size)
        assert memory.get(9_999, generation="now", at=0) is answer

    def test_large_pages_fill_no_memory(self):
        memory, answer = Kept(size=160_000), Answer.of(HttpResponse(bytes(9_000)))
        memory.get("", generation="now", at=0)
        for number in range(100):
            memory.put(number, answer, generation="now", until=60)
        assert memory.size <= 160_000
        assert len(memory.answers) > 10
        memory.put("huge", Answer.of(HttpResponse(bytes(20_000))), generation="now", until=60)
        assert memory.get("huge", generation="now", at=0) is None
