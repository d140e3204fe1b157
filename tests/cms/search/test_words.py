"""How a question and a text are cut up, so that one is found in the other on every database."""

import pytest

from cms.search.marking import excerpt, marked
from cms.search.words import LONGEST, MOST, asked, indexed


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("防水", ["防水"]),
        ("卫生间防水", ["卫生", "生间", "间防", "防水"]),
        ("水", ["水"]),
        ("Waterproofing  Warranty", ["waterproofing", "warranty"]),
        ("Ａ６套餐", ["a6", "套餐"]),  # full width
        ("５年 保修", ["5", "年", "保修"]),
        ("防水,防水", ["防水"]),
        ("", []),
        ("%_\"'\\ *()-", []),
        ("a OR b", ["a", "or", "b"]),
        ("don't", ["don", "t"]),
    ],
)
def test_asked_cuts_chinese_into_pairs_and_drops_what_is_no_word(question, pieces):
    assert asked(question) == pieces


def test_asked_all_of_its_pieces_stand_in_what_is_indexed():
    text = indexed("卫生间防水保修五年，见合同第12条。Warranty of 5 years")

    assert [piece in text.split() for piece in asked("防水保修 第12条 WARRANTY")] == [True] * 7


def test_indexed_does_not_join_what_a_comma_parts():
    assert "水保" not in indexed("防水，保修").split()


def test_asked_reads_the_beginning_of_a_long_text():
    long = "防水保修" * 2500

    assert asked(long) == ["防水", "水保", "保修", "修防"]
    assert asked("x" * 10_000) == ["x" * LONGEST]
    assert len(asked(" ".join(f"w{n}" for n in range(90)))) == MOST


def test_marked_escapes_the_text_and_marks_each_word():
    assert marked("<b>Water</b> & waterproof", "water") == (
        "&lt;b&gt;<mark>Water</mark>&lt;/b&gt; &amp; <mark>water</mark>proof"
    )
    assert marked("<i>", "") == "&lt;i&gt;"


def test_excerpt_begins_before_the_first_word():
    text = "a " * 100 + "卫生间防水保修五年" + " b" * 200

    assert "<mark>防水</mark>保修五年" in excerpt(text, "防水")
    assert excerpt(text, "防水").startswith("…")
    assert excerpt(text, "防水").endswith("…")


def test_excerpt_cuts_no_english_word_in_two():
    text = "Everything that an owner in Yunzhou reads, whoever holds the keys of this home. " * 4
    words = excerpt(text[20:], "keys").replace("<mark>", "").replace("</mark>", "").strip("…").split()
    assert [word for word in words if word not in text.split()] == []


def test_excerpt_of_a_text_without_the_word_is_its_beginning():
    assert excerpt("Short text", "防水") == "Short text"
