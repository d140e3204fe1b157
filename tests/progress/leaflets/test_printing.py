"""A leaflet and a diary, printed for real: what readers' programs find in them."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from progress.journeys import changing
from progress.leaflets import actions, diaries
from progress.updates.models import UpdatePhoto
from tests.accounts.files.pictures import encoded, noise
from tests.factories import NOW, TODAY, CardFactory, ContactFactory, PrivateFileFactory
from tests.progress.test_milestones import reached

from .conftest import clock, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy_month(building, steps, people):
    """Two homes reached a step, the third moved, the site wrote, with six photos that hardly compress."""
    building.name = "3号楼"
    building.save()
    reached(steps[:2], people.one, people.other)
    update = post(building, at=NOW - timedelta(days=2))
    grain = encoded(noise(1200, 900), quality=95)
    for order in range(6):
        file = PrivateFileFactory(file__data=grain)
        UpdatePhoto.objects.create(update=update, file=file, order=order, caption_zh=f"南面{order}")
    pipes = [step.journey.milestones.get(template__code="pipes-and-wires") for step in steps]
    type(pipes[0]).objects.filter(pk__in=[step.pk for step in pipes]).update(planned="2026-12-18")
    changing.change_forecast(
        pipes, later_by=4, reason_zh="玻璃裂了", by=people.one, today=TODAY, at=NOW + timedelta(minutes=1)
    )
    ContactFactory(development=building.development, card=CardFactory(name_zh="徐曼"))


def read(file):
    with file.file.open() as stored:
        return PdfReader(BytesIO(stored.read()))


def fonts_of(reader):
    """The families in it, without the prefix of each subset."""
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    return {font["/BaseFont"].partition("+")[2] for font in fonts}


def flat(bookmarks):
    for each in bookmarks:
        yield from flat(each) if isinstance(each, list) else [each.title]


def test_a_leaflet_opens_with_tags_bookmarks_and_simplified_glyphs(building, busy_month):
    leaflet = actions.ask_leaflet(building, month=TODAY, by=None, at=NOW)
    actions.make(leaflet, clock=clock)
    leaflet.refresh_from_db()
    chinese, english = read(leaflet.file_zh), read(leaflet.file_en)
    assert (chinese.root_object["/MarkInfo"]["/Marked"], chinese.root_object["/Lang"]) == (True, "zh-Hans")
    assert b'pdfuaid:part="1"' in chinese.root_object["/Metadata"].get_object().get_data()
    assert len(list(flat(english.outline))) == len(list(flat(chinese.outline))) == 7
    assert [name for name in fonts_of(chinese) if "-CJK-SC" not in name] == []
    assert max(leaflet.file_zh.size, leaflet.file_en.size) < 3_000_000
    assert {len(page.images) for page in chinese.pages} == {6}  # all pages share what they show
    text = "".join(page.extract_text() for page in chinese.pages)
    said = ["3号楼", "您家外窗安装", "水电管线", "玻璃裂了", "南面0", "徐曼", "400 000 0826", "2026年12月18日"]
    assert [words for words in said if words not in text] == []


def test_a_diary_has_a_bookmark_for_each_month_and_each_entry(building, steps, busy_month, people):
    tie = steps[0].journey.home.ownerships.get()
    diary = diaries.ask_diary(tie.home, language="en", by=tie.owner.user, at=NOW)
    diaries.make(diary, clock=clock)
    diary.refresh_from_db()
    reader = read(diary.file)
    assert (reader.root_object["/Lang"], diary.left_out) == ("en", 0)
    assert list(flat(reader.outline)) == [
        str(tie.home),
        "November 2026",
        *("Windows reach floor nine", "Reached: Windows in your home", "New forecast: Pipes and wires"),
    ]
