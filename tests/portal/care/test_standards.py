"""The company's service standards are rules from the first day, and the documentation shows each."""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.care.choosing import check
from portal.care.due import due_at
from portal.care.models import Rule
from progress.calendar.clock import clock_for

ROOT = Path(__file__).resolve().parents[3]
SAID = tomllib.loads((ROOT / "portal/care/rules.toml").read_text(encoding="utf-8"))["rule"]
THURSDAY = date(2026, 12, 3)

pytestmark = pytest.mark.django_db


def by(*day, time=(18, 0)):
    return datetime(*day, *time, tzinfo=ZoneInfo("Asia/Shanghai"))


FALLS_DUE = {
    "first-follow-up": (THURSDAY, by(2026, 12, 7)),  # within 2 days, and Saturday and Sunday are off
    "first-weekly-contact": (date(2026, 12, 1), by(2026, 12, 1)),
    "second-weekly-contact": (date(2026, 12, 4), by(2026, 12, 4)),
    "after-showroom": (date(2026, 12, 1), by(2026, 12, 3, time=(9, 0))),
    "start-renovation": (THURSDAY, by(2026, 12, 8)),
    "start-refurbishment": (date(2026, 9, 29), by(2026, 10, 9)),  # after the week of National Day
    "start-repair": (THURSDAY, by(2026, 12, 8)),
    "friday-follow-up": (date(2026, 10, 2), by(2026, 9, 30)),  # the last working day before a Friday off
    "new-buyers": (THURSDAY, by(2026, 12, 17)),
    "three-months": (THURSDAY, by(2027, 3, 3)),
    "one-year": (THURSDAY, by(2027, 12, 3)),
    "warranty-60": (date(2027, 4, 20), by(2027, 2, 19)),
    "warranty-14": (date(2027, 4, 20), by(2027, 4, 6)),
    "completion-survey": (THURSDAY, by(2026, 12, 4)),
    "greeting-spring-festival": (date(2027, 2, 6), by(2027, 2, 6)),
    "greeting-mid-autumn": (date(2027, 9, 15), by(2027, 9, 15)),
    "greeting-national-day": (date(2027, 10, 1), by(2027, 10, 1)),
    "greeting-new-year": (date(2027, 1, 1), by(2027, 1, 1)),
    "five-years": (THURSDAY, by(2031, 12, 3)),
}


@pytest.mark.parametrize("code", FALLS_DUE)
def test_it_falls_due_as_it_says(code):
    anchor_on, expected = FALLS_DUE[code]
    rule = Rule.objects.on().get(code=code)
    assert due_at(rule, anchor_on, clock_for("CN", "Asia/Shanghai")) == expected


def test_each_is_a_rule_that_is_on_since_the_installation():
    assert {rule.code for rule in Rule.objects.on()} == {row["code"] for row in SAID}
    for rule in Rule.objects.filter(opened_by=""):
        check(rule)
        assert rule.version == 1
        assert all([rule.name_en, rule.name_zh, rule.touchpoint, rule.starts_on]), rule.code
        assert bool(rule.message_en) == bool(rule.message_zh), rule.code


def test_none_is_kept_by_two():
    """What another part keeps is passed over by the sweep, so only the others are reckoned here."""
    assert {row["code"] for row in SAID if "built_in" not in row} == set(FALLS_DUE)
    assert not Rule.objects.to_sweep().exclude(opened_by="").exists()


def test_the_table_in_the_documentation_shows_each_with_a_test_that_there_is():
    table = (ROOT / "docs/standards.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `([a-z0-9-]+)` \| ([^|]*) \| `([^|`]*)` \|$", table, re.MULTILINE)
    assert [code for code, _when, _test in rows] == [row["code"] for row in SAID]
    for row, (code, when, test) in zip(SAID, rows, strict=True):
        assert (f"`{row.get('built_in')}`" in when) == ("built_in" in row), code
        path, _colons, name = test.partition("::")
        function, _bracket, case = name.rpartition("::")[2].partition("[")
        assert f"def {function}(" in (ROOT / "tests" / path).read_text(encoding="utf-8"), code
        assert case in ("", f"{code}]")
