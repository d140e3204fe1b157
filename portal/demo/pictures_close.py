"""Stand-ins for photographs taken close: works in the house, tables with plans or with neighbours."""

from portal.ui.art.figures import cloud, neighbour, tree
from portal.ui.art.photo_tools import H, W, photo, worker


def mock_up():
    """Two panels of brick in two greys on a stand, to choose by daylight."""
    p = photo()
    p.rect(0, 0, W, H, "sky")
    cloud(p, 330, 60)
    p.rect(0, 160, W, 90, "pine")
    p.rect(0, 160, W, 7, "pine2")
    p.rect(0, 250, W, 110, "concrete")
    for left, colour, joint in ((60, "brick", "brick2"), (232, "wall2", "slab")):
        p.rect(left, 92, 150, 196, colour)
        for row in range(12):
            shift = row % 2 * 19
            joints = "".join(f"M{x} {92 + row * 16.4:.1f}v16" for x in range(left + 19 + shift, left + 150, 38))
            p.line(f"M{left} {92 + row * 16.4:.1f}h150{joints}", joint, 2.4)
        p.line(f"M{left - 5} 90v214M{left + 155} 90v214M{left - 5} 90h160", "wood", 9)
        p.rect(left + 52, 262, 46, 30, "paper", 2)
        p.circle(left + 75, 277, 7, "lamp" if colour == "wall2" else "steel2")
    worker(p, 424, 340, 5.6, face=-1, coat="coat2", arm="out")
    return p


def insulation():
    """Close: grey panels on old brick, each held by five plugs."""
    p = photo()
    p.rect(0, 0, W, H, "brick")
    for row in range(13):
        p.line(
            f"M0 {row * 28}H{W}" + "".join(f"M{x + row % 2 * 30} {row * 28}v28" for x in range(0, W, 60)), "brick2", 3
        )
    for row, lefts in enumerate(((0, 124), (-62, 62, 186), (0, 124), (-62, 62, 186))):
        for left in lefts:
            p.rect(left + 1, row * 92 - 4, 122, 90, "tile", 1)
            for dx, dy in ((14, 14), (108, 14), (61, 43), (14, 74), (108, 74)):
                p.circle(left + dx, row * 92 - 4 + dy, 5, "steel2")
    p.path("M322 0h158v44H322z", "void")
    p.line("M322 -4h170v48H322z", "frame", 8)
    p.line("M330 340h150M330 120h150M346 0v360", "crane", 8)
    worker(p, 408, 342, 6.4, face=-1, arm="out")
    p.rect(296, 214, 62, 54, "tile", 2)
    p.line("M306 226h40M306 240h40M306 254h40", "tile2", 3)
    return p


def stairwell():
    """The stairs of Block 5: new rail, wide treads, light from the landing."""
    p = photo()
    p.rect(0, 0, W, H, "wall")
    p.poly([(0, 360), (0, 250), (480, 20), (480, 360)], "wall2")
    for n in range(9):
        left, top = 40 + n * 50, 316 - n * 34
        p.poly([(left, top), (480, top), (480, top + 44), (left, top + 44)], "concrete" if n % 2 else "concrete2")
        p.rect(left, top, 480 - left, 7, "lamp2")
    p.rect(54, 40, 120, 104, "sky")
    p.line("M54 40h120v104H54zM114 40v104", "frame", 8)
    p.line("M30 264L430 -8", "pine", 15)
    p.line("".join(f"M{56 + n * 50} {246 - n * 34}v66" for n in range(8)), "steel2", 6)
    return p


def samples():
    """Tiles, oak and a fan of colours on the table."""
    p = photo()
    p.rect(0, 0, W, H, "wood")
    p.line("M0 92H480M0 186H480M0 276H480", "trunk", 1.5, opacity=0.5)
    with p.group("rotate(-7 240 180)"):
        p.rect(36, 42, 140, 116, "tile", 3)
        p.rect(62, 62, 140, 116, "concrete", 3)
        p.rect(92, 84, 140, 116, "membrane", 3)
        p.rect(270, 40, 180, 46, "gold2", 3)
        p.line("M280 54q60 -10 160 2M280 70q80 12 160 -2", "wood", 3)
        p.rect(282, 94, 180, 46, "trunk", 3)
        p.line("M292 110q60 -10 160 2M292 126q80 12 160 -2", "wood", 2)
    for n, colour in enumerate(("paper", "wall2", "gold2", "leaf2", "glass", "coat2", "coat")):
        with p.group(f"rotate({-34 + n * 11} 300 350)"):
            p.rect(278, 190, 44, 170, colour, 5)
            p.rect(278, 190, 44, 26, "white", 5)
    p.circle(110, 278, 40, "coat3")
    p.circle(110, 278, 14, "ink")
    p.rect(110, 300, 130, 18, "gold2", 2)
    p.line("".join(f"M{left} 300v{12 if left % 20 else 17}" for left in range(150, 240, 10)), "ink", 1.6)
    return p


def drawing():
    """The kitchen on paper: plan, pencil and a cup of tea."""
    p = photo()
    p.rect(0, 0, W, H, "trunk")
    with p.group("rotate(4 240 180)"):
        p.rect(40, 34, 370, 290, "paper", 2)
        p.line("M80 76h250v200H80zM80 176h110M210 76v64M210 190v86M330 130h-60v-54", "ink", 5)
        p.line("M190 176a34 34 0 0 1 20 -34", "blue", 2.5)
        for left in (92, 128, 164):
            p.rect(left, 84, 30, 30, "glass2", 2)
        p.rect(224, 212, 92, 50, "gold2", 3)
        p.line("M356 92h34M356 110h34M356 128h22M80 296h250M80 290v12M330 290v12M210 290v12", "steel2", 3)
        p.line("M224 150q40 -20 92 0", "red", 4)
    p.line("M300 330L420 236", "coat3", 10)
    p.line("M300 330l14 -11", "ink", 6)
    p.circle(424, 70, 46, "white")
    p.circle(424, 70, 34, "coat3")
    p.circle(424, 70, 26, "copper", 0.6)
    return p


def gauge():
    """The gauge on the standpipe while the test runs."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    p.rect(0, 286, W, 74, "concrete2")
    p.line("M-10 236H490", "steel", 26)
    p.line("M-10 228H490", "snow", 4, opacity=0.6)
    p.line("M240 236v-70", "copper", 18)
    p.line("M96 236v60M384 236v60", "steel2", 18)
    p.rect(216, 214, 48, 44, "copper", 6)
    p.circle(240, 112, 92, "frame")
    p.circle(240, 112, 80, "white")
    ticks = ((184, 168), (166, 132), (168, 86), (194, 54), (240, 40), (286, 54), (312, 86), (314, 132), (296, 168))
    for x, y in ticks:
        p.line(f"M{x} {y}L{x + (240 - x) * 0.14:.1f} {y + (112 - y) * 0.14:.1f}", "ink", 4)
    p.line("M240 112L288 66", "red", 6)
    p.circle(240, 112, 9, "ink")
    p.line("M214 150h52", "steel2", 4)
    p.rect(338, 150, 92, 56, "paper", 3)
    p.line("M350 166h52M350 178h66M350 190h40", "ink", 3)
    return p


def long_table():
    """Neighbours at one long table in the court, under lanterns."""
    p = photo()
    p.rect(0, 0, W, H, "membrane")
    p.rect(0, 0, W, 250, "coat2")
    neighbour(p, 0, 250, 6, 12)
    neighbour(p, 330, 250, 8, 11)
    p.parts = [part.replace("f-farwin", "f-lamp2") for part in p.parts]
    p.used.add(("f", "lamp2"))
    p.line("M-10 30q120 70 250 20t260 20", "ink", 2.5)
    for x, y in ((40, 58), (110, 74), (180, 66), (250, 48), (330, 44), (410, 62)):
        p.line(f"M{x} {y - 8}v8", "ink", 2)
        p.ellipse(x, y + 16, 17, 15, "lamp")
        p.ellipse(x, y + 16, 8, 14, "lamp2")
    p.rect(0, 250, W, 110, "tile2")
    guests = (("coat", 1), ("coat3", -1), ("leaf", 1), ("blue", -1), ("copper", 1), ("pine", -1), ("coat", 1))
    for n, (coat, face) in enumerate(guests):
        worker(p, 46 + n * 66, 292, 3.3, helmet=None, coat=coat, face=face, arm="out" if n % 2 else None)
    p.poly([(0, 250), (480, 250), (480, 330), (0, 330)], "paper")
    p.poly([(0, 330), (480, 330), (480, 348), (0, 348)], "wall2")
    for n in range(7):
        left = 30 + n * 70
        p.ellipse(left, 284, 24, 9, "white")
        p.ellipse(left, 281, 15, 5, ("coat", "leaf", "gold", "copper")[n % 4])
        p.ellipse(left + 34, 308, 9, 5, "coat2")
    return p


def wet_room():
    """The bathroom floor in its grey coat, up the walls to the mark."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    p.poly([(90, 0), (390, 0), (390, 190), (90, 190)], "plaster2")
    p.poly([(0, 360), (90, 190), (390, 190), (480, 360)], "membrane")
    p.poly([(90, 150), (390, 150), (390, 190), (90, 190)], "membrane")
    p.poly([(0, 284), (90, 150), (90, 190), (0, 360)], "coat2", opacity=0.72)
    p.poly([(480, 284), (390, 150), (390, 190), (480, 360)], "coat2", opacity=0.72)
    p.line("M0 284L90 150H390L480 284", "white", 3, dash="10 7")
    p.ellipse(300, 268, 22, 10, "steel")
    p.ellipse(300, 268, 13, 6, "ink")
    p.line("M150 0v96h26M168 0v78", "steel", 9)
    p.line("M60 332l300 -18M96 268l230 -10", "glass", 4, opacity=0.4)
    p.rect(98, 292, 62, 52, "coat3", 6)
    p.ellipse(129, 292, 31, 10, "membrane")
    p.line("M146 290l38 -56", "wood", 9)
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


CLOSE = {
    make.__name__.replace("_", "-"): make
    for make in (mock_up, insulation, stairwell, samples, drawing, gauge, long_table, wet_room, view_from_nine)
}
