"""What fees come to for one home."""

from decimal import Decimal

import pytest
from django.utils import translation

from cms.guides.blocks import FeesBlock
from cms.guides.sums import sums_for
from cms.templatetags.guides import money, reckoned
from progress.models import Home


def fee(rate, per, months=None, label="Fee"):
    return {"label": label, "rate": Decimal(rate), "per": per, "months": months, "note": ""}


@pytest.mark.parametrize(
    ("line", "area", "amount"),
    [
        (fee("2.80", "m2-month", 3), "98.60", "828.24"),
        (fee("110", "m2"), "98.60", "10846.00"),
        (fee("2.80", "m2-month"), "98.60", "276.08"),  # one month
        (fee("30", "month", 12), "98.60", "360.00"),
        (fee("200", "home"), "98.60", "200.00"),
        (fee("0.05", "m2"), "0.10", "0.01"),  # 0.005 is rounded up, not to the even
        (fee("0.0049", "m2"), "1", "0.00"),
        (fee("30", "month", 12), None, "360.00"),
        (fee("110", "m2", 7), "10", "1100.00"),  # months say nothing of what is paid once
    ],
)
def test_a_line_is_reckoned_to_the_cent(line, area, amount):
    area = area and Decimal(area)
    assert sums_for([line], area).lines[0].amount == Decimal(amount)


def test_the_total_is_that_of_the_lines_as_they_stand_there():
    sums = sums_for([fee("0.05", "m2"), fee("0.05", "m2")], Decimal("0.10"))
    assert sums.total == Decimal("0.02")


def test_without_an_area_there_is_no_sum_and_no_total():
    sums = sums_for([fee("110", "m2"), fee("200", "home")], None)
    assert ([line.amount for line in sums.lines], sums.total) == ([None, Decimal("200.00")], None)


@pytest.mark.parametrize(
    ("language", "line", "words"),
    [
        ("en", fee("2.80", "m2-month", 3), "2.80 yuan/m² a month × 98.60 m² × 3 months"),
        ("en", fee("110", "m2"), "110 yuan/m² × 98.60 m²"),
        ("en", fee("0.0125", "m2"), "0.0125 yuan/m² × 98.60 m²"),
        ("en", fee("1200", "home"), "1,200 yuan a home"),
    ],
)
def test_it_says_how_it_is_reckoned(language, line, words):
    with translation.override(language):
        assert reckoned(sums_for([line], Decimal("98.60")).lines[0]) == words


def test_money_has_its_cents_and_what_is_not_known_a_dash():
    assert (money(Decimal("10846")), money(None)) == ("10,846.00", "–")


def test_the_table_says_that_the_area_is_not_known():
    block = FeesBlock()
    value = block.to_python({"heading": "Fees", "lines": [{"label": "<b>Fund</b>", "rate": "110", "per": "m2"}]})
    html = block.render(value, context={"home": Home(area=None)})
    assert "We do not know the area" in html
    assert "&lt;b&gt;Fund&lt;/b&gt;" in html
    assert "110 yuan/m² × the area" in html
