"""Guides on paper: what stands in them, for whom they are made, and how long they are kept."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import TestCase
from django.utils.module_loading import import_string
from pypdf import PdfReader
from wagtail.images.tests.utils import get_test_image_file

from accounts.files.models import PrivateFile
from cms.guides.actions import publish_edition
from cms.prints import actions
from cms.prints.actions import PrintError, ask_print, forget_outdated, is_current, make
from cms.prints.models import GuidePrint
from cms.prints.tasks import tidy_guide_prints
from progress.leaflets import making
from progress.models import Role
from tests.cms.checklists.guides import BRING, PASSPORT, body_of, publish
from tests.cms.checklists.test_ticks import ticked
from tests.factories import NOW, OwnershipFactory

pytestmark = pytest.mark.django_db
State = GuidePrint.State
DAY = timedelta(days=1)
FEES = {
    "heading": "What you pay",
    "lines": [{"type": "item", "id": "fee", "value": {"label": "Care", "rate": "2.80", "per": "m2"}}],
}
BODY = [
    {
        "type": "text",
        "value": '<h2>Before</h2><p>Look <a href="/en/">here</a> & <a id="99" linktype="page">there</a>.</p>',
    },
    *body_of(BRING),
    {"type": "fees", "value": FEES},
]


def clock():
    return NOW


def written(body, **fields):
    """A guide with this body, published."""
    page = publish(**fields)
    page.body = json.dumps(body)
    page.save()
    publish_edition(page=page, by=None, at=NOW)
    return page


@pytest.fixture
def tie():
    return OwnershipFactory(home__area="98.60")


@pytest.fixture
def guide():
    return written(BODY, title="What to bring")


@pytest.fixture
def rendered(monkeypatch):
    """[(html, images)] of what would have been printed; the PDF is a stand-in of one page."""
    jobs = []

    def render(html, *, images, at):
        jobs.append((html, images))
        return PDF

    monkeypatch.setattr(actions, "render_pdf", render)
    return jobs


def stand_in():
    from pypdf import PdfWriter

    writer, buffer = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(buffer)
    return buffer.getvalue()


PDF = stand_in()


def ask(tie, guide=None, at=NOW, language="en"):
    key = guide and guide.translation_key
    return ask_print(tie.home, key=key, language=language, by=tie.owner.user, at=at)


def made(tie, guide=None, **kwargs):
    print_ = ask(tie, guide, **kwargs)
    make(print_, clock=clock)
    print_.refresh_from_db()
    return print_


class TestWhatStandsInIt:
    def test_the_sums_are_those_of_the_home_and_links_lead_to_the_portal(self, tie, guide, rendered, settings):
        made(tie, guide)
        [(html, images)] = rendered
        assert "276.08" in html  # 2.80 × 98.60
        assert f'<a href="{settings.BASE_URL}/en/">here</a>' in html
        assert "there." in html
        assert 'href="/' not in html
        assert list(images) == [f"q-{guide.translation_key}"]

    def test_ticks_are_boxes(self, tie, guide, rendered):
        ticked(tie, guide, PASSPORT)
        made(tie, guide)
        assert rendered[0][0].count("✓") == 1
        assert rendered[0][0].count('class="box"') == 3

    def test_a_tenants_has_no_fees(self, guide, rendered):
        tenant = OwnershipFactory(role=Role.TENANT)
        made(tenant, guide)
        assert "What you pay" not in rendered[0][0]
        assert "Your identity card" in rendered[0][0]

    def test_the_set_has_every_guide_that_fits_and_no_other(self, tie, guide, rendered):
        publish(title="Fees and figures")
        publish(title="For elsewhere", for_kinds=["renovation"])
        made(tie)
        html = rendered[0][0]
        assert [words in html for words in ("What to bring", "Fees and figures", "For elsewhere")] == [
            True,
            True,
            False,
        ]

    def test_its_words_are_in_the_readers_language(self, tie, guide, rendered):
        publish(title="带什么", language="zh-hans", key=guide.translation_key)
        made(tie, guide, language="zh-hans")
        assert '<html lang="zh-Hans">' in rendered[0][0]
        assert "带什么" in rendered[0][0]


def test_the_pdf_is_tagged_with_bookmarks_contents_and_pictures(tie, guide):
    from wagtail.images import get_image_model

    image = get_image_model().objects.create(title="A plan", file=get_test_image_file(size=(3000, 2000)))
    picture = {"image": {"image": image.pk, "decorative": False, "alt_text": "The hall"}, "caption": "The hall"}
    written([*BODY, {"type": "picture", "value": picture}], title="验收指南", language="zh-hans")
    print_ = made(tie, language="zh-hans")
    with print_.file.file.open() as stored:
        pdf = PdfReader(BytesIO(stored.read()))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  a BooleanObject
    assert pdf.trailer["/Root"]["/Lang"] == "zh-Hans"
    titles = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert "验收指南" in titles
    contents = pdf.pages[1].extract_text()
    assert "验收指南" in contents
    sizes = [image.image.size for page in pdf.pages for image in page.images]
    assert max(width for width, _height in sizes) == 1000


class TestAsking:
    def test_it_goes_to_the_worker_by_the_name_of_a_task(self, tie, guide, rendered, monkeypatch):
        queued = []
        monkeypatch.setattr(making, "async_task", lambda task, *pk, **options: queued.append((task, *pk)))
        with TestCase.captureOnCommitCallbacks(execute=True):
            print_ = ask(tie, guide)
        [(task, pk)] = queued
        import_string(task)(pk)
        print_.refresh_from_db()
        assert print_.state == State.READY

    def test_twice_is_once(self, tie, guide, rendered):
        assert ask(tie, guide) == ask(tie, guide)

    def test_another_waits_for_the_first(self, tie, guide):
        ask(tie, guide)
        with pytest.raises(PrintError, match="Another print"):
            ask(tie)

    def test_of_a_home_of_others_there_is_nothing(self, tie, guide):
        stranger = OwnershipFactory()
        with pytest.raises(PrintError, match="no guide"):
            ask_print(tie.home, key=guide.translation_key, language="en", by=stranger.owner.user, at=NOW)

    def test_the_twenty_first_within_a_day_is_refused(self, tie, guide, rendered, monkeypatch):
        monkeypatch.setattr(actions, "MOST_A_DAY", 1)
        made(tie, guide)
        with pytest.raises(PrintError, match="enough for one day"):
            ask(tie, guide, at=NOW + DAY / 2)
        assert ask(tie, guide, at=NOW + DAY * 2)

    def test_a_new_one_takes_the_place_of_the_one_before(self, tie, guide, rendered):
        first, second = made(tie, guide), made(tie, guide)
        first.refresh_from_db()
        assert (first.state, first.file, second.state) == (State.GONE, None, State.READY)
        assert PrivateFile.objects.filter(deleted_at=None).count() == 1


class TestHowLong:
    def test_what_says_something_else_by_now_goes_at_night(self, tie, guide, rendered):
        kept, changed = made(tie, publish(title="Stays")), made(tie, guide)
        publish(BRING[:1], key=guide.translation_key, number=2, at=NOW)
        assert [is_current(each, at=NOW) for each in (kept, changed)] == [True, False]
        forget_outdated(at=NOW)
        assert [GuidePrint.objects.get(pk=each.pk).state for each in (kept, changed)] == [State.READY, State.GONE]

    def test_after_a_week_it_goes(self, tie, guide, rendered):
        print_ = made(tie, guide)
        forget_outdated(at=NOW + timedelta(days=7))
        print_.refresh_from_db()
        assert (print_.state, print_.file) == (State.GONE, None)

    def test_whoever_has_left_the_home_gets_none(self, tie, guide, rendered):
        print_ = ask(tie, guide)
        OwnershipFactory(former=True)
        tie.delete()
        make(print_, clock=clock)
        print_.refresh_from_db()
        assert (print_.state, rendered) == (State.GONE, [])
        assert GuidePrint.objects.for_user(tie.owner.user).count() == 0

    def test_what_cannot_be_printed_three_times_is_given_up(self, tie, guide, monkeypatch):
        def broken(html, **kwargs):
            raise actions.RenderError("no")

        monkeypatch.setattr(actions, "render_pdf", broken)
        print_ = ask(tie, guide)
        for _attempt in range(3):
            make(print_, clock=clock)
        tidy_guide_prints(at=NOW + DAY)
        print_.refresh_from_db()
        assert print_.state == State.FAILED
