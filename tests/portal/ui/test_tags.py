"""What the component tags write."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Template, TemplateSyntaxError
from django.utils import translation
from django.utils.html import escape

from accounts.languages import LocalizedText
from tests.portal.ui.rendering import render

NASTY = '<script>alert("x")</script>'
SATURDAY = date(2026, 12, 5)
WEDNESDAY = date(2026, 12, 9)


def text(**written):
    return LocalizedText.of(SimpleNamespace(**{"x_en": "", "x_zh": ""} | written), "x")


class TestEscaping:
    @pytest.mark.parametrize(
        "source",
        [
            "{% badge nasty %}",
            "{% avatar nasty %}",
            "{% button_link nasty nasty %}",
            "{% submit nasty %}",
            '{% post_button "ui:components" label=nasty %}',
            "{% item title=nasty text=nasty badge=nasty url=nasty icon=nasty %}{% enditem %}",
            "{% item title=nasty %}{{ nasty }}{% enditem %}",
            "{% card title=nasty badge=nasty %}{{ nasty }}{% endcard %}",
            "{% alert title=nasty %}{{ nasty }}{% endalert %}",
            "{% empty_state nasty title=nasty url=nasty label=nasty %}",
            "{% step title=nasty badge=nasty id=nasty %}{{ nasty }}{% endstep %}",
            "{% timeline label=nasty %}{% endtimeline %}",
            "{% stages steps label=nasty note=nasty %}",
            "{% progress 1 2 nasty %}",
            "{% localized nasty %}",
            "{% prose nasty %}",
            "{% crumbs nasty nasty nasty %}",
            "{% gallery photos more_url=nasty %}",
            "{% photo_page photos.0 1 2 nasty nasty previous_url=nasty %}",
        ],
    )
    def test_no_tag_lets_markup_of_others_through(self, source, settings):
        settings.ROOT_URLCONF = "tests.portal.ui.urls"
        step = {"name": NASTY, "note": NASTY, "state": "now"}
        photo = dict.fromkeys(("page_url", "thumb_url", "large_url", "alt", "width", "height", "caption"), NASTY)
        html = render(source, nasty=NASTY, steps=[step], photos=[photo] * 4)
        assert NASTY not in html
        assert escape(NASTY) in html or "&lt;" in html

    def test_an_argument_that_is_not_there_fails_when_the_template_is_compiled(self):
        for source in ("{% badge 'x' colour='red' %}", "{% card heading='x' %}{% endcard %}", "{% gallery %}"):
            with pytest.raises(TemplateSyntaxError):
                Template("{% load ui %}" + source)


class TestItem:
    def test_buttons_that_end_the_content_stand_beside_it(self):
        html = render('{% item title="Pass" %}<p>Words</p>{% button_link "/a/" "Open" %}{% enditem %}')
        assert html == (
            '<li class="item" data-bare><div><b>Pass</b><p>Words</p></div><a class="button" href="/a/">Open</a></li>'
        )

    def test_a_link_inside_the_words_stays_there(self):
        html = render('{% item title="Pass" %}{% button_link "/a/" "Open" %}<p>Words</p>{% enditem %}')
        assert html == (
            '<li class="item" data-bare><div><b>Pass</b><a class="button" href="/a/">Open</a><p>Words</p></div></li>'
        )

    def test_two_buttons_stand_in_a_row(self):
        html = render('{% item title="P" %}{% button_link "/a/" "A" %} {% button_link "/b/" "B" %}{% enditem %}')
        assert (
            '<div class="row"><a class="button" href="/a/">A</a><a class="button" href="/b/">B</a></div></li>' in html
        )

    def test_an_address_and_nothing_else_makes_the_whole_row_the_link(self):
        html = render('{% item title="Pass" url="/a/" text="soft" %}{% enditem %}')
        assert html.startswith('<li><a class="item" data-center data-bare href="/a/"><span><b>Pass</b><br>')

    def test_a_ready_badge_is_taken_as_it_is(self):
        html = render('{% badge "Late" tone="warning" as late %}{% item title="P" badge=late %}{% enditem %}')
        assert html.count('<span class="badge" data-tone="warning">Late</span>') == 1


class TestRows:
    def test_an_empty_state_stands_without_a_list(self):
        assert "<ul" not in render("{% rows %}{% empty_state 'Nothing' %}{% endrows %}")

    def test_items_stand_in_a_list(self):
        html = render("{% rows ruled=True %}{% item title='P' %}{% enditem %}{% endrows %}")
        assert (
            html == '<ul class="rows" data-ruled><li class="item" data-center data-bare><div><b>P</b></div></li></ul>'
        )


class TestTime:
    def test_a_day_in_english(self):
        html = render("{% day value %}", value=SATURDAY)
        assert html == '<time class="date" datetime="2026-12-05"><span>Sat</span><b>5</b><span>Dec</span></time>'

    def test_a_day_in_chinese(self):
        with translation.override("zh-hans"):
            html = render("{% day value %}", value=SATURDAY)
        assert html == '<time class="date" datetime="2026-12-05"><span>周六</span><b>5</b><span>12月</span></time>'

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Saturday 5 December 2026, 10:30"), ("zh-hans", "2026年12月5日 周六 10:30")]
    )
    def test_a_moment_is_shown_in_the_active_zone(self, language, words):
        with translation.override(language):
            html = render("{% full_date value %}", value=datetime(2026, 12, 5, 2, 30, tzinfo=UTC))
        assert html == f'<time datetime="2026-12-05T10:30+08:00">{words}</time>'

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("planned=sat forecast=sat", ["Planned and forecast", "5 Dec 2026"]),
            ("planned=sat", ["Planned", "5 Dec 2026"]),
            ("forecast=wed", ["Forecast", "9 Dec 2026"]),
            (
                "planned=sat forecast=wed",
                ["Planned", "5 Dec 2026", "Forecast", "9 Dec 2026", "4 days late", "Actual", "open"],
            ),
            ("planned=wed forecast=sat actual=sat", ["Planned", "9 Dec 2026", "Actual", "5 Dec 2026", "4 days early"]),
            ("planned=sat actual=sat", ["Planned", "5 Dec 2026", "Actual", "5 Dec 2026", "on time"]),
            ("actual=sat", ["Actual", "5 Dec 2026"]),
            ("planned=wed withdrawn=sat", ["Planned", "9 Dec 2026", "Withdrawn", "5 Dec 2026"]),
            ("", ["Planned", "open"]),
        ],
    )
    def test_dates_say_what_was_planned_and_what_came(self, source, words):
        html = render(f"{{% dates {source} %}}", sat=SATURDAY, wed=WEDNESDAY)
        assert words_of(html) == words

    def test_stages_name_the_one_that_is_now_for_narrow_screens(self):
        steps = [{"name": "Contract", "note": "", "state": "done"}, {"name": "Building", "note": "", "state": "now"}]
        html = render("{% stages steps note='until June' %}", steps=steps)
        assert words_of(html) == ["Contract", ", done", "Building", "Building", ", stage 2 of 2, until June"]


class TestLanguages:
    def test_a_text_in_the_readers_language_stands_alone(self):
        assert render("{% localized text %}", text=text(x_en="Windows")) == "Windows"

    def test_a_text_in_the_other_language_says_so(self):
        html = render("{% localized text %}", text=text(x_zh="外窗"))
        assert html == '<span lang="zh-Hans">外窗</span><small class="fallback">only in Chinese so far</small>'

    def test_a_chinese_reader_is_told_of_english(self):
        with translation.override("zh-hans"):
            html = render("{% localized text %}", text=text(x_en="Windows"))
        assert html.startswith('<span lang="en">Windows</span><small class="fallback">')

    def test_prose_has_paragraphs_lines_and_its_language(self):
        html = render("{% prose text %}", text=text(x_zh="一\n二\n\n三"))
        assert html.endswith('<div class="prose" lang="zh-Hans"><p>一<br>二</p><p>三</p></div>')

    def test_the_html_element_names_the_script(self):
        with translation.override("zh-hans"):
            assert render("{% html_lang %}") == "zh-Hans"

    def test_the_switch_posts_and_comes_back_here(self, rf, settings):
        settings.ROOT_URLCONF = "tests.portal.ui.urls"
        html = render("{% language_switch %}", request=rf.get("/ui/?page=2"), csrf_token="token")
        assert 'method="post" action="/language/"' in html
        assert '<input type="hidden" name="next" value="/ui/?page=2">' in html
        assert 'value="en" lang="en" aria-current="true"' in html


class TestPager:
    def test_it_keeps_the_other_parameters(self, rf):
        page = Paginator(range(30), 10).get_page(2)
        html = render("{% pager page %}", page=page, request=rf.get("/?q=a+b&page=2"))
        assert 'href="?q=a+b&amp;page=1" rel="prev"' in html
        assert '<span aria-current="page">2</span>' in html

    def test_one_page_needs_none(self):
        assert render("{% pager page %}", page=Paginator(range(3), 10).get_page(1)) == ""


class TestGallery:
    def photos(self, count):
        return [
            {
                "page_url": f"/p/{n}/",
                "thumb_url": "/t.jpg",
                "large_url": f"/l/{n}.jpg",
                "alt": "A",
                "width": 4,
                "height": 3,
            }
            for n in range(count)
        ]

    def test_with_a_lead_three_are_shown_and_the_rest_waits(self):
        html = render("{% gallery photos lead=True more_url='/all/' %}", photos=self.photos(7))
        assert (html.count("<img"), html.count(" hidden "), html.count("data-large=")) == (3, 4, 7)
        assert '<span class="more" aria-hidden="true">+4</span>' in html
        assert 'href="/all/" data-large="/l/2.jpg"' in html

    def test_two_photos_have_no_lead(self):
        html = render("{% gallery photos lead=True %}", photos=self.photos(2))
        assert "data-lead" not in html


def words_of(html):
    """The visible words between the tags."""
    return [words.strip() for words in re.split(r"<[^>]+>", html) if words.strip()]
