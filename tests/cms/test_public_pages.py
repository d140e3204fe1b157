"""The public site: which pages there are, what each shows, and what may not go on line."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.views.defaults import server_error
from wagtail.blocks import StructBlockValidationError
from wagtail.models import PageViewRestriction

from cms import open_days
from cms.blocks import CallBlock
from cms.models import (
    ArticlePage,
    CompanySettings,
    ContactPage,
    DevelopmentPage,
    HomePage,
    PublicPage,
    QuestionsPage,
    StandardPage,
)
from tests.factories import (
    NOW,
    TODAY,
    DevelopmentFactory,
    HomeFactory,
    HouseTypeFactory,
    OwnershipFactory,
    StaffFactory,
)

from .factories import MAKERS, RISKS, add, article, designer, front, house_type, image, picture, place, stream

pytestmark = pytest.mark.django_db


def shown(client, page):
    """What the template of the page was given."""
    return client.get(page.url).context


def test_each_kind_names_its_parents_and_children():
    kinds = [model for model in apps.get_models() if issubclass(model, PublicPage)]
    children = {kind.__name__: {child.__name__ for child in kind.allowed_subpage_models()} for kind in kinds}
    assert {kind: found for kind, found in children.items() if found} == {
        "HomePage": {
            "DevelopmentIndexPage",
            "NewsIndexPage",
            "ServicesPage",
            "DesignersPage",
            "QuestionsPage",
            "ComplaintsBoardPage",
            "ContactPage",
            "StandardPage",
            "GuideIndexPage",
        },
        "DevelopmentIndexPage": {"DevelopmentPage"},
        "DevelopmentPage": {"HouseTypePage", "OpenDayPage"},
        "NewsIndexPage": {"ArticlePage"},
        "DesignersPage": {"DesignerPage"},
        "StandardPage": {"StandardPage"},
    }


@pytest.mark.parametrize("kind", MAKERS)
def test_page_answers_with_its_name_in_one_heading(client, kind):
    page = MAKERS[kind]()
    html = client.get(page.url).content.decode()
    assert html.count("<h1") == 1
    assert (page.headline if kind == "home" else page.title) in html


class TestFrame:
    def test_masthead_lists_live_public_pages_in_menus(self, client):
        listed = add(front(), StandardPage, title="About", show_in_menus=True)
        add(front(), StandardPage, title="Quiet")
        add(front(), StandardPage, title="Draft", show_in_menus=True, live=False)
        secret = add(front(), StandardPage, title="Secret", show_in_menus=True)
        PageViewRestriction.objects.create(page=secret, restriction_type="login")
        below = add(listed, StandardPage)
        assert shown(client, below)["public"]["links"] == [{"label": "About", "url": listed.url, "current": True}]

    def test_foot_lists_developments_texts_and_where_to_come_to(self, client):
        CompanySettings.objects.create(site=front().get_site(), address_en="86 Huanhe East Road", filing_number="A1")
        estate = place(title="Qinghuai Lane")
        text = add(front(), StandardPage, title="Privacy", in_footer=True)
        asked, ways = add(front(), QuestionsPage, title="Questions"), add(front(), ContactPage, title="Contact")
        public = shown(client, text)["public"]
        assert [(column.get("lines"), column["links"]) for column in public["columns"]] == [
            (None, [{"label": "Qinghuai Lane", "url": estate.url}]),
            (None, [{"label": "Questions", "url": asked.url}, {"label": "Privacy", "url": text.url}]),
            (["86 Huanhe East Road"], [{"label": "Contact", "url": ways.url}]),
        ]
        assert public["legal"] == "A1"

    def test_company_comes_from_the_installation_until_somebody_writes_it(self, client, settings):
        company = shown(client, front())["company"]
        assert (company["name"], company["hotline"]) == (settings.COMPANY_NAME["en"], settings.COMPANY_HOTLINE)
        assert not CompanySettings.objects.exists()  # a GET only shows
        CompanySettings.objects.create(site=front().get_site(), name_en="Eaves", hotline="95500")
        company = shown(client, front())["company"]
        assert (company["name"], company["hotline"]) == ("Eaves", "95500")


class TestHome:
    def test_shows_developments_and_the_latest_news(self, client):
        estate = place()
        place(live=False)
        news = [article(date=TODAY - timedelta(days=days)) for days in (3, 1, 0, 2)]
        article(date=TODAY, live=False)
        context = shown(client, front())
        assert context["places"] == [estate]
        assert context["news"] == [news[2], news[1], news[3]]

    def test_drawing_stays_unless_the_picture_is_wanted_there(self, client):
        page = front()
        page.cover, page.cover_alt = image(), "The estate at dusk"
        page.save()
        assert "panorama.svg" in client.get(page.url).content.decode()
        page.cover_on_top = True
        page.save()
        assert "panorama.svg" not in client.get(page.url).content.decode()

    def test_figures_stand_under_the_picture(self, client):
        page = front()
        page.highlights = stream(("figure", {"label": "Handed over", "value": "1,482", "unit": "homes", "note": ""}))
        page.save()
        assert "1,482 <small>homes</small>" in client.get(page.url).content.decode()


class TestRisks:
    @pytest.fixture
    def page(self):
        return place(risks=stream(), live=False)

    @pytest.fixture
    def sent(self, page, client):
        """A function that sends the editor's form of the page, and returns the answer."""
        client.force_login(StaffFactory(group="Supervisors", language="en"))

        def send(**values):
            form = {"title": page.title, "slug": page.slug, "state": "building", "development": page.development_id}
            form |= {f"{name}-count": "0" for name in ("facts", "gallery", "risks", "location", "body")}
            form |= {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, "comments-MAX_NUM_FORMS": ""}
            return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form | values)

        return send

    def test_page_without_them_is_not_published(self, page, sent):
        answer = sent(**{"action-publish": "1"})
        assert "Buyers must read of the risks before they sign." in answer.content.decode()
        page.refresh_from_db()
        assert not page.live

    def test_draft_may_lack_them(self, page, sent):
        assert sent().status_code == 302
        page.refresh_from_db()
        assert page.has_unpublished_changes

    def test_list_of_pages_does_not_publish_it_either(self, page, client):
        client.force_login(StaffFactory(group="Supervisors", language="en"))
        page.save_revision()
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        answer = client.post(f"{address}?id={page.pk}", {"include_descendants": ""}, follow=True)
        assert "Buyers must read of the risks before they sign." in answer.content.decode()
        page.refresh_from_db()
        assert not page.live

    def test_no_other_way_publishes_it(self, page):
        with pytest.raises(ValidationError, match="Buyers must read"):
            page.save_revision().publish()

    def test_both_lists_stand_on_the_page(self, client):
        page = place(risks=stream(("plan", picture(caption="Plan of November")), ("note", "<p>Schools.</p>"), *RISKS))
        html = client.get(page.url).content.decode()
        assert [html.count(words) for words in ("Railway", "Garage ramp", "Plan of November", "Schools.")] == [1] * 4
        assert html.index('data-kind="outer"') < html.index("Railway") < html.index('data-kind="inner"')


class TestDevelopment:
    def test_enquiry_carries_development_and_language(self, client):
        page = place()
        assert f"/enquire/?lang=en&amp;development={page.development_id}" in client.get(page.url).content.decode()

    def test_open_days_stand_there_when_an_app_knows_some(self, client, monkeypatch):
        page = place()
        assert 'id="visit"' not in client.get(page.url).content.decode()

        def walks(development, *, at):
            assert development == page.development
            return [open_days.OpenDay("Second", NOW + timedelta(days=9)), open_days.OpenDay("First", NOW)]

        monkeypatch.setattr(open_days, "_sources", {"walks": walks})
        assert [day.title for day in shown(client, page)["open_days"]] == ["First", "Second"]
        assert 'id="visit"' in client.get(page.url).content.decode()

    def test_picture_without_words_is_refused(self):
        with pytest.raises(ValidationError, match="say in words what the picture shows"):
            place(cover=image())


class TestHouseType:
    def test_homes_left_are_those_without_an_owner(self, client):
        estate = place(development=DevelopmentFactory())
        kind = HouseTypeFactory(development=estate.development)
        homes = [HomeFactory(development=estate.development, building=None, house_type=kind) for _each in range(4)]
        OwnershipFactory(home=homes[0], owner__name="Chen Jing")
        OwnershipFactory(home=homes[1], state="pending", since=TODAY + timedelta(days=9))
        OwnershipFactory(home=homes[2], former=True)
        page = house_type(estate, house_type=kind)
        answer = client.get(page.url)
        assert (answer.context["homes"], answer.context["homes_left"]) == (4, 2)
        assert "Chen Jing" not in answer.content.decode()

    def test_nothing_is_counted_where_all_have_moved_in(self, client):
        page = house_type(place(state=DevelopmentPage.State.LIVED_IN))
        assert shown(client, page)["homes_left"] is None


class TestNews:
    def test_years_have_addresses_of_their_own(self, client):
        new, old = article(date=TODAY), article(date=date(2025, 5, 2))
        index = new.get_parent()
        assert shown(client, index)["articles"] == [new, old]
        context = client.get(f"{index.url}2025/").context
        assert (context["articles"], context["years"]) == ([old], [2026, 2025])

    @pytest.mark.parametrize("end", ["2024/", "20255/", "2025/more/"])
    def test_other_years_are_not_found(self, client, end):
        index = article(date=date(2025, 5, 2)).get_parent()
        assert client.get(f"{index.url}{end}").status_code == 404

    def test_twelve_stand_on_a_page(self, client):
        articles = [article(date=TODAY - timedelta(days=days)) for days in range(13)]
        index = articles[0].get_parent()
        assert client.get(f"{index.url}?page=2").context["articles"] == articles[12:]

    def test_article_names_three_others(self, client):
        articles = [article(date=TODAY - timedelta(days=days)) for days in range(5)]
        assert shown(client, articles[1])["more_news"] == [articles[0], articles[2], articles[3]]


class TestDesigners:
    def test_fees_follow_the_grade(self, client):
        page = designer(grade="associate")
        context = shown(client, page)
        assert (context["fee"], context["with_package"]) == (120, 150)
        fees = page.get_parent().specific.fees
        assert [fee[1:] for fee in fees] == [(30, 60), (60, 90), (120, 150), (200, 230)]

    def test_styles_and_awards_are_lists(self):
        page = designer(styles="Modern, 新中式、 Wabi", awards="2024 A prize\n\n2025 Another ")
        assert (page.style_names, page.award_names) == (["Modern", "新中式", "Wabi"], ["2024 A prize", "2025 Another"])


@pytest.mark.parametrize(
    ("url", "page", "allowed"),
    [
        ("/enquire/", None, True),
        ("https://example.com/a", None, True),
        ("", "a page", True),
        ("", None, False),
        ("/enquire/", "a page", False),
        ("javascript:alert(1)", None, False),
        ("//example.com", None, False),
    ],
)
def test_call_leads_to_a_page_or_an_address(url, page, allowed):
    block = CallBlock()
    value = block.to_python({"heading": "Come", "text": "", "label": "Go", "page": page and front().pk, "url": url})
    if allowed:
        assert block.clean(value) == value
    else:
        with pytest.raises(StructBlockValidationError):
            block.clean(value)


def test_missing_page_is_said_in_the_sites_look(client):
    answer = client.get("/en/nowhere/")
    assert (answer.status_code, "masthead" in answer.content.decode()) == (404, True)


def test_broken_page_needs_neither_database_nor_context(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = server_error(rf.get("/")).content.decode()
    assert ("masthead" in html, "{" in html) == (True, False)


def test_listing_does_not_load_bodies():
    article()
    assert "body" in ArticlePage.objects.below(HomePage.objects.first()).get().get_deferred_fields()
