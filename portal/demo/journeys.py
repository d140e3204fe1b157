"""How far each home of the demonstration has come, in days from the newest Friday.

A step is the day it was planned for and how many days late it came or will come:
up to the newest Friday that is when it was reached, later it is the forecast.
"""

from datetime import timedelta
from typing import NamedTuple

from .estate import NEW_HOME


class Step(NamedTuple):
    planned: int
    late: int = 0

    @property
    def came(self):
        return self.planned + self.late

    def dates(self, friday):
        """The arguments `planned`, `forecast` and `actual` of `date_milestone`."""
        planned, expected = (friday + timedelta(days=days) for days in (self.planned, self.came))
        came = expected <= friday
        return {"planned": planned, "forecast": None if came else expected, "actual": expected if came else None}

    def plan(self, friday):
        """The same before anything was said of it."""
        return {"planned": friday + timedelta(days=self.planned), "forecast": None, "actual": None}


FLOORS = 18
LAST_WINDOW, KEYS, KEYS_OF_2, TOP_OF_2, HALF_WAY = Step(17, 9), Step(221), Step(291), Step(4, 9), Step(-2, 12)


def named_days(friday):
    """The days that the updates mention by name."""
    days = {
        "windows_planned": LAST_WINDOW.planned,
        "windows_forecast": LAST_WINDOW.came,
        "b2_planned": TOP_OF_2.planned,
        "b2_forecast": TOP_OF_2.came,
        "half_planned": HALF_WAY.planned,
        "half_forecast": HALF_WAY.came,
        "keys": KEYS.planned,
        "keys_2": KEYS_OF_2.planned,
    }
    return {name: friday + timedelta(days=distance) for name, distance in days.items()}


def structure(building, floor):
    """When a floor stood: ten days a floor in Building 3, nine in Building 2 until its hoist broke down."""
    if building == "q3":
        return Step(-276 + floor * 10 + (3 if floor == 11 else 0), -3 if floor == 11 else 0)
    return Step(-190 + floor * 9, {17: 25, 18: 36}.get(floor, 3))


def glazing(building, floor):
    """When a floor's windows went in: two floors a fortnight; since the cracked panes they are nine days late."""
    if building == "q3":
        return Step(3 + (floor - 11) * (6 if floor <= 11 else 2), 0 if floor < 8 else 8 if floor == 9 else 9)
    return Step(60 + floor * 2, 9)


def standing(building, day):
    """How many floors of a building stood on a day, and how many of them had their windows."""
    floors = range(1, FLOORS + 1)
    up = sum(structure(building, floor).came <= day for floor in floors)
    return up, sum(glazing(building, floor).came <= day for floor in floors)


def steps_of(place, *, bought):
    """The dated steps of a home (an estate.Place) by the milestone's code. `bought` is the day of its contract."""
    if place.kind != NEW_HOME:
        return RENEWED[place.number]
    welcome = {
        "risks-disclosed": Step(bought - 12),
        "contract-signed": Step(bought),
        "service-introduced": Step(bought + 3),
    }
    return welcome | BUILT[place.building](place)


def _building_3(place):
    windows = glazing("q3", place.floor)
    pipes = Step(-30, -1) if place.floor <= 3 else Step(windows.planned + 16, windows.late)
    return {
        "ground": Step(-310, -2),
        "structure": structure("q3", place.floor),
        "topping-out": Step(-83, 6),
        "windows": windows,
        "pipes-and-wires": pipes,
        "finishing": Step(100 + place.floor),
        "acceptance": Step(191),
        "inspection": Step(210),
        "keys": KEYS,
    }


def _building_2(place):
    return {
        "ground": Step(-196, 7),
        "structure": structure("q2", place.floor),
        "topping-out": TOP_OF_2,
        "windows": glazing("q2", place.floor),
        "pipes-and-wires": Step(110 + place.floor, 9),
        "finishing": Step(190 + place.floor),
        "acceptance": Step(262),
        "inspection": Step(280),
        "keys": KEYS_OF_2,
    }


HANDED_OVER = -396
# Of Building 6: the show flat, whose keys came later, and the last flat, which is about to be handed over.
LAST_SOLD = {"6-1101": -84, "6-1202": 23}
INSPECTED = {"6-1202": 19}  # the others on the day of their keys


def _building_6(place):
    keys = LAST_SOLD.get(place.number, HANDED_OVER)
    built = HANDED_OVER
    return {
        "ground": Step(built - 560),
        "structure": Step(built - 470 + place.floor * 6, 5),
        "topping-out": Step(built - 380, 8),
        "windows": Step(built - 330 + place.floor * 3, 8),
        "pipes-and-wires": Step(built - 250, 4),
        "finishing": Step(built - 120),
        "acceptance": Step(built - 35),
        "inspection": Step(INSPECTED.get(place.number, keys)),
        "keys": Step(keys),
        "three-month-visit": Step(keys + 92, 2) if keys == HANDED_OVER else Step(keys + 96),
        "one-year-check": _one_year_check(place.floor) if keys == HANDED_OVER else Step(keys + 360),
    }


def _one_year_check(floor):
    """From the top down: the upper half is done, the lower half waits for the two people who renew the seals."""
    return Step(-70 + (12 - floor) * 6) if floor > 6 else Step(-34 + (6 - floor) * 10, 38)


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


BUILT = {"q3": _building_3, "q2": _building_2, "t6": _building_6}

_BLOCK_5 = _renovation(
    -240, -232, -228, -220, -210, -196, -176, -160, -150, -132, Step(-126, 2), HALF_WAY, Step(74, 12), 95
)
_BLOCK_7 = _renovation(-110, -101, -96, -88, -74, -60, -40, -26, Step(-16, 3), 14, 25, 90, 150, 170)
RENEWED = {
    "5-302": _BLOCK_5,
    "5-401": _BLOCK_5,
    "7-101": _BLOCK_7,
    "7-503": _BLOCK_7,
    "27": _renovation(-130, -126, -125, -119, -108, -100, -86, -70, -63, -55, -50, Step(-22, 1), Step(20), 34),
    "31": _renovation(-75, -71, -70, -62, -50, -38, -19, 9, 16, 30),
}

# What came to a lived-in home later: (home, kind of work, steps). It is in the books once the works have begun.
FURTHER_BEGAN = {"6-601": -2, "6-1002": -21}
FURTHER = (
    (
        "6-601",
        "repair",
        {
            "order-confirmed": Step(-9),
            "surveyed": Step(-8),
            "quoted": Step(-6),
            "works-started": Step(-3, 1),
            "works-finished": Step(5),
            "signed-off": Step(6),
        },
    ),
    (
        "6-1002",
        "refurbishment",
        {
            "surveyed": Step(-41),
            "quoted": Step(-33),
            "contract-paid": Step(-27),
            "works-started": Step(-22, 1),
            "half-way": Step(2),
            "works-finished": Step(21),
            "accepted": Step(25),
        },
    ),
)
