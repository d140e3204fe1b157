"""Stand-ins for photographs below ground, on the floors, and of what an estate lives by."""

from functools import partial

from portal.ui.art.buildings import lowrise
from portal.ui.art.figures import cloud, crane, excavator, neighbour, tree
from portal.ui.art.photo_tools import H, W, photo, worker


def pit():
    """The pit of Building 2 with its pump."""
    p = photo()
    p.rect(0, 0, W, 130, "sky")
    cloud(p, 80, 60)
    neighbour(p, 330, 130, 5, 6)
    p.rect(0, 122, W, 60, "earth")
    p.poly([(40, 182), (440, 182), (480, 360), (0, 360)], "earth2")
    p.line("".join(f"M{left} 128v60" for left in range(20, 470, 22)), "steel2", 9)
    p.poly([(110, 262), (400, 262), (440, 330), (70, 330)], "water")
    p.line("M140 282h90M260 304h120M120 318h70", "water2", 4)
    p.rect(196, 226, 54, 40, "orange", 6)
    p.line("M250 240h70q30 0 30 -40v-90", "coat2", 12)
    excavator(p, 44, 214)
    worker(p, 300, 262, 2.6, arm="out")
    return p


def raft():
    """The slab under the garage, half of it poured."""
    p = photo()
    p.rect(0, 0, W, 110, "sky")
    neighbour(p, 40, 112, 4, 5)
    crane(p, 400, 150, 140, jib=150, back=40)
    p.rect(0, 108, W, 40, "earth")
    p.rect(0, 146, W, 214, "concrete2")
    p.poly([(0, 146), (300, 146), (230, 360), (0, 360)], "concrete")
    for n in range(10):
        p.line(f"M{296 - n * 7} {152 + n * 22}H480", "copper", 2 + n * 0.3)
        p.line(f"M{310 + n * 18} 148L{250 + n * 40} 360", "copper", 2)
    worker(p, 150, 270, 3.8, arm="out")
    worker(p, 70, 230, 3, coat="blue", helmet="coat3")
    worker(p, 330, 250, 3.2, face=-1, arm="out")
    return p


def basement():
    """The garage's walls: black coat outside, a number at each leak-test."""
    p = photo()
    p.rect(0, 0, W, H, "concrete2")
    p.poly([(0, 0), (480, 0), (350, 120), (130, 120)], "concrete")
    p.poly([(0, 360), (480, 360), (350, 250), (130, 250)], "concrete")
    p.rect(130, 120, 220, 130, "plaster2")
    for left, top, width in ((20, -10, 46), (150, 96, 22), (308, 96, 22), (414, -10, 46)):
        p.rect(left, top, width, 360 if width > 40 else 160, "concrete")
        p.rect(left, 210 if width > 40 else 200, width, 34 if width > 40 else 16, "lamp")
    p.line("M66 40H414", "steel", 10)
    p.line("M90 20l64 90M390 20l-64 90", "lamp2", 8)
    p.path("M180 268q60 -10 120 2t-30 20q-70 6 -90 -22z", "water")
    worker(p, 240, 306, 3.4, arm="up")
    return p


def deck():
    """The ground floor's slab over the garage: a drum of cable, and nothing above it yet."""
    p = photo()
    p.rect(0, 0, W, 190, "sky")
    cloud(p, 300, 70)
    neighbour(p, 20, 190, 4, 9)
    neighbour(p, 360, 190, 5, 7)
    p.rect(0, 186, W, 174, "concrete")
    p.line("M0 230H480M0 290H480M120 186L40 360M300 186L330 360", "concrete2", 2)
    p.line("".join(f"M{left} 210v-34" for left in range(60, 440, 18)), "copper", 3)
    p.circle(360, 292, 50, "wood")
    p.circle(360, 292, 40, "trunk")
    p.circle(360, 292, 34, "ink")
    p.circle(360, 292, 10, "wood")
    worker(p, 150, 320, 4.2, arm="out")
    worker(p, 230, 300, 3.6, helmet="coat3", coat="blue", face=-1)
    return p


def floor_inside(level):
    """A floor on the day its props went: columns, chalk lines, and the town as low as one stands high."""
    p = photo()
    horizon = 150 + level * 5
    p.rect(0, 0, W, H, "sky")
    p.path(f"M0 {horizon}Q120 {horizon - 44} 240 {horizon - 20}T480 {horizon - 34}V300H0z", "hill")
    for left, floors in ((60, 14), (190, 10), (300, 13), (400, 9)):
        neighbour(p, left, 300, 3, max(2, floors - level // 2))
    p.rect(0, 0, W, 60, "concrete2")
    p.poly([(0, 0), (480, 0), (430, 60), (50, 60)], "concrete")
    p.poly([(0, 360), (480, 360), (430, 268), (50, 268)], "concrete")
    for left, width in ((-6, 60), (142, 22), (318, 22), (430, 60)):
        p.rect(left, 0 if width > 40 else 50, width, 360 if width > 40 else 222, "concrete2")
    p.line("M50 232H430M50 214H430", "orange", 4)
    p.line(f"M90 340L160 276H{240 + level * 6}L{300 + level * 6} 340", "blue", 3, dash="9 5")
    if level % 2:
        p.line("M96 60v208M220 60v208M384 60v208", "crane", 6)
    worker(p, 250 if level % 2 else 120, 330, 4.4, face=-1 if level % 2 else 1, arm="up")
    return p


def cubes():
    """Test cubes with their floor and day, on the way to the press."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    p.rect(0, 250, W, 110, "wood")
    p.rect(0, 242, W, 10, "trunk")
    for row, lefts in enumerate(((40, 150, 260), (95, 205))):
        for left in lefts:
            top = 152 - row * 92
            p.rect(left, top, 94, 90, "concrete")
            p.poly([(left, top), (left + 94, top), (left + 106, top - 12), (left + 12, top - 12)], "concrete2")
            p.line(f"M{left + 18} {top + 34}h46M{left + 18} {top + 52}h58", "red", 5)
    p.rect(386, 90, 80, 160, "steel2", 5)
    p.rect(398, 130, 56, 60, "ink")
    p.rect(404, 150, 44, 40, "concrete")
    p.circle(426, 110, 12, "white")
    p.line("M426 110l6 -7", "red", 3)
    return p


def hoist():
    """The hoist's motor on the ground, its new part in the box."""
    p = photo()
    p.rect(0, 0, W, H, "concrete2")
    p.rect(0, 220, W, 140, "concrete")
    p.line("M40 -10v240M110 -10v240" + "".join(f"M40 {y}l70 36" for y in range(0, 220, 36)), "crane", 8)
    p.rect(150, 120, 170, 120, "blue", 8)
    p.rect(168, 140, 60, 60, "steel2", 4)
    p.circle(270, 172, 36, "steel")
    p.circle(270, 172, 14, "ink")
    p.rect(196, 252, 120, 60, "wood", 3)
    p.circle(256, 274, 22, "steel")
    p.line(
        "".join(f"M{256 + dx} {274 + dy}l{dx // 4} {dy // 4}" for dx, dy in ((24, 0), (-24, 0), (0, 24), (0, -24))),
        "steel",
        8,
    )
    p.circle(256, 274, 8, "concrete2")
    worker(p, 404, 340, 5.4, face=-1, coat="coat2", helmet="coat3", arm="out")
    return p


def roof():
    """The roof: grey sheets rolled out, the drain under a test of water."""
    p = photo()
    p.rect(0, 0, W, 150, "sky")
    cloud(p, 200, 60, 1.2)
    for left, floors in ((30, 3), (170, 2), (330, 4)):
        neighbour(p, left, 152, 4, floors)
    p.rect(0, 148, W, 212, "membrane")
    p.line("M0 210H480M0 284H480", "coat2", 3)
    p.rect(0, 140, W, 16, "slab")
    p.poly([(60, 226), (300, 226), (330, 330), (30, 330)], "water", 0.8)
    p.line("M90 250h120M130 280h150M70 308h90", "water2", 4)
    p.ellipse(210, 300, 18, 8, "ink")
    p.rect(366, 252, 90, 34, "ink", 16)
    p.ellipse(366, 269, 9, 17, "steel2")
    worker(p, 350, 250, 3.6, arm="out")
    return p


def lift_room():
    """The lift of Building 6 with its panel open."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    p.rect(0, 310, W, 50, "tile2")
    p.rect(60, 40, 210, 272, "frame")
    p.rect(70, 50, 95, 262, "steel")
    p.rect(200, 50, 60, 262, "void")
    p.rect(300, 120, 60, 110, "steel2", 4)
    p.line("M312 140h36M312 158h36M312 176h20", "lamp", 5)
    p.line("M330 210q10 40 -30 60", "red", 4)
    p.poly([(230, 240), (290, 240), (306, 318), (214, 318)], "lamp")
    p.rect(252, 262, 16, 30, "ink", 3)
    worker(p, 404, 346, 5.6, face=-1, coat="blue", helmet="coat3", arm="out")
    return p


def valve():
    """The new valve of the water main, and the old one beside it."""
    p = photo()
    p.rect(0, 0, W, H, "brick2")
    p.rect(0, 276, W, 84, "concrete2")
    p.line("M-10 170H490", "blue", 44)
    p.line("M-10 156H490", "water2", 6)
    p.rect(196, 132, 88, 78, "coat2", 6)
    p.line("M240 132v-50", "steel", 14)
    p.circle(240, 70, 42, "red")
    p.circle(240, 70, 29, "brick2")
    p.line("M240 28v84M198 70h84", "red", 8)
    p.rect(330, 250, 90, 60, "trunk", 8)
    p.circle(375, 280, 20, "copper")
    p.rect(60, 36, 84, 66, "paper", 3)
    p.line("M72 54h52M72 70h60M72 86h34", "ink", 4)
    return p


def play_yard():
    """The play corner: a slide, a swing, and the first who tried them."""
    p = photo()
    p.rect(0, 0, W, 230, "sky")
    cloud(p, 60, 70)
    lowrise(p, 300, 232, bays=3, floors=7, lit=((2, 1), (4, 0)))
    p.rect(0, 226, W, 134, "gold2")
    p.path("M0 226h480v22q-240 26 -480 0z", "leaf2")
    p.line("M80 320V150M140 320V150M80 170h60", "coat2", 9)
    p.line("M140 190q40 10 70 110", "coat", 18)
    p.line("M260 320l30 -150l30 150M290 170h130M390 320l30 -150l30 150", "pine", 9)
    p.line("M340 170v100M370 170v100", "ink", 3)
    p.rect(332, 268, 46, 8, "wood")
    worker(p, 196, 316, 2.2, helmet=None, coat="coat3", arm="up")
    worker(p, 355, 270, 2.0, helmet=None, coat="red")
    worker(p, 44, 336, 3.6, helmet=None, coat="coat2", arm="out")
    return p


def tiles_dry():
    """One row of tiles laid dry, with the cuts marked in chalk."""
    p = photo()
    p.rect(0, 0, W, H, "concrete2")
    p.rect(0, 0, W, 90, "plaster")
    p.rect(0, 84, W, 8, "blue", opacity=0.6)
    for n in range(5):
        p.rect(10 + n * 96, 170, 92, 96, "tile" if n % 2 else "wall", 2)
        p.line(f"M{24 + n * 96} 196q30 10 60 -4M{30 + n * 96} 232q24 -8 50 6", "tile2", 2)
    p.line("M448 160v116", "red", 4, dash="8 5")
    p.line("M10 286h380", "gold2", 16)
    p.line("".join(f"M{x} 280v{12 if x % 40 else 16}" for x in range(14, 390, 10)), "ink", 1.6)
    p.rect(60, 306, 70, 34, "copper", 4)
    p.line("M360 330l80 -40", "wood", 12)
    return p


def gate():
    """The old scholar tree inside its fence of planks."""
    p = photo()
    p.rect(0, 0, W, 250, "sky")
    cloud(p, 310, 60)
    neighbour(p, 330, 250, 5, 9)
    p.rect(0, 244, W, 116, "earth")
    tree(p, 200, 290, size=3.4, season="summer", seed=4)
    p.rect(104, 262, 192, 62, "wood")
    p.line("".join(f"M{left} 262v62" for left in range(120, 296, 17)), "trunk", 2)
    p.line("M104 276h192M104 310h192", "trunk", 5)
    p.rect(170, 274, 60, 34, "paper", 3)
    p.line("M180 286h40M180 296h28", "pine", 4)
    worker(p, 380, 338, 4.4, face=-1, coat="leaf", helmet="coat3", arm="out")
    return p


INSIDE = {
    "pit": pit,
    "raft": raft,
    "basement": basement,
    "deck": deck,
    "floor-four": partial(floor_inside, 4),
    "floor-nine": partial(floor_inside, 9),
    "floor-sixteen": partial(floor_inside, 16),
    "cubes": cubes,
    "hoist": hoist,
    "roof": roof,
    "lift-room": lift_room,
    "valve": valve,
    "play-yard": play_yard,
    "tiles-dry": tiles_dry,
    "old-tree": gate,
}
