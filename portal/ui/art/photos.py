"""Stand-ins for the photographs of a site. `python -m portal.ui.art.photos FOLDER` writes them all."""

import sys

from .figures import crane, neighbour, person, tree
from .photo_tools import H, W, photo, skyline, worker
from .photos_inside import ceiling, drain, keys, lobby, pipes, radiator, water_test
from .picture import write


def window_room():
    """From inside: a window just set, its film still on."""
    p = photo()
    skyline(p, 230)
    neighbour(p, 250, 300, 4, 11)
    crane(p, 392, 300, 210, jib=150, back=46)
    p.path("M0 0h480v360H0zM96 44v212h262V44z", "plaster", 1)
    p.parts[-1] = p.parts[-1].replace("/>", ' fill-rule="evenodd"/>')
    p.path("M0 292h480v68H0z", "concrete2")
    p.path("M0 292h480l-40 -10H40z", "concrete")
    p.rect(96, 44, 262, 212, "blue", opacity=0.16)
    p.poly([(110, 44), (190, 44), (130, 256), (96, 256), (96, 100)], "white", opacity=0.3)
    p.line("M96 44h262v212H96zM227 44v212", "frame", 9)
    p.line("M227 150h131", "frame", 5)
    p.line("M120 66l60 60M180 66l-60 60", "blue", 5, opacity=0.7)
    p.rect(84, 256, 286, 12, "slab")
    p.line("M88 38h278v226H88z", "gold2", 3, dash="18 5")
    worker(p, 398, 352, 5.6, face=-1, arm="out")
    p.line("M352 262l-26 -14", "steel2", 7)
    p.rect(30, 300, 52, 40, "coat2", 5)
    p.line("M32 300q24 -34 48 0", "steel2", 3)
    return p


def cradle_close():
    """Outside, close: a pane is lowered into its frame."""
    p = photo()
    p.rect(0, 0, W, H, "wall")
    for row, top in enumerate((-60, 84, 228)):
        for column, left in enumerate((28, 190, 352)):
            glazed = row == 2 or (row == 1 and column == 0)
            p.rect(left, top, 110, 96, "glass" if glazed else "void")
            if glazed:
                p.poly([(left, top), (left + 66, top), (left + 22, top + 96), (left, top + 96)], "glass2")
                p.line(f"M{left} {top}h110v96h-110zM{left + 55} {top}v96", "frame", 5)
            else:
                p.line(f"M{left} {top + 78}h110", "orange", 4)
        p.rect(0, top + 110, W, 9, "slab")
    p.rect(196, 92, 96, 84, "glass2")
    p.line("M196 92h96v84h-96z", "steel2", 3)
    p.line("M150 0v190M412 0v190", "rope", 2.5)
    worker(p, 186, 222, 4.2, arm="out")
    worker(p, 330, 222, 4.2, helmet="coat3", face=-1, arm="out")
    p.rect(128, 188, 306, 40, "crane", 5)
    p.line("M140 208h284", "crane2", 4)
    p.line("".join(f"M{left} 192v32" for left in range(160, 424, 30)), "crane2", 2)
    return p


def glass_rack():
    """Panes delivered, standing on their rack, labels to the front."""
    p = photo()
    skyline(p, 210, 250)
    p.rect(0, 168, W, 82, "pine")
    p.rect(0, 168, W, 7, "pine2")
    p.line("M70 214q34 -4 42 -26q8 22 42 26", "snow", 5)
    p.rect(105, 220, 14, 16, "lamp")
    p.rect(0, 248, W, 112, "concrete")
    p.path("M0 300q120 -18 230 -6t250 -8v74H0z", "snow", 0.75)
    for n in range(7):
        left = 120 + n * 13
        p.poly([(left, 312), (left + 190, 312), (left + 214, 116), (left + 24, 116)], "glass" if n % 2 else "glass2")
        p.line(f"M{left} 312h190l24 -196h-190z", "steel2", 1.6)
    p.rect(262, 206, 74, 52, "paper", 2)
    p.line("M272 220h40M272 230h52M272 240h30", "ink", 3)
    p.circle(322, 244, 7, "red")
    p.line("M104 318h330M122 318l36 -210M420 318l-8 -70", "wood", 11)
    p.line("M112 334h60M360 334h60", "ink", 9)
    return p


def slab():
    """The eleventh floor, the day it was poured."""
    p = photo()
    skyline(p, 150, 190)
    neighbour(p, 40, 172, 3, 6)
    crane(p, 396, 180, 150, jib=170, back=50)
    p.path("M0 168h480v192H0z", "concrete2")
    p.path("M0 168h250q-30 60 30 92t-40 100H0z", "concrete")
    for n in range(9):
        y = 184 + n * n * 2.6
        p.line(f"M{250 - n * 2} {y:.0f}H480", "copper", 1.4 + n * 0.28)
    for n in range(12):
        p.line(f"M{262 + n * 20} 170L{190 + n * 46} 360", "copper", 2)
    p.line("M480 60Q340 70 300 150T214 262", "ink", 15)
    p.path("M196 258q30 -10 40 8q-2 20 -34 22q-22 -14 -6 -30z", "concrete2")
    worker(p, 262, 288, 4.4, face=-1, arm="out")
    worker(p, 96, 262, 3.6, helmet="coat3", coat="blue", arm="out")
    p.line("M112 206l40 62", "wood", 5)
    return p


def topping_out():
    """The last floor is poured: a small tree goes on the roof."""
    p = photo()
    skyline(p, 300)
    for left, floors in ((20, 5), (120, 8), (330, 6), (410, 9)):
        neighbour(p, left, 330, 3, floors)
    p.rect(0, 292, W, 68, "concrete")
    p.rect(0, 286, W, 9, "concrete2")
    p.line("".join(f"M{left} 286v-24" for left in range(14, 480, 28)), "copper", 3)
    tree(p, 250, 288, size=1.7, season="summer", seed=5)
    p.line("M206 214q44 26 92 -2", "red", 6)
    p.path("M296 212l16 26l-10 -2l-4 10z", "red")
    for left, coat, helmet, face in (
        (70, "orange", "white", 1),
        (122, "blue", "coat3", 1),
        (174, "orange", "white", 1),
        (336, "coat2", "red", -1),
        (396, "orange", "coat3", -1),
    ):
        person(p, left, 296, scale=3.1, coat=coat, helmet=helmet, face=face, arm="up" if left in (122, 336) else None)
    return p


def garden():
    """Young scholar trees staked along the path."""
    p = photo()
    skyline(p, 210, 240)
    neighbour(p, 30, 222, 4, 8)
    neighbour(p, 360, 222, 5, 10)
    p.rect(0, 216, W, 144, "leaf2")
    p.path("M206 216h62l120 144H90z", "tile")
    p.line("M222 240h42M200 272h88M170 312h150", "tile2", 4)
    for left, base, size in ((160, 246, 0.8), (314, 246, 0.8), (104, 300, 1.3), (378, 300, 1.3)):
        p.ellipse(left, base, 24 * size, 7 * size, "earth2")
        tree(p, left, base, size=size, season="spring" if size > 1 else "summer", seed=int(left))
        p.line(
            f"M{left - 16 * size} {base}l12 {-34 * size:.0f}M{left + 16 * size} {base}l-12 {-34 * size:.0f}", "wood", 3
        )
    worker(p, 232, 332, 3.2, coat="leaf", helmet="coat3", arm="out")
    p.path("M262 288h28l-4 26h-20z", "copper")
    return p


PHOTOS = (
    window_room,
    cradle_close,
    glass_rack,
    slab,
    topping_out,
    garden,
    pipes,
    ceiling,
    drain,
    water_test,
    radiator,
    lobby,
    keys,
)

if __name__ == "__main__":
    for make in PHOTOS:
        write("photo-" + make.__name__.replace("_", "-"), make(), sys.argv[1])
