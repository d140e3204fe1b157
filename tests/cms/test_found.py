"""What search engines, feed readers and whoever shares a page are told."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver
from wagtail.images.models import Image
from wagtail.models import Locale, PageViewRestriction

from cms import open_days
from cms.found import head, structured
from cms.found.views import CLOSED
from cms.models import (
    ArticlePage,
    HomePage,
    NewsIndexPage,
    QuestionsPage,
    StandardPage,
)
from tests.cms import factories
from tests.factories import DevelopmentFactory, HouseTypeFactory

pytestmark = pytest.mark.django_db
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def published_at(settings):
    """Addresses are those of the portal, not the ones that a visitor names."""
    settings.BASE_URL = "https://homes.example"


@pytest.fixture
def home():
    return HomePage.objects.get(slug="home")


def below(parent, kind=StandardPage, title="Our promise", **fields):
    slug = fields.pop("slug", title.lower().replace(" ", "-"))
    return parent.add_child(instance=kind(title=title, slug=slug, locale=parent.locale, **fields))


def translated(page, title, *, alias=False):
    """The page in the Chinese tree: written, or an alias that shows the English one."""
    other = page.copy_for_translation(Locale.objects.get(language_code="zh-hans"), copy_parents=True, alias=alias)
    if not alias:
        other.title, other.live = title, True
        other.save()
    return other


def head_of(url):
    """(the head's text, {name or property: content}, {rel or hreflang: address})."""
    text = Client().get(url).content.decode().partition("</head>")[0]
    named = dict(re.findall(r'<meta (?:name|property)="([^"]+)"\s+content="([^"]*)"', text))
    links = dict(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', text))
    links |= dict(re.findall(r'<link rel="(canonical)" href="([^"]+)"', text))
    return text, named, links


def told_of(url):
    """{type: thing} of the page's JSON-LD."""
    text = Client().get(url).content.decode()
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    data = json.loads(script)
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


class TestHead:
    def test_a_page_says_what_it_is(self, home):
        page = below(home, lead='What we "promise", and <how>.', seo_title="Promises kept")
        _text, named, links = head_of(page.url)
        assert links == {"canonical": "https://homes.example/en/our-promise/"}
        assert {name: named[name] for name in ("description", "og:title", "og:url", "og:type", "og:locale")} == {
            "description": "What we &quot;promise&quot;, and .",
            "og:title": "Promises kept",
            "og:url": "https://homes.example/en/our-promise/",
            "og:type": "website",
            "og:locale": "en_GB",
        }

    def test_what_was_written_for_search_engines_comes_before_the_lead(self, home):
        page = below(home, lead="The lead.", search_description="For  search\nengines. " + "x" * 300)
        description = head_of(page.url)[1]["description"]
        assert description.startswith("For search engines. xxx")
        assert len(description) == 160

    def test_the_host_that_a_visitor_names_stands_nowhere(self, home, settings):
        settings.ALLOWED_HOSTS = ["*"]
        text = Client().get("/en/", headers={"Host": "evil.example"}).content.decode()
        assert "evil.example" not in text.partition("</head>")[0]

    def test_each_language_names_all_of_them(self, home):
        page = below(home)
        chinese = translated(page, "我们的承诺")
        expected = {
            "en": "https://homes.example/en/our-promise/",
            "zh-Hans": "https://homes.example/zh-hans/our-promise/",
            "x-default": "https://homes.example/en/our-promise/",
        }
        for each in (page, chinese):
            links = head_of(each.url)[2]
            assert links.pop("canonical") == "https://homes.example" + each.url
            assert links == expected

    def test_an_alias_is_the_page_that_it_shows(self, home):
        page = below(home)
        alias = translated(page, "", alias=True)
        assert head_of(alias.url)[2] == head_of(page.url)[2] == {"canonical": "https://homes.example/en/our-promise/"}

    @pytest.mark.parametrize("hide", ["draft", "private"])
    def test_no_language_is_named_that_nobody_may_read(self, home, hide):
        page = below(home)
        chinese = translated(page, "我们的承诺")
        if hide == "draft":
            chinese.unpublish()
        else:
            PageViewRestriction.objects.create(page=chinese, restriction_type="login")
        assert {*head_of(page.url)[2]} == {"canonical"}

    def test_a_further_page_of_a_list_is_one_of_its_own(self, home):
        page = below(home)
        assert [head_of(page.url + query)[2]["canonical"].partition("promise/")[2] for query in QUERIES] == QUERIES_KEPT

    def test_the_picture_is_the_page_s_own_or_a_drawing(self, home, monkeypatch):
        made = []
        rendition = SimpleNamespace(url="/media/images/lobby.jpg", width=1200, height=630)
        monkeypatch.setattr(head, "get_rendition_or_not_found", lambda *args: made.append(args) or rendition)
        image = Image.objects.create(title="Lobby", file="lobby.jpg", width=1600, height=1200)
        own = head_of(below(home, slug="lobby", cover_alt="The lobby, tiled", cover=image).url)[1]
        assert own["og:image"] == "https://homes.example/media/images/lobby.jpg"
        assert (own["og:image:width"], own["og:image:height"]) == ("1200", "630")
        assert (own["og:image:alt"], made) == ("The lobby, tiled", [(image, "fill-1200x630|format-jpeg")])
        assert head_of("/en/")[1]["og:image"] == "https://homes.example/static/ui/art/email-banner.png"

    def test_a_preview_has_none_of_it(self, home):
        page = below(home)
        assert b"canonical" not in page.make_preview_request().content

    def test_a_page_outside_the_tree_has_none_of_it(self):
        assert b"canonical" not in Client().get("/en/search/").content


QUERIES = ["", "?page=1", "?page=3", "?page=٣", "?page=x", "?q=1"]
QUERIES_KEPT = ["", "", "?page=3", "", "", ""]


class TestStructuredData:
    def test_the_front_page_tells_of_the_company(self, home):
        told = told_of("/en/")
        assert {*told} == {"Organization", "WebSite"}
        assert told["Organization"]["telephone"] == configured.COMPANY_HOTLINE
        assert told["WebSite"]["url"] == "https://homes.example/en/"

    def test_a_development_tells_of_its_place_its_homes_and_its_open_days(self, home, monkeypatch):
        monkeypatch.setattr(open_days, "_sources", {})
        place = DevelopmentFactory(time_zone="Asia/Shanghai")
        starts = datetime(2027, 5, 8, 1, 0, tzinfo=UTC)
        open_days.source(
            lambda development, *, at: [open_days.OpenDay("See the site", starts, url="/my/")] * (development == place)
        )
        page = factories.place(development=place, title="Qinghuai Lane", address="8 Qinghuai Lane")
        factories.house_type(page, house_type=HouseTypeFactory(development=place, area=89))
        told = told_of(page.url)
        assert {*told} == {"ApartmentComplex", "Event", "BreadcrumbList"}
        complex_ = told["ApartmentComplex"]
        assert (complex_["name"], complex_["address"]) == ("Qinghuai Lane", "8 Qinghuai Lane")
        assert [plan["floorSize"]["value"] for plan in complex_["accommodationFloorPlan"]] == [89.0]
        event = told["Event"]
        assert (event["startDate"], event["url"]) == ("2027-05-08T09:00:00+08:00", "https://homes.example/my/")
        assert event["location"]["address"] == "8 Qinghuai Lane"

    def test_questions_have_their_answers(self, home):
        entries = [{"question": "How long?", "answer": "<p>Five <b>years</b>.</p><ul><li>Water &amp; damp</li></ul>"}]
        group = ("group", {"heading": "Warranty", "entries": entries})
        page = below(home, QuestionsPage, "Questions", questions=[group])
        [asked] = told_of(page.url)["FAQPage"]["mainEntity"]
        assert (asked["name"], asked["acceptedAnswer"]["text"]) == ("How long?", "Five years. Water & damp")

    def test_no_questions_are_no_list_of_them(self, home):
        assert "FAQPage" not in told_of(below(home, QuestionsPage, "Questions").url)

    def test_an_article_says_when_and_by_whom(self, home):
        index = below(home, NewsIndexPage, "News")
        fields = {"date": date(2026, 11, 20), "author_name": "Lin Yue", "lead": "Floor nine."}
        page = below(index, ArticlePage, "Topped out", last_published_at=datetime(2026, 11, 21, tzinfo=UTC), **fields)
        article = told_of(page.url)["NewsArticle"]
        assert (article["headline"], article["description"]) == ("Topped out", "Floor nine.")
        assert article["datePublished"] == "2026-11-20T00:00:00+08:00"
        assert article["dateModified"].startswith("2026-11-21")
        assert (article["author"], article["publisher"]["@type"]) == (
            {"@type": "Person", "name": "Lin Yue"},
            "Organization",
        )

    def test_the_way_here_begins_at_the_front_page(self, home):
        index = below(home, NewsIndexPage, "News")
        page = below(index, ArticlePage, "Topped out")
        steps = told_of(page.url)["BreadcrumbList"]["itemListElement"]
        assert [(step["position"], step["name"]) for step in steps] == [(1, home.title), (2, "News"), (3, "Topped out")]
        assert steps[1]["item"] == "https://homes.example/en/news/"

    def test_no_text_breaks_out_of_the_element(self, home):
        nasty = "</script><script>alert(1)</script><!-- & \u2028 ]]>"
        page = below(home, title=nasty, slug="nasty", lead=nasty)
        source = Client().get(page.url).content.decode()
        assert source.count("<script>") == 0
        assert told_of(page.url)["BreadcrumbList"]["itemListElement"][1]["name"] == nasty
        assert "<" not in structured.as_script({"name": nasty})[len('<script type="application/ld+json">') : -9]


class TestSitemap:
    def entries(self, queries=None):
        root = ElementTree.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314  our own
        return {
            entry.find("s:loc", SITEMAP).text: {
                link.get("hreflang"): link.get("href") for link in entry.findall("x:link", SITEMAP)
            }
            for entry in root.findall("s:url", SITEMAP)
        }

    def test_each_page_stands_once_with_its_languages(self, home):
        page = below(home)
        translated(page, "我们的承诺")
        below(home, title="Only English")
        languages = {
            "en": "https://homes.example/en/our-promise/",
            "zh-Hans": "https://homes.example/zh-hans/our-promise/",
            "x-default": "https://homes.example/en/our-promise/",
        }
        entries = self.entries()
        assert {address for address in entries if "promise" in address} == {languages["en"], languages["zh-Hans"]}
        assert entries[languages["en"]] == entries[languages["zh-Hans"]] == languages
        assert entries["https://homes.example/en/only-english/"] == {}
        assert {"https://homes.example/en/", "https://homes.example/zh-hans/"} < {*entries}

    def test_what_not_everybody_may_read_is_left_out(self, home):
        before = {*self.entries()}
        below(home, title="Draft", live=False)
        private = below(home, title="Private")
        below(private, title="Below it")
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        expired = below(home, title="Expired")
        expired.unpublish(set_expired=True)
        translated(below(home, title="Shown twice"), "", alias=True)
        assert {*self.entries()} - before == {"https://homes.example/en/shown-twice/"}

    def test_guides_are_no_public_pages(self, home):
        from cms.guides.models import GuideIndexPage, GuidePage

        before = {*self.entries()}
        guide = below(below(home, GuideIndexPage, "Guides"), GuidePage, "Handover")
        assert guide.live
        assert {*self.entries()} == before

    def test_a_hundred_pages_take_no_more_queries_than_one(self, home, django_assert_max_num_queries):
        self.entries()
        for number in range(20):
            below(home, title=f"Page {number}")
        with django_assert_max_num_queries(8):
            assert len(self.entries()) == 22


class TestRobots:
    def test_it_names_the_sitemap_and_closes_what_is_no_page(self):
        answer = Client().get("/robots.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert "Sitemap: https://homes.example/sitemap.xml" in answer.content.decode().splitlines()

    def test_every_address_that_is_no_page_is_closed(self):
        open_to_all = {"robots.txt", "sitemap.xml", "media", "documents", "static", "en", "ui", "my", "enquire"}
        tops = {str(pattern.pattern).partition("/")[0] for pattern in get_resolver().url_patterns} - {""}
        accounts = {"invitation", "hooks", "unsubscribe"}
        closed = {path.strip("/") for path in CLOSED if "*" not in path}
        assert closed >= (tops | accounts) - open_to_all


class TestNewsFeed:
    def titles(self, language="en"):
        channel = ElementTree.fromstring(Client().get(f"/{language}/news.xml").content).find("channel")  # noqa: S314
        return [item.find("title").text for item in channel.findall("item")]

    def test_it_has_the_newest_articles_of_its_language_newest_first(self, home):
        index = below(home, NewsIndexPage, "News")
        days = {number: date(2026, 11, 1) + timedelta(days=number) for number in range(22)}
        articles = [below(index, ArticlePage, f"Day {number}", date=day) for number, day in days.items()]
        translated(articles[3], "第三天")
        translated(articles[4], "", alias=True)
        assert self.titles() == [f"Day {number}" for number in range(21, 1, -1)]
        assert self.titles("zh-hans") == ["第三天"]

    def test_drafts_and_private_articles_are_not_in_it(self, home):
        index = below(home, NewsIndexPage, "News")
        below(index, ArticlePage, "Draft", live=False)
        private = below(index, ArticlePage, "Private")
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        assert self.titles() == []

    def test_pages_lead_to_it(self):
        assert 'type="application/rss+xml"' in head_of("/zh-hans/")[0]
        assert 'href="/zh-hans/news.xml"' in head_of("/zh-hans/")[0]


def test_an_unknown_address_costs_little_and_is_kept_by_nobody(client, django_assert_max_num_queries):
    client.get("/en/nowhere/")
    with django_assert_max_num_queries(6):
        answer = client.get("/en/no/such/page/")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "private, no-store")
