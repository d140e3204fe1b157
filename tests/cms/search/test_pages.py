"""The public site's search, in Chinese and English, on either database's own index."""

import re
from itertools import count

import pytest
from django.urls import reverse
from django.utils.translation import override

from cms.models import HomePage, StandardPage
from tests.factories import OwnershipFactory

pytestmark = pytest.mark.django_db
NUMBERS = count()


def page(title, text="", *, language="en", live=True):
    home = HomePage.objects.get(locale__language_code=language)
    body = [("text", f"<p>{text}</p>")] if text else []
    return home.add_child(
        instance=StandardPage(title=title, slug=f"page-{next(NUMBERS)}", body=body, live=live, locale=home.locale)
    )


@pytest.fixture
def made(django_capture_on_commit_callbacks):
    """A function that makes pages and waits until they are indexed."""

    def make(*texts, language="en", **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return [page(*text, language=language, **fields) for text in texts]

    return make


def search(client, question, language="en", **more):
    with override(language):
        return client.get(reverse("search"), {"q": question, **more})


def titles(response):
    rows = re.findall(r"<h[23]><a [^>]*>(.*?)</a></h[23]>", response.content.decode())
    return [re.sub(r"</?mark>", "", title) for title in rows]


def test_search_finds_two_characters_within_a_sentence_and_no_other_page(client, made):
    made(("保修说明", "卫生间防水保修五年。"), ("外窗安装", "水槽与防护栏杆已经装好。"), language="zh-hans")

    assert titles(search(client, "防水", "zh-hans")) == ["保修说明"]
    assert titles(search(client, "保修五年", "zh-hans")) == ["保修说明"]
    assert titles(search(client, "漏水", "zh-hans")) == []


def test_search_finds_one_character(client, made):
    made(("保修说明", "卫生间防水保修五年。"), ("外窗安装", "九层。"), language="zh-hans")

    assert titles(search(client, "窗", "zh-hans")) == ["外窗安装"]


def test_search_puts_titles_first(client, made):
    made(("Prices", "Waterproofing, and waterproofing again."), ("Waterproofing", "Five years."), ("Care", "No."))

    assert titles(search(client, "waterproofing")) == ["Waterproofing", "Prices"]


def test_search_wants_every_word(client, made):
    made(("Care", "Fittings and drains"), ("Drains", "Only these"))

    assert titles(search(client, "fittings drains")) == ["Care"]


def test_search_understands_full_width_letters_and_capitals(client, made):
    made(("The A6 package", "Adds 30."))

    assert titles(search(client, "Ａ６ PACKAGE")) == ["The A6 package"]


def test_search_stays_in_the_language_of_its_address(client, made):
    made(("Warranty", "保修"))

    assert titles(search(client, "保修", "zh-hans")) == []
    assert 'href="/zh-hans/search/?q=warranty"' in search(client, "warranty").content.decode()


def test_search_shows_no_draft_and_nothing_behind_a_password(client, made):
    made(("Draft roof", ""), live=False)
    secret = made(("Secret roof", ""))[0]
    secret.view_restrictions.create(restriction_type="password", password="light")

    assert titles(search(client, "roof")) == []


def test_search_forgets_a_page_that_is_gone(client, made):
    made(("Roof", ""))[0].unpublish()

    assert titles(search(client, "roof")) == []


def test_search_is_kept_by_nobody_and_followed_by_no_robot(client, made):
    response = search(client, "roof")

    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.parametrize("question", ["\x00", "%", "*", '"', "'", "()", ":*", "\\", "- -", "水" * 10_000, "x " * 5_000])
def test_search_of_a_strange_text_is_no_error(client, made, question):
    made(("Roof", "A page"))
    response = search(client, question)

    assert response.status_code == 200
    assert titles(response) == []


def test_search_says_when_it_finds_nothing_and_escapes_what_was_asked(client):
    html = search(client, "<script>alert(1)</script>").content.decode()

    assert "Nothing found" in html
    assert "<script>alert" not in html


def test_search_of_many_pages_turns_them_over_at_fixed_queries(client, made, django_assert_max_num_queries):
    made(*[(f"Roof {number}", "Tiles") for number in range(12)])
    first, second = search(client, "roof"), search(client, "roof", page=2)

    assert (len(titles(first)), len(titles(second))) == (10, 2)
    with django_assert_max_num_queries(40):
        search(client, "roof")


def test_search_of_an_owner_finds_public_pages_beside_their_own(client, made):
    made(("Roof care", "Leaves"))
    client.force_login(OwnershipFactory().owner.user)
    response = client.get(reverse("home:search"), {"q": "roof"})

    assert titles(response) == ["Roof care"]
    assert "Public pages" in response.content.decode()


def test_search_of_an_owner_reads_their_language(client, made):
    made(("屋顶养护", "每年秋天清一次落叶。"), language="zh-hans")
    tie = OwnershipFactory(owner__user__language="zh-hans")
    client.force_login(tie.owner.user)

    assert titles(client.get(reverse("home:search"), {"q": "屋顶"})) == ["屋顶养护"]
