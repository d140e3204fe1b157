"""What the sites of the demonstration have written, and whether it agrees with the state of their buildings."""

from datetime import date

import pytest

from portal.demo import journeys, news
from portal.demo.pictures_sites import SITES

PUBLISHED, PREPARED = news.read_news()
BUILDINGS = {"q2": "q2", "q3": "q3", "qinghuai": "q3"}  # which building the floors of an update are counted at


def distance(item):
    return -7 * item["weeks"] - item.get("days", 0)


def about_floors():
    return [item for item in PUBLISHED if "floors" in item]


def pictured():
    return [
        (item, SITES[photo["file"]]) for item in PUBLISHED for photo in item.get("photo", []) if photo["file"] in SITES
    ]


@pytest.mark.parametrize("item", about_floors(), ids=lambda item: item["key"])
def test_no_update_tells_of_other_floors_than_stand_on_its_day(item):
    building = BUILDINGS[item["places"][0]]
    assert (item["floors"], item.get("glazed", 0)) == journeys.standing(building, distance(item))


@pytest.mark.parametrize(("item", "site"), pictured(), ids=lambda each: each["key"] if isinstance(each, dict) else "")
def test_a_picture_shows_the_floors_that_stand_on_its_day(item, site):
    assert (site.up, site.glazed) == journeys.standing(site.building, distance(item))
    if site.other is not None:
        assert site.other == journeys.standing("q2", distance(item))[0]


def test_the_updates_of_a_building_tell_of_their_floors():
    silent = {
        item["key"]
        for item in PUBLISHED
        if set(item.get("places", [])) & {"q2", "q3"} and "floors" not in item and "corrects" not in item
    }
    assert silent == set()


@pytest.mark.parametrize("code", ["q2", "q3"])
def test_a_building_grows_from_picture_to_picture(code):
    shown = sorted((distance(item), site.up) for item, site in pictured() if site.building == code)
    floors = [up for _day, up in shown]
    assert floors == sorted(floors)
    assert len(set(floors)) >= 9


def test_no_update_says_what_another_says():
    for field in ("title_en", "title_zh", "body_en", "body_zh"):
        written = [item[field] for item in PUBLISHED + PREPARED]
        assert len(written) == len(set(written)), field


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 8), date(2028, 2, 29)], ids=str)
def test_days_fit_whenever_it_is_loaded(today):
    friday = news.newest_friday(today)
    for item in PUBLISHED + PREPARED:
        texts = news.texts_of(item, friday, today)
        assert all(len(texts[f"title_{code}"]) <= 120 for code in ("en", "zh"))
        terms = news.terms_of(item, friday, today)
        if terms:
            assert terms["valid_until"] > news.published_at(item, friday)
            assert (terms["valid_until"].date() > today) is bool(item["announcement"].get("current"))
    assert all(news.day_of(item, friday) < today for item in PUBLISHED)
