"""When the demonstration is not loaded, and what it is made of."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.models import User
from portal.demo import estate, journeys, news
from portal.demo.load import Loader

WEEK = [date(2026, 11, 16) + timedelta(days=n) for n in range(7)]
PHOTOS = sorted((news.HERE / "photos").glob("*.jpg"))


def test_production_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not for production"):
        call_command("load_demo")


def test_logins_before_anything_is_loaded_are_refused(db):
    with pytest.raises(CommandError, match="Nothing is loaded yet"):
        call_command("load_demo", "--logins")


def test_what_fails_half_way_leaves_nothing(db, tiny_photos, monkeypatch, settings):
    def fails(loader):
        raise OSError("as if the disk were full")

    monkeypatch.setattr(Loader, "read_messages", fails)
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
    assert named == {path.stem for path in PHOTOS}


@pytest.mark.parametrize("path", PHOTOS, ids=lambda path: path.stem)
def test_photographs_are_small_enough_to_be_kept_with_the_source(path):
    with Image.open(path) as image:
        assert image.size == (1600, 1200)
    assert path.stat().st_size <= 120_000


def test_telephone_numbers_belong_to_nobody():
    numbers = [person.phone for person in estate.OWNERS if person.phone]
    assert [number for number in numbers if not number.startswith("+120255501")] == []
