"""Stand-ins for photographs of the buildings from outside: always the same corners, floor after floor.

SITES says what each of them shows, so that a test can hold it against the dates of the building.
"""

from functools import partial
from typing import NamedTuple

from portal.ui.art.buildings import FLOOR, block, lowrise, tower
from portal.ui.art.figures import (
    cabin,
    cloud,
    cradle,
    crane,
    excavator,
    hills,
    hoarding,
    neighbour,
    net,
    person,
    river,
    tree,
)
from portal.ui.art.picture import Picture

from .pictures_light import NIGHTFALL, leaves, pine, rain, snow

WIDE, TALL = 800, 600
GROUND = 46  # of earth under a site
FLOORS = 18


class Site(NamedTuple):
    """What a picture shows of a building: `up` floors standing, `glazed` of them with windows."""

    building: str
    up: int
    glazed: int = 0
    light: str = "day"
    view: str = "gate"
    load: str = "beam"
    other: int | None = None  # floors of Building 2, where both are seen


SITES = {
    "b3-ground": Site("q3", 0, light="morning"),
    "b3-two": Site("q3", 2),
    "b3-three": Site("q3", 3, light="fog", view="street"),
    "b3-five": Site("q3", 5),
    "b3-six-rain": Site("q3", 6, light="rain"),
    "b3-eight": Site("q3", 8, view="street"),
    "b3-nine": Site("q3", 9, light="dusk"),
    "b3-eleven": Site("q3", 11, light="morning"),
    "b3-twelve": Site("q3", 12, view="top"),
    "b3-fifteen": Site("q3", 15, light="dusk", view="street"),
    "b3-sixteen-storm": Site("q3", 16, light="rain", load="none"),
    "b3-seventeen": Site("q3", 17, view="top"),
    "b3-full-height": Site("q3", 18, view="netted"),
    "b3-one-glazed": Site("q3", 18, 1, light="morning", view="netted", load="glass"),
    "b3-three-glazed": Site("q3", 18, 3, view="netted", load="glass"),
    "b3-five-glazed": Site("q3", 18, 5, light="dusk", view="netted", load="glass"),
    "b3-seven-glazed": Site("q3", 18, 7, light="fog", view="netted", load="none"),
    "b3-nine-glazed": Site("q3", 18, 9, view="netted", load="glass"),
    "b3-nine-night": Site("q3", 18, 9, light="night", view="netted", load="none"),
    "b2-one": Site("q2", 1),
    "b2-three": Site("q2", 3, light="rain"),
    "b2-six": Site("q2", 6, view="street"),
    "b2-seven": Site("q2", 7, light="morning"),
    "b2-nine": Site("q2", 9),
    "b2-eleven": Site("q2", 11, light="dusk", view="street"),
    "b2-thirteen": Site("q2", 13, view="top"),
    "b2-fourteen": Site("q2", 14, light="fog"),
    "b2-sixteen": Site("q2", 16, light="dusk"),
    "b2-sixteen-still": Site("q2", 16, light="rain", load="none", view="street"),
    "b2-seventeen": Site("q2", 17, light="morning"),
    "lane-thirteen-five": Site("q3", 13, view="lane", other=5),
    "lane-eighteen-ten": Site("q3", 18, view="lane", light="dusk", other=10),
    "lane-four-glazed": Site("q3", 18, 4, view="lane", light="morning", other=16),
}
BAYS = {"q3": 5, "q2": 4}
CROPS = {  # left, top, width of what the lens shows
    "gate": (70, 92, 660),
    "netted": (50, 66, 690),
    "street": (20, 20, 760),
    "lane": (0, 0, 800),
}


def draw_site(site):
    p = Picture(WIDE, TALL, themed=False)
    base = TALL - GROUND
    _surroundings(p, base, sunny=site.light in ("day", "fog"))
    {"street": _from_the_street, "lane": _from_the_lane}.get(site.view, _from_the_gate)(p, base, site)
    _closer(p, *_crop(site, base))
    if site.light == "rain":
        rain(p)
    return p


def _surroundings(p, base, *, sunny=True):
    p.rect(0, 0, WIDE, TALL, "sky")
    if sunny:
        p.circle(690, 96, 30, "sun")
    cloud(p, 70, 90, 1.6)
    cloud(p, 520, 150, 1.2)
    hills(p, WIDE, base)
    p.rect(0, base, WIDE, GROUND, "earth")
    p.rect(0, base, WIDE, 6, "earth2")


def _crop(site, base):
    if site.view != "top":
        return CROPS[site.view]
    return 190, max(0, base - 20 - site.up * FLOOR - 130), 420


def _closer(p, left, top, width):
    """What a longer lens would show of it: `width` units from `left`, in the same proportions."""
    top = min(top, TALL - width * TALL / WIDE)
    scale = p.width / width
    p.parts = [f'<g transform="scale({scale:.3f}) translate({-left} {-top:.1f})">', *p.parts, "</g>"]
    return p


def _lit(site):
    """A few windows, or site lamps, in the evening."""
    if site.light not in NIGHTFALL:
        return ()
    closed = site.up if site.up == FLOORS else site.up - 2
    return [(floor, (floor * 3 + 1) % BAYS[site.building]) for floor in range(1, closed + 1, 2)]


def _building(p, x, base, site):
    bays = BAYS[site.building]
    if site.up == 0:
        _foundations(p, x, base)
        return base - 40
    top = tower(p, x, base, bays=bays, up=site.up, glazed=site.glazed, lit=_lit(site))
    if site.view == "netted":
        net(p, x, top + 20, base - 20 - (site.glazed + 3 if site.glazed else 1) * FLOOR, bays * 34)
    if site.glazed:
        cradle(p, x + 92, top - 6, base - 20 - site.glazed * FLOOR - 12)
    return top


def _crane(p, x, base, site):
    """Higher than the building; in a storm its hook is empty."""
    height = min(base - 40, 20 + site.up * FLOOR + 110)
    crane(p, x, base, height, load="glass" if site.load == "glass" else "beam")
    if site.load == "none":
        del p.parts[-3:]  # the rope, its sling and what hangs in it


def _from_the_gate(p, base, site):
    x = 300 if site.building == "q3" else 270
    neighbour(p, 90, base, 5, 13)
    neighbour(p, 640, base, 4, 10)
    _crane(p, x + BAYS[site.building] * 34 + 66, base, site)
    _building(p, x, base, site)
    hoarding(p, 60, base, 230)
    hoarding(p, 520, base, 200)
    pine(p, 168 if site.building == "q3" else 690, base, 1.2)
    pine(p, 640, base, 0.9)
    cabin(p, 560, base)


def _from_the_street(p, base, site):
    """Mirrored, further off, with somebody who has come to look."""
    neighbour(p, 60, base, 4, 9)
    neighbour(p, 560, base, 6, 12)
    x = 250
    _crane(p, x + BAYS[site.building] * 34 + 120, base, site)
    _building(p, x, base, site)
    for left in (70, 150, 700):
        pine(p, left, base, 0.9 + left % 3 * 0.2)
    hoarding(p, 190, base, 64)
    hoarding(p, 470, base, 184)
    person(p, 208, base + 26, coat="coat2", scale=1.5, arm="up")
    person(p, 238, base + 28, coat="coat", scale=1.45)


def _from_the_lane(p, base, site):
    """Both buildings: 3 in front on the right, 2 behind on the left."""
    neighbour(p, 20, base, 3, 8)
    crane(p, 316, base, min(base - 60, 20 + site.other * FLOOR + 100), jib=170, back=50)
    tower(p, 90, base, up=site.other, glazed=0)
    crane(p, 716, base, min(base - 40, 20 + site.up * FLOOR + 110), load="glass" if site.glazed else "beam")
    tower(p, 450, base, up=site.up, glazed=site.glazed, lit=_lit(site))
    p.poly([(330, base), (420, base), (560, TALL), (240, TALL)], "tile")
    p.line(f"M345 {base + 12}h70M320 {base + 28}h120", "tile2", 2)
    for left, size in ((60, 1.0), (316, 0.7), (428, 0.75), (740, 1.1)):
        pine(p, left, base + 4, size)
    person(p, 360, base + 30, coat="coat3", scale=1.4)
    person(p, 384, base + 32, coat="coat2", scale=1.4, face=-1)


def _foundations(p, x, base):
    p.path(f"M{x - 60} {base}l16 -16h270l18 16z", "concrete")
    p.line("".join(f"M{x + step * 24} {base - 16}v-30" for step in range(9)), "copper", 2.4)
    p.line(f"M{x - 4} {base - 34}h206M{x - 4} {base - 24}h206", "copper", 1.2)
    excavator(p, x - 130, base)


def _riverbank(season):
    """Building 6 by the water, young trees along the walk, in one of the four seasons."""
    p, base = Picture(WIDE, TALL, themed=False), TALL - GROUND
    _surroundings(p, base)
    neighbour(p, 70, base, 4, 12)
    lowrise(p, 330, base - 26, bays=6, floors=12, lit=((2, 1), (5, 3), (8, 2), (11, 4)))
    p.rect(0, base - 26, WIDE, 10, "tile")
    river(p, 0, base + 4, WIDE)
    p.rect(0, base + 4, WIDE, GROUND, "water")
    p.line("".join(f"M{left} {base + 16 + left % 5 * 5}h70" for left in range(30, 760, 130)), "water2", 4)
    _trees(p, base - 26, (60, 160, 262, 610, 712), season)
    return _closer(p, 60, 80, 680)


def _north_gate(season):
    """The trial stretch of lane by the north gate, with its scholar trees."""
    p, base = Picture(WIDE, TALL, themed=False), TALL - 150
    _surroundings(p, base)
    neighbour(p, 30, base, 4, 10)
    neighbour(p, 640, base, 5, 12)
    p.rect(0, base, WIDE, 150, "hill2" if season == "winter" else "leaf2")
    p.poly([(350, base), (440, base), (600, TALL), (180, TALL)], "tile")
    for row in range(1, 6):
        p.line(f"M{350 - row * 30} {base + row * 25}h{90 + row * 55}", "tile2", 3)
    _trees(p, base + 22, (270, 520), season, 1.1)
    _trees(p, base + 90, (130, 680), season, 1.8)
    person(p, 392, base + 96, coat="coat", scale=2.2)
    person(p, 428, base + 98, coat="coat2", scale=2.3, face=-1)
    return p


def _trees(p, base, places, season, size=1.05):
    for n, left in enumerate(places):
        tree(p, left, base, size=size * (1.1 if n % 2 else 0.95), season=season, seed=n + 2)
    if season == "winter":
        snow(p)
    elif season == "autumn":
        leaves(p, base)


def _renewal(*, done, x, size=2.2):
    """Block 5, six bays wide, `done` of them in their new coat."""
    p, base = Picture(WIDE, TALL, themed=False), TALL - GROUND
    _surroundings(p, base)
    with p.group(f"translate(60 {base}) scale({size})"):
        block(p, x, 0, storeys=6, bays=6, done=done)
    pine(p, 66, base, 1.6)
    return p


SEASONS = ("spring", "summer", "autumn", "winter")
OUTSIDE = (
    {name: partial(draw_site, site) for name, site in SITES.items()}
    | {f"riverbank-{season}": partial(_riverbank, season) for season in SEASONS}
    | {f"north-gate-{season}": partial(_north_gate, season) for season in SEASONS}
    | {
        "scaffold-first": partial(_renewal, done=1, x=40),
        "scaffold": partial(_renewal, done=2, x=40),
        "scaffold-further": partial(_renewal, done=4, x=30, size=2.4),
    }
)
