"""Stand-ins for photographs taken inside: by owners, and by those who repair."""

import random

from .figures import tree
from .photo_tools import H, W, photo


def pipes():
    """Pipes and wires before the wall is closed, with a rule held against them."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    rng = random.Random(8)  # noqa: S311  the same wall each time
    for row in range(9):
        for column in range(-1, 6):
            x, y = column * 96 + (row % 2) * 48, row * 40
            p.rect(x + 1.5, y + 1.5, 93, 37, rng.choice(("plaster2", "plaster", "plaster2")), 1)
    for left in (84, 132, 336):
        p.rect(left - 16, 0, 32, 320, "concrete2")
    p.line("M78 0v232q0 22 20 22h70", "red", 10)
    p.line("M94 0v212", "blue", 10)
    p.line("M132 0v176M342 0v130M328 0v130", "steel", 9)
    p.line("M342 130v62M328 130v62", "steel", 9)
    for x, y in ((106, 170), (306, 178), (180, 236)):
        p.rect(x, y, 58, 46, "steel2", 4)
        p.rect(x + 7, y + 7, 44, 32, "void", 3)
        p.line(f"M{x + 16} {y + 24}q8 -14 14 0t14 0", "copper", 3)
    p.rect(0, 320, W, 40, "concrete2")
    p.rect(224, 60, 22, 262, "gold2", 2)
    p.line("".join(f"M224 {y}h{12 if y % 50 else 20}" for y in range(70, 320, 10)), "ink", 1.6)
    p.line("M300 96h104", "red", 2, dash="8 6")
    p.path("M396 88l16 8l-16 8z", "red")
    return p


def ceiling():
    """What the owner saw: a brown ring on the bathroom ceiling."""
    p = photo()
    p.rect(0, 0, W, H, "tile")
    p.poly([(0, 0), (480, 0), (398, 232), (82, 232)], "paper")
    for n in range(1, 5):
        p.line(f"M{n * 96} 0L{82 + n * 63.2:.0f} 232", "tile2", 2.5)
    for y in (58, 122, 180):
        p.line(f"M{y * 0.353:.0f} {y}H{480 - y * 0.353:.0f}", "tile2", 2.5)
    p.path("M196 60q70 -34 122 6q46 30 8 66q-58 42 -118 12q-62 -44 -12 -84z", "stain", 0.75)
    p.path("M222 74q52 -20 84 8q26 22 0 42q-40 24 -78 4q-34 -30 -6 -54z", "paper", 0.85)
    p.line("M196 60q70 -34 122 6q46 30 8 66q-58 42 -118 12q-62 -44 -12 -84z", "stain2", 3)
    p.path("M262 146q8 12 0 18q-8 -6 0 -18zM300 132q6 9 0 14q-6 -5 0 -14z", "blue")
    p.rect(100, 150, 74, 26, "white", 4)
    p.rect(100, 150, 74, 26, "lamp2", 4, 0.8)
    for row in range(4):
        p.line(f"M82 {232 + row * 36}H398", "tile2", 2)
    p.line("".join(f"M{left} 232V360" for left in range(82, 400, 63)), "tile2", 2)
    p.line("M82 232V360M398 232V360M82 232L0 300M398 232L480 300", "tile2", 3)
    p.rect(196, 270, 96, 90, "sky", 3)
    p.line("M196 270h96v90", "steel", 4)
    return p


def drain():
    """Upstairs: the floor opened around the drain, the new membrane still wet."""
    p = photo()
    p.rect(0, 0, W, H, "tile")
    for n in range(-1, 6):
        p.line(f"M{n * 100 + 30} 0L{n * 118} 360", "tile2", 3)
    for y in (40, 128, 232):
        p.line(f"M0 {y}H480", "tile2", 3)
    p.path("M104 60l286 -8l22 236l-318 16z", "concrete2")
    p.path("M132 84l232 -6l18 182l-262 14z", "membrane")
    p.line("M150 110l190 -4M146 140l206 -4M144 172l214 -6M140 204l224 -6M138 236l230 -8", "blue", 5, 0.35)
    p.ellipse(250, 170, 58, 50, "blue", 0.8)
    p.ellipse(250, 170, 38, 32, "steel")
    p.ellipse(250, 170, 26, 21, "ink")
    p.line("M228 170h44M250 152v36M234 158l32 24M266 158l-32 24", "steel2", 2.4)
    p.line("M480 350L372 236", "wood", 15)
    p.path("M388 268l-54 -34l24 -30l46 44z", "coat3")
    p.path("M334 234l24 -30l-14 -8l-22 28z", "blue")
    return p


def water_test():
    """Twenty-four hours under water: a line of tape, and a sheet with the times."""
    p = photo()
    p.rect(0, 0, W, 210, "tile")
    for y in (60, 135):
        p.line(f"M0 {y}H480", "tile2", 3)
    p.line("".join(f"M{left} 0V210" for left in range(40, 480, 88)), "tile2", 3)
    p.path("M0 210h480v150H0z", "water")
    p.path("M0 210h480v24H0z", "tile2", 0.8)
    for n, (left, y, length) in enumerate(
        ((30, 262, 120), (210, 280, 90), (340, 256, 110), (80, 312, 170), (300, 332, 130))
    ):
        p.line(f"M{left} {y}h{length}", "water2", 4 + n % 2)
    p.rect(0, 204, W, 9, "coat2")
    p.rect(286, 60, 112, 128, "paper", 3)
    p.line("M302 84h60M302 106h80M302 126h80M302 146h52", "ink", 4)
    p.line("M354 166l10 9l20 -22", "pine", 5)
    p.rect(322, 50, 40, 16, "coat3", 2)
    p.rect(96, 96, 92, 114, "white", 8)
    p.rect(84, 84, 116, 18, "white", 8)
    p.line("M84 102h116", "tile2", 3)
    p.ellipse(142, 318, 40, 15, "steel2", 0.7)
    p.ellipse(142, 318, 24, 8, "coat", 0.8)
    return p


def radiator():
    """A thermometer held to the radiator in the north bedroom."""
    p = photo()
    p.rect(0, 0, W, H, "wall")
    p.rect(110, 0, 260, 130, "sky")
    tree(p, 318, 132, size=1.2, season="winter", seed=3)
    p.line("M110 -10v140h260v-140M240 -10v140", "frame", 9)
    p.rect(92, 130, 296, 14, "paper")
    for n in range(9):
        p.rect(104 + n * 31, 168, 25, 132, "white", 9)
        p.line(f"M{108 + n * 31} 178v112", "tile2", 3)
    p.line("M104 182h272M104 286h272", "tile2", 6)
    p.line("M388 290h40v40M388 290h-14", "steel", 9)
    p.rect(402, 276, 24, 22, "red", 5)
    p.rect(0, 320, W, 40, "wood")
    p.rect(0, 314, W, 9, "paper")
    p.rect(190, 196, 92, 78, "ink", 12)
    p.rect(200, 206, 72, 44, "leaf2", 5)
    p.line("M217 218v20M230 218v11h13M243 218v20", "ink", 4)
    p.circle(262, 216, 3, "ink")
    p.line("M236 274v70", "skin", 34)
    p.line("M236 320v60", "coat2", 42)
    return p


def lobby():
    """The entrance hall: stone laid, lift doors still in their film."""
    p = photo()
    p.rect(0, 0, W, H, "plaster")
    p.poly([(0, 0), (480, 0), (400, 60), (80, 60)], "paper")
    p.poly([(0, 360), (480, 360), (400, 262), (80, 262)], "tile2")
    p.poly([(0, 0), (80, 60), (80, 262), (0, 360)], "wood")
    p.poly([(480, 0), (400, 60), (400, 262), (480, 360)], "plaster2")
    p.line("M20 18v324M40 34v284M60 48v240", "trunk", 2)
    p.rect(80, 60, 320, 202, "tile")
    for left in (128, 262):
        p.rect(left, 104, 90, 158, "frame")
        p.rect(left + 7, 111, 37, 151, "steel")
        p.rect(left + 46, 111, 37, 151, "steel")
        p.rect(left + 14, 130, 62, 60, "blue", opacity=0.28)
    p.rect(233, 160, 14, 34, "frame", 3)
    p.circle(240, 171, 3.4, "lamp")
    p.line("M172 84h136", "lamp2", 9)
    p.line("M200 262L160 360M280 262L320 360M110 298h260M60 330h360", "slab", 2.5)
    for row in range(4):
        p.poly([(416, 120 + row * 28), (462, 104 + row * 38), (462, 134 + row * 38), (416, 142 + row * 28)], "steel2")
    return p


def keys():
    """The board in the handover office; one hook is yours."""
    p = photo()
    p.rect(0, 0, W, H, "wood")
    p.rect(24, 24, 432, 312, "paper", 8)
    for row in range(2):
        for column in range(4):
            x, y = 84 + column * 104, 52 + row * 142
            mine = (row, column) == (0, 2)
            p.circle(x, y, 6, "steel2")
            p.line(f"M{x} {y}v16", "steel2", 3)
            p.rect(x - 22, y + 14, 44, 54, "lamp" if mine else "pine", 8)
            p.circle(x, y + 24, 4, "paper")
            p.line(f"M{x - 9} {y + 52}q7 -2 9 -10q2 8 9 10", "ink" if mine else "snow", 3)
            p.circle(x + 4, y + 84, 11, "gold")
            p.circle(x + 4, y + 84, 5, "paper")
            p.line(f"M{x + 4} {y + 95}v26m0 -8h8m-8 8h6", "gold", 5)
    return p
