"""What the demonstration's public pages and guides say: complete in both languages, and as the estate has it."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from PIL import Image

from portal.demo import estate, journeys
from portal.demo.draw_site import LARGEST
from portal.demo.site import days, pictures, plans, texts
from progress.journeys import standards

PAGES = texts.read_pages()
GUIDES = [page for page in PAGES if page["model"] == "guides.GuidePage"]
BOTH = [page for page in PAGES if texts.languages_of(page) == ["en", "zh"]]
FRIDAY = date(2026, 11, 20)
HAN = "\u4e00-\u9fff"
SAID_AS_IT_IS = {"Cookie", "ICP", "privacy", "example", "com"}  # in Chinese texts too


def name_of(page):
    return page["key"]


def pairs(value):
    """All texts of a page or a snippet that are written in both languages."""
    if isinstance(value, list):
        return [pair for each in value for pair in pairs(each)]
    if not isinstance(value, dict):
        return []
    if value.keys() <= texts.LANGUAGES.keys():
        return [value]
    return [] if texts.languages_of(value) == ["en"] else pairs(list(value.values()))


def strings(value):
    """All texts without a language: figures, slugs, names of pictures."""
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    if isinstance(value, dict) and not value.keys() <= texts.LANGUAGES.keys():
        return strings(list(value.values()))
    return [value] if isinstance(value, str) else []


def of_type(page, kind):
    return [block for value in page.values() if isinstance(value, list) for block in value if _is(block, kind)]


def _is(block, kind):
    return isinstance(block, dict) and block.get("type") == kind


def page(key):
    return next(each for each in PAGES if each["key"] == key)


def in_words(key, language="en"):
    """A page's whole text in one language, in one string."""
    said = texts.in_language(page(key), language, days.days_of(FRIDAY, language))
    return " ".join(strings(said))


WRITTEN = [*BOTH, {"key": "snippets", **texts.read_snippets()}]


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_each_text_is_there_in_both_languages(page):
    assert [pair for pair in pairs(page) if set(pair) != {"en", "zh"} or not all(pair.values())] == []


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_no_english_is_left_in_chinese_texts(page):
    words = set(
        re.findall("[A-Za-z]{2,}", re.sub(r"\{[^}]*\}|\]\([a-z-]*\)", "", " ".join(pair["zh"] for pair in pairs(page))))
    )
    assert words - SAID_AS_IT_IS - {"enquire", "lang", "zh", "hans"} == set()


@pytest.mark.parametrize("page", [*PAGES, WRITTEN[-1]], ids=name_of)
def test_no_chinese_is_left_in_english_texts(page):
    assert [pair["en"] for pair in pairs(page) if re.search(f"[{HAN}]", pair["en"])] == []


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_chinese_is_set_as_chinese(page):
    """No spaces beside digits, which the stylesheet makes, and no European punctuation between characters."""
    wrong = re.compile(rf"[{HAN}] +[\dA-Z]|[\d%℃㎡] +[{HAN}]|[{HAN}][,;:!?]|[{HAN}]\.(\s|$)|[{HAN}]\(|--|\.\.\.")
    assert [pair["zh"] for pair in pairs(page) if wrong.search(pair["zh"])] == []


def test_each_page_has_a_name_an_address_and_a_parent_before_it():
    seen = set()
    for each in PAGES:
        assert each["key"] not in seen
        assert each["key"] == "home" or each.get("parent", "home") in seen, each["key"]
        assert each["key"] == "home" or re.fullmatch("[a-z0-9-]+", each["slug"]), each["key"]
        seen.add(each["key"])


@pytest.mark.parametrize("friday", [date(2026, 12, 25), date(2027, 2, 26), date(2028, 2, 25)], ids=str)
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_day_in_the_texts_has_words(friday, language):
    named = days.days_of(friday, language)
    for each in PAGES:
        assert "{" not in str(strings(texts.in_language(each, language, named))), each["key"]


def test_days_are_written_as_their_language_does():
    english, chinese = days.days_of(FRIDAY, "en"), days.days_of(FRIDAY, "zh")
    assert "{keys}, {keys:month}, {half_planned:day}, {open_day:meet}".format_map(english) == (
        "29 June 2027, June 2027, 18 November, Saturday 5 December"
    )
    assert "{keys}，{keys:month}，{half_planned:day}，{open_day:meet}".format_map(chinese) == (
        "2027年6月29日，2027年6月，11月18日，12月5日（周六）"
    )


def test_rich_text_is_what_wagtail_keeps():
    written = "## Fees & sums\n\nOne\nline, **bold**.\n\n- a\n- b <c>"
    assert texts.as_html(written) == (
        "<h2>Fees &amp; sums</h2><p>One line, <b>bold</b>.</p><ul><li>a</li><li>b &lt;c&gt;</li></ul>"
    )
    linked = texts.as_html("See [the prices](services).", {"services": 7})
    assert linked == '<p>See <a linktype="page" id="7">the prices</a>.</p>'


# --- numbers ---------------------------------------------------------------------------------------------------


def flats(*buildings):
    return [place for place in estate.HOMES if place.building in buildings]


def test_the_developments_have_as_many_homes_as_the_estate():
    building_2, building_3, building_6 = (len(flats(code)) for code in ("q2", "q3", "t6"))
    qinghuai, tinghe = in_words("qinghuai"), in_words("tinghe")
    assert f"Building 3 with {building_3} homes, Building 2 with {building_2}" in qinghuai
    assert f"{4 * (building_2 + building_3)} in 8 buildings of {journeys.FLOORS} floors" in qinghuai
    assert f"{6 * building_6} in 6 buildings of 12 floors" in tinghe
    assert f"{4 * (building_2 + building_3) + 324}" in in_words("home")


@pytest.mark.parametrize("code", ["qinghuai", "tinghe", "willow"])
def test_the_developments_name_the_areas_of_their_homes(code):
    for area in estate.HOUSE_TYPES[code].values():
        for language in texts.LANGUAGES:
            assert f"{area:g}" in in_words(code, language)


@pytest.mark.parametrize("name", "ABCD")
def test_a_house_type_says_how_large_it_is_and_where_it_lies(name):
    homes = [place for place in flats("q2", "q3") if place.house_type == name]
    in_3, in_2 = ([place.floor for place in homes if place.building == code] for code in ("q3", "q2"))
    said = in_words(f"type-{name.lower()}")
    where = f"Building 3, floors {min(in_3)} to {max(in_3)}; Building 2, floors {min(in_2)} to {max(in_2)}"
    assert f"{where}: {len(homes)} homes" in said
    assert f"{estate.HOUSE_TYPES['qinghuai'][name]} square metres" in said
    assert f"共{len(homes)}户" in in_words(f"type-{name.lower()}", "zh")


@pytest.mark.parametrize("name", plans.ROOMS)
def test_the_rooms_of_a_plan_make_up_the_area(name):
    sizes = estate.HOUSE_TYPES["qinghuai"] | estate.HOUSE_TYPES["tinghe"]
    rooms = plans.rooms_of(name)
    assert sum(float(area) for _name, area in rooms) == pytest.approx(sizes[name], rel=0.012)
    assert [words["en"].split()[0] for words, _area in rooms] == [str(n) for n in range(1, len(rooms) + 1)]


def test_prices_are_those_of_the_company():
    tables = texts.read_snippets()["tables"]

    def prices(key):
        return [row["price"] if isinstance(row["price"], str) else row["price"]["en"] for row in tables[key]["rows"]]

    assert prices("surveys") == ["free", "200", "300"]
    assert prices("design") == ["30", "60", "120", "200", "+30"]
    assert prices("payment") == ["80% · 20%", "55% · 40% · 5%", "100%"]
    assert prices("warranty") == ["1 year", "2 years", "5 years"]


def test_there_are_enough_questions_and_designers_of_each_grade():
    assert sum(len(group["entries"]) for group in page("questions")["questions"]) >= 12
    grades = Counter(each["grade"] for each in PAGES if each["model"] == "cms.DesignerPage")
    assert grades == {"standard": 1, "senior": 2, "associate": 1, "principal": 1}


def test_articles_are_of_the_past_but_the_one_that_waits():
    dates = {each["key"]: each["date"] for each in PAGES if each["model"] == "cms.ArticlePage"}
    waiting = {key for key, day in dates.items() if day > 0}
    assert waiting == {"news-site-walk", "news-tree"}
    assert len([key for key, day in dates.items() if day <= 0]) >= 6
    assert (
        (FRIDAY + timedelta(days=days.OPEN_DAY)).weekday() == (FRIDAY + timedelta(days=days.SITE_WALK)).weekday() == 5
    )


# --- guides ----------------------------------------------------------------------------------------------------

STAGES = {
    kind: {code for code, *_rest in ordered + standing} for kind, (ordered, standing) in standards.STANDARDS.items()
}
STEPS = {
    step for ordered, _standing in standards.STANDARDS.values() for *_names, steps in ordered for step, *_words in steps
}


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_a_guide_names_stages_of_its_kinds_of_work(guide):
    known = set().union(*(STAGES[kind] for kind in guide["kinds"])) if guide["kinds"] else set()
    assert set(guide["stages"]) <= known


def test_the_guides_of_the_handover_are_not_for_those_who_still_wait():
    for_handover = [guide["slug"] for guide in GUIDES if "handover" in guide["stages"]]
    assert len(for_handover) == 8
    assert [guide["slug"] for guide in GUIDES if "construction" in guide["stages"]] == ["visiting-your-site"]


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_entries_of_checklists_are_dated_by_steps_of_the_journey(guide):
    for block in of_type(guide, "checklist"):
        for entry in block["items"]:
            assert ("milestone" in entry) is ("days" in entry), entry
            assert entry.get("milestone") in STEPS | {None}
            assert "milestone" in entry or not entry.get("ours"), entry


def test_a_crack_is_no_reason_to_refuse_a_report():
    english, chinese = in_words("guide-inspection-room-by-room"), in_words("guide-inspection-room-by-room", "zh")
    assert "A crack thinner than 2 mm in the first year is usually drying shrinkage" in english
    assert "They are never a reason to turn a report away." in english
    assert "头一年里细于2毫米的缝，多半是干缩" in chinese


# --- pictures --------------------------------------------------------------------------------------------------


def test_each_picture_is_used_and_each_that_is_used_is_there():
    known = set(texts.read_pictures())
    used = {text for each in PAGES for text in strings(each)} & known
    named = {value for each in PAGES for value in _named(each)}
    assert (known - used, named - known) == (set(), set())


def _named(value):
    """The names of pictures in a page."""
    if isinstance(value, list):
        return [name for each in value for name in _named(each)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("cover", "image") if name in value]
    return own + _named(list(value.values()))


@pytest.mark.parametrize("path", sorted((texts.HERE / "pictures").iterdir()), ids=lambda path: path.name)
def test_a_drawn_picture_is_large_enough_and_not_heavy(path):
    with Image.open(path) as image:
        assert (image.width >= 800, path.stat().st_size <= LARGEST) == (True, True)


def test_every_picture_is_described_in_both_languages():
    for name, words in texts.read_pictures().items():
        assert pictures.path_of(name).exists(), name
        assert 20 < len(words["en"]) <= 300, name
        assert 6 < len(words["zh"]) <= 300, name


def test_news_names_the_delays_of_the_estate():
    assert (journeys.LAST_WINDOW.late, journeys.HALF_WAY.late) == (9, 12)
    assert "Windows nine days later" in in_words("news-glass")
    assert "晚9天" in in_words("news-glass", "zh")
    assert "half-way comes twelve days later" in in_words("news-half-way")
    assert "晚十二天" in in_words("news-half-way", "zh")
