"""Scenes as functions of how far the work has come. `python -m portal.ui.art.scenes` writes every .svg again.

    site(stage="windows", floors=18, up=18, glazed=9, mine=11, season="winter")

`up` floors are built, `glazed` floors have windows, `mine` is the owner's floor: the one with the light on.
"""

from .buildings import FLOOR, block, lowrise, tower
from .figures import (
    cabin,
    cat,
    cloud,
    cradle,
    crane,
    excavator,
    family,
    flag,
    hills,
    hoarding,
    neighbour,
    net,
    person,
    planting,
    river,
    snowfall,
    tree,
)
from .picture import Picture, write

STAGES = {  # what stands on the site at each stage of a new home
    "ground": {"up": 0, "glazed": 0, "crane": False},
    "structure": {"up": 9, "glazed": 0, "crane": "beam"},
    "topped": {"up": 18, "glazed": 0, "crane": "beam"},
    "windows": {"up": 18, "glazed": 9, "crane": "glass"},
    "finishing": {"up": 18, "glazed": 18, "crane": False},
    "home": {"up": 18, "glazed": 18, "crane": False},
}


def site(stage="windows", *, floors=18, mine=11, season="winter", width=760, height=610, **changes):
    """One tower at one stage: the owner's hero, and every thumbnail of it."""
    plan = STAGES[stage] | changes
    p, base, x = Picture(width, height), height, width // 2 - 110
    if season == "winter":
        snowfall(p, width, height - 160)
    p.circle(width - 112, 100, 27, "sun")
    cloud(p, 46, 150, 1.15)
    cloud(p, width - 190, 196, 0.9)
    hills(p, width, base)
    neighbour(p, x - 118, base, 4, 13)
    neighbour(p, x + 300, base, 4, 11)
    if plan["crane"]:
        crane(p, x + 236, base, min(height - 62, 20 + plan["up"] * FLOOR + 118), load=plan["crane"])
    lived = [(f, b) for f in range(2, floors, 3) for b in ((f * 7) % 5, (f * 3 + 1) % 5)] if stage == "home" else []
    top = tower(p, x, base, floors=floors, up=plan["up"], glazed=plan["glazed"], mine=mine, lit=lived)
    if stage in ("windows", "topped"):
        first = plan["glazed"] + 4 if stage == "windows" else 1
        net(p, x, base - 20 - floors * FLOOR, base - 20 - max(first, mine + 1) * FLOOR, 170)
    if stage == "windows":
        cradle(p, x + 92, top - 6, base - 20 - plan["glazed"] * FLOOR - 12)
    if plan["up"] >= mine + 2 or plan["up"] == floors:
        flag(p, x + 204, base - 20 - mine * FLOOR + 12)
    if plan["up"] == 0:
        foundations(p, x, base)
    foreground(p, stage, season, base, width, x)
    return p


def foundations(p, x, base):
    p.path(f"M{x - 60} {base}l16 -16h270l18 16z", "earth")
    p.line("".join(f"M{x + step * 24} {base - 16}v-30" for step in range(9)), "copper", 2.4)
    p.line(f"M{x - 4} {base - 34}h206M{x - 4} {base - 24}h206", "copper", 1.2)
    excavator(p, x + 232, base)


def foreground(p, stage, season, base, width, x):
    if stage == "home":
        for n, (left, size) in enumerate(
            ((70, 1.0), (158, 0.8), (x + 254, 0.95), (width - 120, 1.1), (width - 60, 0.8))
        ):
            tree(p, left, base, size=size, season=season, seed=n)
        family(p, x - 66, base, 1.15)
        return
    tree(p, 52, base, size=0.95, season=season, seed=4)
    tree(p, width - 66, base, size=1.05, season=season, seed=9)
    cabin(p, width - 176, base)
    hoarding(p, 84, base, 184)
    if stage == "finishing":
        planting(p, x + 214, base)
    elif stage != "ground":
        hoarding(p, x + 196, base, 138)
    if season == "winter":
        p.path(f"M80 {base - 30}q50 -7 94 -2t96 1v3h-190z", "snow")
        p.path(f"M{width - 178} {base - 38}q40 -8 82 0z", "snow")
    cat(p, 214, base - 31)
    family(p, 262, base, 1.1) if stage != "ground" else person(p, 300, base, helmet="white", coat="orange")


def panorama(width=1440, height=560):
    """Three places in three states: repaired, rising, lived in."""
    p, base = Picture(width, height), height
    p.circle(1010, 84, 28, "sun")
    for left, top, size in ((120, 120, 1.3), (560, 66, 1), (1190, 150, 1.2)):
        cloud(p, left, top, size)
    p.path(
        f"M0 {base}V{base - 80}Q200 {base - 170} 420 {base - 100}T860 {base - 120}"
        f"T1240 {base - 96}T1440 {base - 70}V{base}z",
        "hill",
    )
    p.path(f"M0 {base}V{base - 40}Q240 {base - 96} 520 {base - 52}T1040 {base - 60}T1440 {base - 40}V{base}z", "hill2")
    neighbour(p, 452, base, 3, 12)
    neighbour(p, 900, base, 4, 9)
    block(p, 110, base, done=3)
    tree(p, 62, base, size=1.35, season="summer", kind="willow")
    tree(p, 398, base, size=1.1, season="summer", kind="willow")
    crane(p, 826, base, 514, jib=210, load="glass")
    top = tower(p, 566, base, floors=18, up=18, glazed=9, mine=11, bays=5)
    net(p, 566, base - 20 - 18 * FLOOR, base - 20 - 13 * FLOOR, 170)
    cradle(p, 650, top - 6, base - 20 - 9 * FLOOR - 12)
    hoarding(p, 476, base, 92)
    hoarding(p, 762, base, 138)
    family(p, 520, base, 1.1)
    river(p, 980, base, 460)
    lowrise(p, 1090, base - 16, floors=8, lit=((2, 1), (5, 3), (6, 0), (3, 4), (7, 2), (4, 1)))
    for n, (left, size) in enumerate(((1040, 0.9), (1312, 1), (1372, 0.8))):
        tree(p, left, base - 16, size=size, season="summer", seed=n)
    person(p, 1002, base - 20, coat="coat3", scale=1.05)
    return p


def riverside(width=640, height=420, season="autumn"):
    p, base = Picture(width, height), height
    p.circle(520, 80, 28, "sun")
    cloud(p, 60, 90)
    hills(p, width, base - 18)
    neighbour(p, 60, base - 18, 4, 10)
    river(p, 0, base, width)
    lowrise(p, 240, base - 18, floors=11, bays=5, lit=((2, 1), (5, 3), (6, 0), (9, 4), (8, 2), (4, 1)))
    for n, (left, size) in enumerate(((120, 1), (196, 0.8), (480, 0.9), (570, 1.1))):
        tree(p, left, base - 18, size=size, season=season, seed=n)
    person(p, 450, base - 20, coat="coat")
    return p


def alley(width=640, height=420):
    p, base = Picture(width, height), height
    cloud(p, 420, 80, 1.1)
    p.circle(110, 84, 28, "sun")
    hills(p, width, base)
    block(p, 200, base, storeys=6, bays=7, done=4)
    tree(p, 120, base, size=1.5, season="summer", kind="willow")
    tree(p, 548, base, size=1.15, season="summer", kind="willow")
    person(p, 170, base, coat="coat2")
    person(p, 188, base, coat="coat", scale=0.95, face=-1)
    return p


def dusk(width=720, height=760):
    """For the door: the building is finished, and someone is home."""
    p, base, x = Picture(width, height), height, 270
    p.circle(564, 128, 30, "sun")
    cloud(p, 60, 190, 1.3)
    hills(p, width, base)
    neighbour(p, 108, base, 5, 18)
    neighbour(p, 560, base, 5, 15)
    tower(
        p,
        x,
        base,
        floors=24,
        up=24,
        glazed=24,
        mine=11,
        lit=[(4, 3), (6, 0), (8, 2), (9, 4), (14, 1), (16, 3), (17, 2), (19, 0), (21, 3), (22, 4), (13, 4), (3, 1)],
    )
    for n, (left, size) in enumerate(((62, 1.2), (150, 0.9), (226, 0.75), (520, 0.9), (610, 1.15), (684, 0.9))):
        tree(p, left, base, size=size, season="summer", seed=n)
    family(p, 196, base, 1.2)
    return p


def empty_bench(width=320, height=200):
    """Nothing here yet: a bench, a cat, a tree."""
    p, base = Picture(width, height), height
    p.path(f"M20 {base}q140 -22 280 0z", "hill2")
    tree(p, 226, base - 8, size=1.35, season="autumn", seed=2)
    p.rect(92, base - 38, 92, 6, "trunk", 2)
    p.rect(92, base - 54, 92, 5, "trunk", 2)
    p.line(f"M102 {base - 54}v48M174 {base - 54}v48", "ink", 3)
    with p.group(f"translate(118 {base - 38})"):
        cat(p, 0, 0)
    for left, top in ((250, 30), (190, 20), (282, 44)):
        p.ellipse(left, base - top + 14, 4, 2, "gold")
    return p


SEASON_OF = {
    "ground": "autumn",
    "structure": "spring",
    "topped": "summer",
    "windows": "winter",
    "finishing": "spring",
    "home": "summer",
}
SCENES = {"panorama": panorama, "riverside": riverside, "alley": alley, "dusk": dusk, "empty": empty_bench}

if __name__ == "__main__":
    for each in STAGES:
        write(f"site-{each}", site(each, season=SEASON_OF[each]))
    for name, scene in SCENES.items():
        write(name, scene())
