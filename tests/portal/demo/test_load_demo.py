"""When the demonstration is not loaded, and what it is made of."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.files import pdfs
from accounts.models import User
from portal.demo import draw_photos, journeys, news, papers, people, workbook
from portal.demo.load import Loader
from portal.demo.months import Months
from progress.updates.models import Update

WEEK = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]
PHOTOS = sorted((news.HERE / "photos").glob("*.jpg"))
PAPERS = sorted(papers.FOLDER.glob("*.pdf"))


def test_production_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("load_demo")


def test_logins_before_anything_is_loaded_are_refused(db):
    with pytest.raises(CommandError, match="Nothing is loaded yet"):
        call_command("load_demo", "--logins")


def test_what_fails_half_way_leaves_nothing(db, tiny_photos, monkeypatch, settings):
    def fails(months, at):
        raise OSError("as if the disk were full")

    monkeypatch.setattr(Loader, "make_journeys", lambda loader: None)
    monkeypatch.setattr(Months, "deliver", fails)  # which comes once the first photographs are stored
    with pytest.raises(OSError, match="disk were full"):
        call_command("load_demo")
    assert not User.objects.exists()
    assert not [path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]


@pytest.mark.parametrize("today", WEEK, ids=str)
def test_the_newest_friday_is_past_and_the_coming_one_to_come(today):
    newest, coming = news.newest_friday(today), news.coming_friday(today)
    assert (newest.weekday(), coming.weekday()) == (4, 4)
    assert timedelta(days=2) <= today - newest <= timedelta(days=8)
    assert timedelta(days=1) <= coming - today <= timedelta(days=7)


def test_a_step_that_has_come_has_an_actual_day_and_one_to_come_a_forecast():
    friday = WEEK[4]
    assert journeys.Step(-9, 8).dates(friday) == {
        "planned": friday - timedelta(days=9),
        "forecast": None,
        "actual": friday - timedelta(days=1),
    }
    assert journeys.Step(3, 9).dates(friday) == {
        "planned": friday + timedelta(days=3),
        "forecast": friday + timedelta(days=12),
        "actual": None,
    }


def test_days_are_written_as_each_language_writes_them():
    texts = news.texts_of({"title_en": "{keys}, {b2_planned}", "title_zh": "{keys}，{b2_planned}"}, date(2026, 11, 20))
    assert (texts["title_en"], texts["title_zh"]) == ("29 June 2027, 24 November", "2027年6月29日，11月24日")


def test_every_photograph_is_used_and_none_is_missing():
    published, prepared = news.read_news()
    named = {photo["file"] for item in published + prepared for photo in item.get("photo", [])}
    drawn_by_season = {name for name in named if "{season}" in name}
    named -= drawn_by_season
    named |= {name.format(season=season) for name in drawn_by_season for season in news.SEASONS}
    assert named == {path.stem for path in PHOTOS} == set(draw_photos.makers())
    assert len(named) >= 45


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_photographs_are_small_enough_to_be_kept_with_the_source(path):
    with Image.open(path) as image:
        assert image.size == (1200, 900)
    assert path.stat().st_size <= draw_photos.LARGEST


def test_the_photographs_together_take_less_than_five_megabytes():
    assert sum(path.stat().st_size for path in PHOTOS) < 5_000_000


@pytest.mark.parametrize(
    ("month", "season"), [(1, "winter"), (3, "spring"), (5, "spring"), (8, "summer"), (11, "autumn"), (12, "winter")]
)
def test_a_view_is_shown_in_the_season_of_its_update(month, season):
    assert news.file_of({"file": "riverbank-{season}"}, date(2027, month, 28)) == f"riverbank-{season}"


def test_every_paper_is_used_and_none_is_missing():
    assert {path.stem for path in PAPERS} == {paper.file for paper in papers.PAPERS}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_papers_would_pass_the_check_of_an_upload(path):
    assert pdfs.examine(path.read_bytes()) == {"pages": 1}


def test_the_workbook_that_lies_here_is_what_the_script_writes(tmp_path):
    made = tmp_path / "estate.xlsx"
    workbook.write(made, workbook.FRIDAY)
    assert made.read_bytes() == workbook.FILE.read_bytes()


def test_telephone_numbers_belong_to_nobody_and_each_to_one_owner():
    numbers = [person.phone for person in people.OWNERS if person.phone]
    assert [number for number in numbers if not number.startswith("+120255501")] == []
    assert len(numbers) == len(set(numbers))


def test_mail_addresses_are_examples_and_each_belongs_to_one_owner():
    addresses = [person.email for person in people.OWNERS if person.email]
    assert [address for address in addresses if not address.endswith("@example.com")] == []
    assert len(addresses) == len(set(addresses))


@time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False)
def test_it_can_be_loaded_on_a_new_years_day_that_is_a_friday(db, tiny_photos, tmp_path):
    call_command("load_demo", verbosity=0)
    assert Update.objects.published().latest("published_at").published_at.date() == date(2026, 12, 25)
    assert Update.objects.get(state=Update.State.SCHEDULED).publish_at.date() == date(2027, 1, 8)
    path, out = tmp_path / "estate.xlsx", StringIO()
    workbook.write(path, date(2026, 12, 25))
    call_command("import_estate", str(path), stdout=out)
    assert "Nothing to do" in out.getvalue()
