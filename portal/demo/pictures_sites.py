"""Stand-ins for photographs of sites and houses from across the road, at several heights."""

from portal.ui.art.buildings import FLOOR, block, lowrise, tower
from portal.ui.art.figures import cloud, cradle, crane, excavator, hills, hoarding, neighbour, net, river, tree
from portal.ui.art.photo_tools import H, W, photo, worker
from portal.ui.art.picture import Picture

WIDE, TALL = 800, 600
GROUND = 46  # of earth under a site


def _site():
    p = Picture(WIDE, TALL, themed=False)
    p.rect(0, 0, WIDE, TALL, "sky")
    p.circle(690, 96, 30, "sun")
    cloud(p, 70, 90, 1.6)
    cloud(p, 520, 150, 1.2)
    hills(p, WIDE, TALL - GROUND)
    p.rect(0, TALL - GROUND, WIDE, GROUND, "earth")
    p.rect(0, TALL - GROUND, WIDE, 6, "earth2")
    return p


def _closer(p, left, top, width):
    """What a longer lens would show of it: `width` units from `left`, in the same proportions."""
    scale = p.width / width
    p.parts = [f'<g transform="scale({scale:.3f}) translate({-left} {-top})">', *p.parts, "</g>"]
    return p


def _tower_site(*, up, glazed=0, load="beam", x=300, netted=False):
    """A tower of 18 floors from across the road, `up` floors high."""
    p, base = _site(), TALL - GROUND
    neighbour(p, 90, base, 5, 13)
    neighbour(p, 620, base, 4, 10)
    crane(p, x + 236, base, min(base - 40, 20 + up * FLOOR + 110), load=load)
    top = tower(p, x, base, up=up, glazed=glazed)
    if netted:
        net(p, x, top + 20, base - 20 - (glazed + 4) * FLOOR, 170)
    if glazed:
        cradle(p, x + 92, top - 6, base - 20 - glazed * FLOOR - 12)
    hoarding(p, 40, base, 230)
    hoarding(p, 500, base, 276)
    tree(p, 700, base, size=1.2, season="summer", seed=9)
    return p


def site_floor_five():
    """Five floors stand, the steel of the sixth shows."""
    return _closer(_tower_site(up=5), 190, 248, 460)


def site_sixteen():
    """Sixteen floors, two of them still open."""
    return _closer(_tower_site(up=16, x=270), 120, 40, 500)


def site_full_height():
    """Eighteen floors, no glass yet, the green net hung."""
    return _closer(_tower_site(up=18, netted=True), 90, 20, 660)


def site_seven_floors():
    """Glass on seven floors, from the gate."""
    return _closer(_tower_site(up=18, glazed=7, load="glass", netted=True), 200, 255, 420)


def site_nine_floors():
    """Nine floors have their windows."""
    return _closer(_tower_site(up=18, glazed=9, load="glass", netted=True, x=330), 170, 30, 560)


def garage_deck():
    """Beside a rising tower earth comes back on the garage's roof."""
    p, base = _site(), TALL - GROUND
    tower(p, 520, base, up=12, glazed=0)
    p.path(f"M0 {base}q90 -70 210 -48t260 48z", "earth")
    p.path(f"M40 {base}q90 -44 170 -30t200 30z", "earth2")
    excavator(p, 300, base - 4)
    worker(p, 150, base - 32, 2.6)
    tree(p, 470, base, size=0.9, season="summer", seed=7)
    return _closer(p, 60, 135, 600)


def riverbank():
    """A lived-in house by the water, young trees along the walk."""
    p, base = _site(), TALL - GROUND
    neighbour(p, 70, base, 4, 12)
    lowrise(p, 330, base - 26, bays=6, floors=11, lit=((2, 1), (5, 3), (8, 2)))
    p.rect(0, base - 26, WIDE, 10, "tile")
    river(p, 0, base + 4, WIDE)
    p.rect(0, base + 4, WIDE, GROUND, "water")
    p.line("".join(f"M{left} {base + 16 + left % 5 * 5}h70" for left in range(30, 760, 130)), "water2", 4)
    for n, left in enumerate((60, 160, 262, 610, 712)):
        tree(p, left, base - 26, size=1.15 if n % 2 else 0.95, season="summer", seed=n)
    return _closer(p, 60, 90, 680)


def scaffold():
    """A block of 1992, two bays in their new coat, the rest still brick."""
    return _renewal(done=2, x=40)


def scaffold_further():
    """The same block: four bays done."""
    return _renewal(done=4, x=30, size=2.4)


def _renewal(*, done, x, size=2.2):
    p, base = _site(), TALL - GROUND
    with p.group(f"translate(60 {base}) scale({size})"):
        block(p, x, 0, storeys=6, bays=6, done=done)
    tree(p, 66, base, size=2.0, season="summer", kind="willow")
    return p


def view_from_nine():
    """From a balcony on the ninth floor: the meadow, the river, the hills."""
    p = photo()
    p.rect(0, 0, W, H, "sky")
    cloud(p, 60, 60, 1.2)
    cloud(p, 330, 90)
    p.path("M0 190Q110 120 230 160T480 130V360H0z", "hill")
    p.path("M0 216Q140 170 280 196T480 178V360H0z", "hill2")
    p.path("M0 232Q160 216 300 236T480 226V290H0z", "water")
    p.line("M40 246h90M190 252h70M320 250h110M100 264h120M280 268h90", "water2", 4)
    p.path("M0 268Q160 252 300 270T480 260V360H0z", "leaf2")
    for left, size in ((50, 0.5), (130, 0.42), (236, 0.5), (350, 0.46), (440, 0.55)):
        tree(p, left, 292, size=size, season="summer", seed=left)
    p.rect(0, 330, W, 30, "slab")
    p.line("M0 262H480", "frame", 10)
    p.line("".join(f"M{left} 262v70" for left in range(12, 480, 26)), "frame", 4)
    p.rect(428, 0, 52, H, "plaster2")
    p.line("M428 0V360", "frame", 9)
    return p


SITES = (
    site_floor_five,
    site_sixteen,
    site_full_height,
    site_seven_floors,
    site_nine_floors,
    garage_deck,
    riverbank,
    scaffold,
    scaffold_further,
    view_from_nine,
)
