"""How far each home of the demonstration has come, in days from the newest Friday.

A step is the day it was planned for and how many days late it came or will come:
up to the newest Friday that is when it was reached, later it is the forecast.
"""

from datetime import timedelta
from typing import NamedTuple

from progress.journeys.models import Kind


class Step(NamedTuple):
    planned: int
    late: int = 0

    def dates(self, friday):
        """The arguments `planned`, `forecast` and `actual` of `date_milestone`."""
        planned, expected = (friday + timedelta(days=days) for days in (self.planned, self.planned + self.late))
        came = expected <= friday
        return {"planned": planned, "forecast": None if came else expected, "actual": expected if came else None}


LAST_WINDOW, KEYS, TOP_OF_2, HALF_WAY = Step(17, 9), Step(221), Step(4, 9), Step(-2, 12)


def named_days(friday):
    """The days that the updates mention by name."""
    days = {
        "windows_planned": LAST_WINDOW.planned,
        "windows_forecast": LAST_WINDOW.planned + LAST_WINDOW.late,
        "b2_planned": TOP_OF_2.planned,
        "b2_forecast": TOP_OF_2.planned + TOP_OF_2.late,
        "half_planned": HALF_WAY.planned,
        "half_forecast": HALF_WAY.planned + HALF_WAY.late,
        "keys": KEYS.planned,
    }
    return {name: friday + timedelta(days=distance) for name, distance in days.items()}


def steps_of(place, *, bought):
    """The dated steps of a home (an estate.Place) by the milestone's code. `bought` is the day of its contract."""
    if place.building in BUILT:
        welcome = {
            "risks-disclosed": Step(bought - 12),
            "contract-signed": Step(bought),
            "service-introduced": Step(bought + 3),
        }
        return welcome | BUILT[place.building](place.floor)
    return RENEWED[place.building or place.number]


def _building_3(floor):
    """Windows go up two floors a week; since the cracked panes they are nine days late."""
    windows = Step(3 + (floor - 11) * (6 if floor <= 11 else 2), 0 if floor < 8 else 8 if floor == 9 else 9)
    return {
        "ground": Step(-366, -2),
        "structure": Step(-266 + floor * 9, -3 if floor == 11 else 0),
        "topping-out": Step(-83, 6),
        "windows": windows,
        "pipes-and-wires": Step(-30, -1) if floor <= 3 else Step(36, 4),
        "finishing": Step(118),
        "acceptance": Step(191),
        "inspection": Step(210),
        "keys": KEYS,
    }


def _building_2(floor):
    return {
        "ground": Step(-310, 4),
        "structure": Step(-190 + floor * 9, 3),
        "topping-out": TOP_OF_2,
        "windows": Step(60 + floor * 2, 9),
        "pipes-and-wires": Step(128, 9),
        "finishing": Step(200),
        "acceptance": Step(262),
        "inspection": Step(280),
        "keys": Step(291),
    }


def _handed_over(keys, *, visit, check):
    built = {
        "ground": Step(keys - 560),
        "structure": Step(keys - 440, 5),
        "topping-out": Step(keys - 380, 8),
        "windows": Step(keys - 300, 8),
        "pipes-and-wires": Step(keys - 250, 4),
        "finishing": Step(keys - 120),
        "acceptance": Step(keys - 35),
        "inspection": Step(keys),
        "keys": Step(keys),
    }
    return lambda floor: built | {"three-month-visit": visit, "one-year-check": check}


def _renovation(*days):
    """Steps of a renovation in the order of its standard, as far as they are dated."""
    codes = (
        "enquired",
        "need-understood",
        "designer-named",
        "feedback-given",
        "decided",
        "agreement-signed",
        "first-draft",
        "materials-chosen",
        "quotation",
        "works-signed",
        "works-started",
        "half-way",
        "works-finished",
        "settlement",
    )
    return dict(zip(codes, (day if isinstance(day, Step) else Step(day) for day in days), strict=False))


BUILT = {
    "q3": _building_3,
    "q2": _building_2,
    "t6": _handed_over(-396, visit=Step(-304, 2), check=Step(-24, 38)),
    "t1": _handed_over(-84, visit=Step(12), check=Step(276)),
}

# By building, or by number where there is none.
RENEWED = {
    "w5": _renovation(
        -240, -232, -228, -220, -210, -196, -176, -160, -150, -132, Step(-126, 2), HALF_WAY, Step(74, 10), 95
    ),
    "w7": _renovation(-110, -101, -96, -88, -74, -60, -40, -26, Step(-16, 3), Step(-2, 16), 25, 90, 150, 170),
    "27": _renovation(-130, -126, -125, -119, -108, -100, -86, -70, -63, -55, -50, Step(-22, 1), Step(20), 34),
    "31": _renovation(-75, -71, -70, -62, -50, -38, -19, 9, 16, 30),
}

# What came to a lived-in home later: (home, kind of work, steps).
FURTHER = (
    (
        "6-601",
        Kind.REPAIR,
        {
            "order-confirmed": Step(-9),
            "surveyed": Step(-8),
            "quoted": Step(-6),
            "works-started": Step(-3, 1),
            "works-finished": Step(4, 1),
            "signed-off": Step(5, 1),
        },
    ),
    (
        "6-1002",
        Kind.REFURBISHMENT,
        {
            "surveyed": Step(-41),
            "quoted": Step(-33),
            "contract-paid": Step(-27),
            "works-started": Step(-22, 1),
            "half-way": Step(-4, 6),
            "works-finished": Step(15, 6),
            "accepted": Step(19, 6),
        },
    ),
)
