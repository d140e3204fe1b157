"""One page a language: what is shown before it is translated, who translates it, and what lags behind."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Locale, Page

from cms.editing.models import TranslationNote
from cms.editing.reports import to_translate
from cms.editing.translating import (
    State,
    TranslationError,
    mark_current,
    own_text,
    shown_instead,
    sources,
    with_translation,
)
from cms.frame import languages_of
from cms.models import HomePage, StandardPage
from cms.templatetags.pages import text_lang
from tests.factories import NOW, StaffFactory

REPORT = "editing:translations"
ONLY_ENGLISH = "only in English so far"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def home(db):
    return HomePage.objects.get(slug="home")


@pytest.fixture
def chinese(db):
    return Locale.objects.get(language_code="zh-hans")


@pytest.fixture
def marketing(client, db):
    user = StaffFactory(group="Marketing", language="en")
    client.force_login(user)
    return user


@pytest.fixture
def page(home):
    return published(home, "Our promise")


@pytest.fixture
def alias(page, chinese):
    """What Wagtail makes of a new page in the other tree."""
    return page.copy_for_translation(chinese, alias=True)


def published(parent, title, **fields):
    slug = title.lower().replace(" ", "-")
    page = parent.add_child(instance=StandardPage(title=title, slug=slug, lead=f"{title}.", **fields))
    page.save_revision().publish()
    return StandardPage.objects.get(pk=page.pk)


def publish(page, **fields):
    page = StandardPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def translate(client, alias):
    return client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))


def state_of(page):
    return with_translation(sources(Page.objects.filter(pk=page.pk))).get().translation_state


def rows(response):
    return [page.draft_title for page in response.context["object_list"]]


class TestFallback:
    def test_a_new_page_appears_in_the_other_tree_at_once(self, client, marketing, home, chinese):
        fields = {"title": "Our promise", "slug": "promise", "lead": "", "cover": "", "cover_alt": ""}
        empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        forms = {f"comments-{name}": number for name, number in empty.items()} | {"body-count": 0}
        url = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", home.pk])
        client.post(url, fields | forms)
        page = StandardPage.objects.get(slug="promise", locale=home.locale)
        assert page.get_translation(chinese).alias_of.pk == page.pk

    def test_it_shows_the_source_in_its_language_and_says_so(self, client, page, alias):
        shown = client.get(alias.url).content.decode()
        main = " ".join(shown.split()).partition("<main ")[2]
        assert '<div lang="en">' in main.partition("</main>")[0]
        assert '<nav aria-label="您在这里" lang="zh-Hans">' in main
        assert "Our promise." in shown
        assert 'role="note"' in shown
        assert shown_instead(alias).pk == page.pk
        plain = client.get(page.url).content.decode()
        assert (ONLY_ENGLISH in plain, 'role="note"' in plain, shown_instead(page)) == (False, False, None)

    def test_a_list_names_its_language_too(self, page, alias):
        listed = StandardPage.objects.filter(pk__in=[page.pk, alias.pk]).listed().order_by("locale__language_code")
        assert [text_lang(each) for each in listed] == ["", ' lang="en"']

    def test_it_follows_its_source(self, page, alias):
        publish(page, lead="As it is now.")
        assert StandardPage.objects.get(pk=alias.pk).lead == "As it is now."

    def test_it_says_so_until_the_translation_is_published(self, client, marketing, page, alias, now):
        translate(client, alias)
        begun = StandardPage.objects.get(pk=alias.pk)
        assert (begun.alias_of, begun.live, shown_instead(begun).pk) == (None, True, page.pk)
        begun.title = "我们的承诺"
        begun.save_revision()
        assert shown_instead(StandardPage.objects.get(pk=alias.pk)).pk == page.pk
        publish(begun, title="我们的承诺")
        assert shown_instead(StandardPage.objects.get(pk=alias.pk)) is None

    def test_the_copy_of_a_page_in_its_own_tree_is_no_fallback(self, home, page):
        twin = page.create_alias(parent=home, update_slug="twin")
        assert shown_instead(twin) is None


class TestSwitch:
    def addresses(self, page, rf):
        request = rf.get(page.url)
        return [(each["lang"], each["url"], each["instead"]) for each in languages_of(page, request)]

    def test_it_stays_on_the_page(self, page, alias, rf):
        expected = [("en", "/en/our-promise/", False), ("zh-Hans", "/zh-hans/our-promise/", False)]
        assert self.addresses(page, rf) == self.addresses(alias, rf) == expected

    def test_without_a_page_there_it_leads_to_the_nearest_above(self, page, rf):
        below = published(page, "Warranty")
        assert self.addresses(below, rf)[1] == ("zh-Hans", "/zh-hans/", True)

    def test_nor_does_it_lead_to_a_draft(self, page, alias, chinese, rf):
        below = published(page, "Warranty")
        below.copy_for_translation(chinese)
        assert self.addresses(below, rf)[1] == ("zh-Hans", "/zh-hans/our-promise/", True)


class TestTogether:
    """The two trees stay alike."""

    def test_moved_in_one_tree_it_moves_in_the_other_and_both_old_addresses_lead_there(
        self, client, home, page, alias, chinese
    ):
        client.force_login(StaffFactory(group="Supervisors"))
        place = published(home, "About us")
        place.copy_for_translation(chinese, alias=True)
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, place.pk]))
        for code in ("en", "zh-hans"):
            old = client.get(f"/{code}/our-promise/")
            assert (old.status_code, old.headers.get("Location")) == (301, f"/{code}/about-us/our-promise/")
            assert client.get(old["Location"]).status_code == 200

    def test_an_alias_follows_a_new_address_and_its_old_one_leads_there(
        self, client, page, alias, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            publish(page, slug="our-word")
        assert StandardPage.objects.get(pk=alias.pk).url == "/zh-hans/our-word/"
        assert client.get("/en/our-promise/").headers.get("Location") == "/en/our-word/"
        assert client.get("/zh-hans/our-promise/").headers.get("Location") == "/zh-hans/our-word/"


class TestBeginning:
    def test_marketing_is_offered_it_in_both_editors(self, client, marketing, page, alias):
        offered = reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])
        for each in (page, alias):
            assert offered in client.get(reverse("wagtailadmin_pages:edit", args=[each.pk])).content.decode()

    def test_who_began_is_written_down(self, client, marketing, page, alias):
        translate(client, alias)
        note = TranslationNote.objects.get()
        assert (note.kind, note.page_id, note.source_id, note.by, note.at) == (
            "begun",
            alias.pk,
            page.pk,
            marketing,
            NOW,
        )

    def test_a_page_without_any_is_copied_as_a_draft(self, client, marketing, page, chinese):
        url = reverse("simple_translation:submit_page_translation", args=[page.pk])
        client.post(url, {"locales": [chinese.pk]})
        copy = page.get_translation(chinese)
        assert (copy.live, copy.alias_of, TranslationNote.objects.get().source_id) == (False, None, page.pk)
        assert state_of(page) == State.BEGUN

    def test_a_copied_page_appears_in_the_other_tree_with_what_is_below_it(
        self, client, marketing, home, page, chinese
    ):
        published(page, "Warranty")
        url = reverse("wagtailadmin_pages:copy", args=[page.pk])
        fields = {"new_title": "Our word", "new_slug": "our-word", "new_parent_page": home.pk, "copy_subpages": "on"}
        client.post(url, fields)
        copy = StandardPage.objects.get(slug="our-word", locale=home.locale)
        copies = copy.get_descendants(inclusive=True)
        assert [each.get_translation(chinese).alias_of_id for each in copies] == [each.pk for each in copies]


class TestStates:
    def test_from_missing_to_current(self, client, marketing, page, chinese, now):
        seen = [state_of(page)]
        alias = page.copy_for_translation(chinese, alias=True)
        seen.append(state_of(page))
        translate(client, alias)
        seen.append(state_of(page))
        now.shift(DAY)
        publish(alias, title="我们的承诺")
        seen.append(state_of(page))
        assert seen == [State.MISSING, State.FALLBACK, State.BEGUN, State.CURRENT]

    @pytest.fixture
    def translated(self, client, marketing, page, alias, now):
        """A page whose translation was published a day after it."""
        translate(client, alias)
        now.shift(DAY)
        publish(alias, title="我们的承诺")
        return page

    def test_the_source_published_later_leaves_it_behind(self, translated, now):
        now.shift(DAY)
        publish(translated, lead="Another lead.")
        assert state_of(translated) == State.OUTDATED

    def test_published_again_it_is_current(self, translated, alias, now):
        now.shift(DAY)
        publish(translated, lead="Another lead.")
        now.shift(DAY)
        publish(alias, lead="另一段导语。")
        assert state_of(translated) == State.CURRENT

    def test_the_translation_never_leaves_its_source_behind(self, translated, alias, now):
        now.shift(DAY)
        publish(alias, lead="另一段导语。")
        assert [page.pk for page in sources(StandardPage.objects.all())] == [translated.pk]
        assert state_of(translated) == State.CURRENT

    def test_written_in_chinese_first_english_follows(self, client, marketing, chinese, now):
        source = published(HomePage.objects.get(slug="home-zh-hans"), "Renewal")
        alias = source.copy_for_translation(Locale.objects.get(language_code="en"), alias=True)
        assert state_of(source) == State.FALLBACK
        assert alias.url == "/en/renewal/"

    def test_an_editor_finds_it_up_to_date_until_the_source_changes_again(self, translated, marketing, now):
        now.shift(DAY)
        publish(translated, lead="A comma more.")
        now.shift(DAY)
        row = to_translate(marketing).get(pk=translated.pk)
        note = mark_current(row, by=marketing, at=NOW + 3 * DAY)
        assert (note.kind, note.page_id, note.by, state_of(translated)) == (
            "checked",
            row.translation,
            marketing,
            State.CURRENT,
        )
        now.shift(DAY)
        publish(translated, lead="Five years instead of two.")
        assert state_of(translated) == State.OUTDATED

    def test_what_is_not_outdated_is_not_marked(self, translated, marketing):
        with pytest.raises(TranslationError):
            mark_current(to_translate(marketing).get(pk=translated.pk), by=marketing, at=NOW)

    def test_what_was_withdrawn_needs_no_translation(self, page, marketing):
        page.unpublish()
        assert to_translate(marketing).filter(pk=page.pk).exists() is False


class TestReport:
    def test_it_lists_what_needs_something_and_on_request_the_rest(self, client, marketing, page, home):
        assert rows(client.get(reverse(REPORT))) == ["Our promise"]
        assert rows(client.get(reverse(REPORT), {"state": "current"})) == [home.draft_title]
        assert rows(client.get(reverse(REPORT), {"state": "outdated"})) == []

    def test_it_is_narrowed_to_the_language_of_the_translator(self, client, marketing, page, chinese):
        english = Locale.objects.get(language_code="en")
        published(HomePage.objects.get(slug="home-zh-hans"), "Renewal")
        assert rows(client.get(reverse(REPORT), {"language": chinese.pk})) == ["Our promise"]
        assert rows(client.get(reverse(REPORT), {"language": english.pk})) == ["Renewal"]

    def test_a_filter_that_is_none_is_passed_over(self, client, marketing, page):
        assert rows(client.get(reverse(REPORT), {"language": "x", "state": "y"})) == ["Our promise"]

    def test_as_a_file(self, client, marketing, page, alias):
        lines = b"".join(client.get(reverse(REPORT), {"export": "csv"}).streaming_content).decode().splitlines()
        assert lines[0] == "Page,Written in,Type,Translation,Original published,Translation published"
        assert lines[1].startswith("Our promise,English,Page of text,Only in the other language so far,2026-11-22")

    def test_marked_there_it_has_gone_from_it(self, client, marketing, page, alias, now):
        translate(client, alias)
        publish(alias, title="我们的承诺")
        now.shift(DAY)
        publish(page, lead="A comma more.")
        client.handler.enforce_csrf_checks = True
        shown = client.get(reverse(REPORT))
        assert rows(shown) == ["Our promise"]
        [button] = re.findall(r'<form method="post" action="[^"]*/current/">.*?</form>', shown.content.decode(), re.S)
        [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', button)
        client.post(reverse("editing:current", args=[page.pk]), {"csrfmiddlewaretoken": token})
        assert rows(client.get(reverse(REPORT))) == []

    def test_the_desk_s_first_page_counts_them(self, client, marketing, page, alias):
        assert 'reports/pages/translations/?state=fallback">' in client.get("/desk/").content.decode()

    def test_it_asks_as_much_for_three_as_for_one(
        self, client, marketing, home, page, django_assert_max_num_queries, django_assert_num_queries
    ):
        client.get(reverse(REPORT))
        with django_assert_max_num_queries(40) as asked:
            client.get(reverse(REPORT))
        for number in range(2):
            page.copy(to=home, update_attrs={"slug": f"p-{number}", "title": f"Page {number}"}, copy_revisions=False)
        with django_assert_num_queries(len(asked)):
            assert len(rows(client.get(reverse(REPORT)))) == 3

    @pytest.mark.skipif(
        connection.vendor != "sqlite", reason="a plan of SQLite's, whose statistics are of an empty tree"
    )
    def test_no_row_of_it_walks_through_the_whole_tree(self, marketing):
        plan = to_translate(marketing).explain().splitlines()
        assert [step for step in plan if "SCAN U" in step or "SCAN V" in step or "rowid<" in step] == []


class TestElsewhere:
    """Whatever lists pages in a language takes those alone that are written in it."""

    @pytest.fixture
    def begun(self, client, marketing, alias):
        translate(client, alias)
        return StandardPage.objects.get(pk=alias.pk)

    def test_only_pages_with_a_text_of_their_own_are_listed(self, page, alias, begun):
        assert [each.pk for each in own_text(StandardPage.objects.all())] == [page.pk]
        publish(begun, title="我们的承诺")
        assert {each.pk for each in own_text(StandardPage.objects.all())} == {page.pk, begun.pk}

    def test_search_engines_are_sent_to_the_source_meanwhile(self, client, page, begun):
        shown = client.get(begun.url).content.decode()
        assert '<link rel="canonical" href="http://localhost:8000/en/our-promise/">' in shown
        assert "hreflang=" not in shown.split("</head>")[0]
        assert "/zh-hans/our-promise/" not in client.get("/sitemap.xml").content.decode()
