"""Pictures of public pages: several formats and sizes, none of which a visitor waits for, and no page that jumps."""

import re

import pytest
from wagtail.images.models import Image

from cms import tasks
from cms.models import PublicPage, StandardPage
from tests.factories import NOW

from .factories import add, designer, front, image, picture, place, stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return add(front(), StandardPage, body=stream(("picture", picture(image(2000, 1500), "The hall"))))


def formats(shown):
    return {rendition.filter_spec.split("-")[-1] for rendition in shown.renditions.all()}


def html_of(client, page):
    return client.get(page.url).content.decode()


def test_visitors_wait_for_jpeg_alone(client, page):
    html = html_of(client, page)
    assert formats(Image.objects.get()) == {"jpeg"}
    assert "<source" not in html


def test_worker_makes_all_formats_once(client, page):
    for _twice in range(2):
        tasks.make_pictures(page.pk)
        kept = Image.objects.get().renditions
        assert (kept.count(), formats(Image.objects.get())) == (6, {"avif", "webp", "jpeg"})
    assert re.findall(r'<source[^>]*type="([^"]+)"', html_of(client, page)) == ["image/avif", "image/webp"]


def test_worker_makes_what_lists_show_too(client):
    parent = place(cover=image(), cover_alt="The gate").get_parent()
    tasks.make_pictures(parent.get_children().get().pk)
    assert html_of(client, parent.specific).count("<source") == 2


def test_small_picture_is_named_once(client):
    html = html_of(client, add(front(), StandardPage, body=stream(("picture", picture(image(200, 150))))))
    (tag,) = re.findall(r"<picture>(<img[^>]*>)", html)
    assert ("srcset" in tag, "sizes" in tag, 'width="200"' in tag) == (False, False, True)


def test_night_asks_for_what_is_missing(page, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "async_task", lambda *task: asked.append(task))
    add(front(), StandardPage, live=False)
    tasks.queue_missing_pictures(at=NOW)
    live = PublicPage.__subclasses__()
    pages = {pk for kind in live for pk in kind.objects.live().values_list("pk", flat=True)}
    assert {task[1] for task in asked} == pages


def test_unpublished_page_is_passed_over(page):
    page.unpublish()
    tasks.make_pictures(page.pk)
    assert formats(Image.objects.get()) == set()


def test_publishing_asks_the_worker_once_it_is_certain(page, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks, "async_task", lambda *task: asked.append(task))
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
        assert asked == []
    assert asked == [("cms.tasks.make_pictures", page.pk)]


def test_room_is_kept_and_words_are_there(client, page):
    (tag,) = re.findall(r"<picture>(<img[^>]*>)", html_of(client, page))
    attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    assert {name: attributes[name] for name in ("width", "height", "alt", "loading", "sizes")} == {
        "width": "720",
        "height": "540",
        "alt": "The hall, tiled",
        "loading": "lazy",
        "sizes": "(min-width: 44rem) 40rem, 100vw",
    }
    assert re.findall(r"(\d+)w", attributes["srcset"]) == ["720", "1280"]


def test_first_picture_is_fetched_at_once(client):
    html = html_of(client, place(cover=image(), cover_alt="The gate"))
    (tag,) = re.findall(r"<picture>(<img[^>]*>)", html)
    assert 'fetchpriority="high"' in tag
    assert "loading" not in tag
    assert 'alt="The gate"' in tag


def test_crop_follows_the_focal_point(client):
    shown = image(1600, 600)
    page = designer(cover=shown, cover_alt="Lin Yue")
    before = html_of(client, page)
    Image.objects.update(focal_point_x=1500, focal_point_y=300, focal_point_width=90, focal_point_height=90)
    assert re.findall(r'srcset="[^"]+"', before) != re.findall(r'srcset="[^"]+"', html_of(client, page))


def test_same_picture_has_other_words_elsewhere(client):
    shown = image()
    again = picture(shown)
    again["image"]["alt_text"] = "Seen from the stairs"
    page = add(front(), StandardPage, body=stream(("picture", picture(shown)), ("picture", again)))
    html = html_of(client, page)
    assert [html.count(words) for words in ('alt="The hall, tiled"', 'alt="Seen from the stairs"')] == [1, 1]


def test_deleted_picture_leaves_the_page_as_it_is(client, page):
    gone = image()
    page.body = stream(("gallery", {"pictures": [picture(), picture(gone)]}), ("plan", picture(gone) | {"rooms": []}))
    page.save()
    gone.delete()
    assert html_of(client, page).count("data-large") == 1
