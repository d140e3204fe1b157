"""The page of components, the frames, the pages for errors, and what all templates keep to."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import messages
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.ui.samples import icon_names
from portal.ui.views import FRAMES

TEMPLATES = settings.BASE_DIR / "templates"
LOOSE = {"emails", "pdf", "desk", "wagtailadmin"}  # mail needs styles in place; the desk has a policy of its own
OURS = sorted(TEMPLATES.rglob("*.html"))
STRICT = [path for path in OURS if path.relative_to(TEMPLATES).parts[0] not in LOOSE]
WITH_OUR_ICONS = [path for path in OURS if "wagtailadmin_tags" not in path.read_text()]  # Wagtail has icons of its own
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
ICON = re.compile(r"{%\s*(?:icon|mark)\s+\"([\w-]+)\"|{%[^%]*\sicon=\"([\w-]+)\"")
ERRORS = ["400", "403", "403_csrf", "404", "500"]


def named(path):
    return str(path.relative_to(TEMPLATES))


@pytest.fixture
def with_components(settings):
    settings.ROOT_URLCONF = "tests.portal.ui.urls"


@pytest.mark.usefixtures("with_components", "db")
class TestPages:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_every_part_can_be_seen(self, client, language):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        response = client.get("/ui/")
        html = response.content.decode()
        assert response.status_code == 200
        assert f'<html lang="{ {"en": "en", "zh-hans": "zh-Hans"}[language] }">' in html
        assert [html.count(f'id="{part}"') for part in ("buttons", "fields", "timeline", "photos", "icons")] == [1] * 5

    def test_no_id_is_given_twice(self, client):
        ids = re.findall(r'\sid="([^"]+)"', client.get("/ui/").content.decode())
        assert sorted(ids) == sorted(set(ids))

    @pytest.mark.parametrize("name", FRAMES)
    def test_a_frame_can_be_skipped_to_its_content(self, client, name):
        html = client.get(f"/ui/frames/{name}/").content.decode()
        assert html.index('<a class="skip" href="#main">') < html.index("<header")
        assert (html.count('<main id="main"'), html.count("<h1"), html.count("<title>")) == (1, 1, 1)

    def test_an_unknown_frame_is_not_there(self, client):
        assert client.get("/ui/frames/base/").status_code == 404

    def test_public_pages_say_nothing_of_the_reader(self, client):
        html = client.get("/ui/frames/public/").content.decode()
        assert "csrfmiddlewaretoken" not in html
        assert 'method="post"' not in html


def test_messages_are_announced_with_their_tone(client):
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = messages.storage.cookie.CookieStorage(request)
    messages.success(request, "Saved <now>")
    messages.error(request, "Failed")
    html = render_to_string("ui/parts/messages.html", {"messages": messages.get_messages(request)})
    assert 'role="status"' in html
    assert re.findall(r'data-tone="(\w+)"', html) == ["good", "danger"]
    assert "Saved &lt;now&gt;" in html


def test_without_a_masthead_the_owners_frame_has_its_brand_alone():
    html = render_to_string("ui/page.html", {"company": {"name": "Yanxia Homes"}})
    assert '<a class="brand"' in html
    assert "<nav" not in html


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_nothing_and_speaks_both_languages(name):
    source = (TEMPLATES / f"{name}.html").read_text()
    assert "{%" not in source
    assert "{{" not in source
    assert '<html lang="en">' in source
    assert 'lang="zh-Hans"' in source


@pytest.mark.parametrize("path", STRICT, ids=named)
def test_a_template_has_no_inline_script_or_style(path):
    assert INLINE.findall(path.read_text()) == []


def test_the_search_for_inline_code_finds_it():
    found = ['<p style="color:red">', "<style>", "<script>x()</script>", '<a onclick="x()">', '<a href="javascript:x">']
    assert [bool(INLINE.search(each)) for each in found] == [True] * 5
    assert not INLINE.search('<script src="/static/ui/ui.js" defer></script> {% translate "once on = x" %}')


@pytest.mark.parametrize("path", WITH_OUR_ICONS, ids=named)
def test_every_icon_is_in_the_sprite(path):
    used = {first or second for first, second in ICON.findall(path.read_text())}
    assert used - set(icon_names()) == set()


def test_scripts_are_small_and_never_evaluate():
    for script in Path(settings.BASE_DIR, "portal/ui/static/ui").glob("*.js"):
        source = script.read_text()
        assert len(source.splitlines()) < 200
        assert not re.search(r"\beval\(|new Function|innerHTML|setAttribute\(\"style\"", source)
