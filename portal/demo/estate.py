"""What stands in the demonstration: two estates with three buildings, and a renewal with homes of their own."""

from typing import NamedTuple

NEW_HOME, RENOVATION = "new_home", "renovation"

# Development by code: English, Chinese
DEVELOPMENTS = {
    "qinghuai": ("Qinghuai Lane", "青槐里"),
    "tinghe": ("Tinghe Court", "听河苑"),
    "willow": ("Willow Lane renewal", "柳巷焕新"),
}

# Building by code: development, name
BUILDINGS = {
    "q2": ("qinghuai", "Building 2 · 2号楼"),
    "q3": ("qinghuai", "Building 3 · 3号楼"),
    "t6": ("tinghe", "Building 6 · 6号楼"),
}

HOUSE_TYPES = {
    "qinghuai": {"A": 78.4, "B": 98.6, "C": 121.3, "D": 142.8},
    "tinghe": {"K": 76.2, "M": 92.5, "N": 118},
    "willow": {"1992-2": 54.6, "1992-3": 68.9},
}


class Place(NamedTuple):
    """A home. `building` is "" for one that is renovated by itself; without a house type it has an area of its own."""

    number: str
    building: str
    development: str
    house_type: str
    kind: str = NEW_HOME
    floor: int = 0
    area: float | None = None


def _flats(building, block, floors, doors, type_of):
    development = BUILDINGS[building][0]
    return tuple(
        Place(f"{block}-{floor}{door:02}", building, development, type_of(floor, door), floor=floor)
        for floor in range(1, floors + 1)
        for door in range(1, doors + 1)
    )


def _in_building_3(floor, door):
    return "D" if floor >= 15 and door == 2 else "ABC"[door - 1]


def _in_building_2(floor, door):
    return "D" if floor >= 16 else "C" if floor >= 10 and door == 2 else "AB"[door - 1]


def _in_building_6(floor, door):
    return "N" if floor >= 10 else "KM"[door - 1]


HOMES = (
    *_flats("q3", 3, 18, 3, _in_building_3),
    *_flats("q2", 2, 18, 2, _in_building_2),
    *_flats("t6", 6, 12, 2, _in_building_6),
    Place("5-302", "", "willow", "1992-2", RENOVATION),
    Place("5-401", "", "willow", "1992-3", RENOVATION),
    Place("7-101", "", "willow", "1992-2", RENOVATION),
    Place("7-503", "", "willow", "1992-3", RENOVATION),
    Place("27", "", "willow", "", RENOVATION, area=86.4),
    Place("31", "", "willow", "", RENOVATION, area=112),
)
