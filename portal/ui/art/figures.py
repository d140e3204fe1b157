"""What stands around the buildings: cranes, people, trees, hills, the site's fence."""

import random
from math import cos, radians, sin

SEASONS = {"spring": ("blossom", "blossom2"), "summer": ("leaf", "leaf2"), "autumn": ("gold", "gold2"), "winter": None}


def flag(p, x, y, side=1):
    """Points at the owner's floor; carries a house, no words."""
    p.line(f"M{x} {y}h{46 * side}", "rope", 1.4, dash="2 4")
    left = x + (46 if side > 0 else -82)
    p.rect(left, y - 18, 36, 36, "lamp", 10)
    p.line(f"M{left + 9} {y + 1}q7 -2 9 -9q2 7 9 9M{left + 12} {y + 2}v8h12v-8", "ink", 2)


def crane(p, x, base, height, jib=230, back=70, load="beam", drop=30):
    top = base - height
    p.line(f"M{x - 7} {base}V{top}M{x + 7} {base}V{top}", "crane", 2.4)
    zigzag = "".join(f"L{x + (7 if step % 2 else -7)} {base - step * 16}" for step in range(1, int(height / 16) + 1))
    p.line(f"M{x - 7} {base}{zigzag}", "crane", 1.3)
    p.poly([(x - 9, top), (x + 9, top), (x + 4, top - 34), (x - 4, top - 34)], "crane")
    p.line(f"M{x - jib} {top}H{x + back}M{x - jib} {top}L{x - jib + 12} {top - 9}H{x - 6}", "crane", 2.2)
    p.line("".join(f"M{x - step} {top}l8 -9l8 9" for step in range(24, jib - 8, 16)), "crane", 1.1)
    p.line(f"M{x} {top - 33}L{x - jib * 0.6:.0f} {top - 9}M{x} {top - 33}L{x + back - 8} {top}", "crane2", 1.2)
    p.rect(x + back - 26, top - 1, 24, 17, "brick2", 2)
    p.rect(x + 8, top + 3, 15, 18, "crane", 2)
    p.rect(x + 11, top + 6, 9, 8, "glass")
    hook = x - jib * 0.62
    p.line(f"M{hook} {top}v{drop}", "rope", 1)
    if load == "glass":
        p.line(f"M{hook} {top + drop - 2}l-16 14M{hook} {top + drop - 2}l16 14", "rope", 1)
        p.rect(hook - 20, top + drop + 12, 40, 28, "glass2")
        p.line(f"M{hook - 20} {top + drop + 12}h40v28h-40zM{hook} {top + drop + 12}v28", "frame", 1.4)
    else:
        p.line(f"M{hook} {top + drop - 2}l-24 12M{hook} {top + drop - 2}l24 12", "rope", 1)
        p.line(
            f"M{hook - 36} {top + drop + 11}h72M{hook - 33} {top + drop + 15}h68M{hook - 36} {top + drop + 19}h70",
            "copper",
            2,
        )


def person(p, x, y, *, coat="coat", helmet=None, scale=1.0, face=1, arm=None):
    """About 28 high; `arm` 'up' points, 'out' works."""
    with p.group(f"translate({x} {y}) scale({scale * face} {scale})"):
        p.line("M-2.5 -9V0M2.5 -9V0", "ink", 3.4)
        p.path("M-5.5 -9v-7q0 -5 5.5 -5t5.5 5v7z", coat)
        p.circle(0, -24.5, 4.2, "skin")
        if helmet:
            p.path("M-5 -25q0 -5.5 5 -5.5t5 5.5h2.5v1.3h-12.5z", helmet)
        else:
            p.path("M-4.4 -24q-.4 -5 4.4 -5t4.2 4q-5 .2 -8.6 1z", "ink")
        if arm == "up":
            p.line("M4 -17L11 -26", coat, 3)
        elif arm == "out":
            p.line("M4 -17l8 3", coat, 3)


def tree(p, x, base, *, size=1.0, season="winter", seed=1, kind="round"):
    rng = random.Random(seed)  # noqa: S311  the same trees each time
    with p.group(f"translate({x} {base}) scale({size})"):
        if kind == "willow":
            willow(p, season)
            return
        p.path("M-4 0q2 -20 0 -44h8q-2 24 1 44z", "trunk")
        if SEASONS[season] is None:
            branch(p, rng, 0, -40, -90, 26, 4)
            return
        dark, light = SEASONS[season]
        for cx, cy, r in ((-18, -54, 20), (18, -56, 21), (0, -74, 26), (-8, -50, 18)):
            p.circle(cx, cy, r, dark)
        for cx, cy, r in ((-20, -60, 11), (6, -82, 13), (16, -62, 10)):
            p.circle(cx, cy, r, light)


def willow(p, season):
    p.path("M-5 0q5 -26 -2 -56l9 -4q1 30 3 60z", "trunk")
    dark, light = SEASONS[season] or ("trunk", "trunk")
    if SEASONS[season]:
        p.ellipse(2, -66, 40, 24, dark)
        p.ellipse(-6, -74, 22, 11, light)
    for n, start in enumerate(range(-38, 43, 8)):
        p.line(
            f"M{start} {-62 + abs(start) * 0.2:.0f}q{start * 0.12:.1f} 20 {start * 0.08:.1f} {34 + (n * 7) % 15}",
            light if n % 2 else dark,
            3.4 if SEASONS[season] else 1.2,
        )


def branch(p, rng, x, y, angle, length, depth):
    ex, ey = x + cos(radians(angle)) * length, y + sin(radians(angle)) * length
    p.line(f"M{x:.1f} {y:.1f}L{ex:.1f} {ey:.1f}", "trunk", depth * 0.9)
    if depth > 1:
        for turn in (-30 - rng.randrange(12), 24 + rng.randrange(14)):
            branch(p, rng, ex, ey, angle + turn, length * 0.74, depth - 1)


def hoarding(p, x, base, width, gap=None):
    """The site fence in the company's colour, with its mark; `gap` leaves a gate open."""
    for left in range(x, x + width, 46):
        if gap and gap[0] <= left < gap[1]:
            continue
        p.rect(left, base - 30, 45, 30, "pine")
        p.rect(left, base - 30, 45, 3, "pine2")
        if (left - x) // 46 % 3 == 1:
            p.line(f"M{left + 12} {base - 15}q9 -1 11 -7q2 6 11 7", "snow", 2)
            p.rect(left + 20.5, base - 13, 5, 6, "lamp")


def hills(p, width, base):
    p.path(
        f"M0 {base}Q{width * 0.18} {base - 120} {width * 0.36} {base - 70}T{width * 0.68} {base - 92}T{width} {base}z",
        "hill",
    )
    p.path(
        f"M{width * 0.06} {base}Q{width * 0.3} {base - 72} {width * 0.5} {base - 40}T{width * 0.94} {base}z", "hill2"
    )


def neighbour(p, x, base, bays, floors):
    """A pale tower in the distance."""
    top = base - floors * 16
    p.rect(x, top, bays * 20, floors * 16, "far")
    holes = (f"M{x + 6 + bay * 20} {top + 5 + floor * 16}h8v7h-8z" for floor in range(floors) for bay in range(bays))
    p.path("".join(holes), "farwin")


def cloud(p, x, y, size=1.0):
    with p.group(f"translate({x} {y}) scale({size})"):
        p.path("M0 0q2 -14 18 -13q8 -14 25 -9q14 -8 24 6q14 0 15 16z", "cloud")


def snowfall(p, width, height, seed=3, count=60):
    rng = random.Random(seed)  # noqa: S311  the same trees each time
    for _ in range(count):
        p.circle(rng.randrange(width), rng.randrange(height), rng.choice((1.2, 1.6, 2.2)), "snow", 0.9)


def cradle(p, x, top, y, width=74):
    """The hanging platform from which windows go in, with two people at work."""
    p.line(f"M{x + 6} {top}V{y}M{x + width - 6} {top}V{y}", "rope", 0.9)
    person(p, x + 22, y + 13, coat="orange", helmet="white", scale=0.72, arm="out")
    person(p, x + 52, y + 13, coat="orange", helmet="coat3", scale=0.72, face=-1, arm="out")
    p.rect(x, y + 2, width, 13, "crane", 2)
    p.line(f"M{x + 4} {y + 8}h{width - 8}", "crane2", 1.2)


def net(p, x, y1, y2, width):
    """Green safety mesh over floors that are still open."""
    p.rect(x - 5, y1, width + 34, y2 - y1, "net", opacity=0.72)
    p.line("".join(f"M{x - 5} {y}h{width + 34}" for y in range(int(y1), int(y2), 11)), "net2", 1)
    p.line("".join(f"M{left} {y1}V{y2}" for left in range(x - 5, x + width + 30, 34)), "net2", 1.6)


def cabin(p, x, base):
    p.rect(x, base - 34, 78, 34, "paper")
    p.rect(x, base - 38, 78, 5, "coat2")
    p.rect(x + 9, base - 26, 22, 13, "lamp2")
    p.line(f"M{x + 20} {base - 26}v13", "frame", 1)
    p.rect(x + 46, base - 28, 17, 28, "coat2")


def excavator(p, x, base):
    p.rect(x, base - 12, 62, 12, "ink", 6)
    p.rect(x + 4, base - 36, 44, 24, "crane", 4)
    p.rect(x + 8, base - 56, 26, 22, "crane", 3)
    p.rect(x + 12, base - 52, 17, 14, "glass")
    p.line(f"M{x + 44} {base - 30}L{x + 82} {base - 66}L{x + 104} {base - 22}", "crane2", 7)
    p.path(f"M{x + 95} {base - 26}l20 -2l-3 18q-14 4 -19 -4z", "ink")


def family(p, x, base, scale=1.0):
    """The owners, looking up at their floor."""
    person(p, x, base, coat="coat", scale=scale, arm="up")
    person(p, x + 20 * scale, base, coat="coat2", scale=scale * 1.06)
    person(p, x + 9 * scale, base, coat="coat3", scale=scale * 0.62)


def planting(p, x, base):
    """The fence is down on one side and the first trees arrive."""
    for left, size in ((x + 22, 0.62), (x + 84, 0.7)):
        tree(p, left, base, size=size, season="summer", seed=left)
    person(p, x + 50, base, coat="leaf", helmet="coat3", arm="out")
    p.line(f"M{x + 60} {base - 15}V{base}", "trunk", 2)


def cat(p, x, y):
    p.path(f"M{x} {y}q-3 -13 5 -15l-1 -7l4 3h4l4 -3l0 8q5 6 2 14z", "ink")
    p.line(f"M{x + 17} {y - 2}q9 -1 7 -11", "ink", 2.4)


def river(p, x, base, width):
    p.rect(x, base - 20, width, 20, "water")
    for n in range(9):
        p.line(f"M{x + 16 + (n * 67) % (width - 60)} {base - 15 + (n * 5) % 12}h{22 + n % 3 * 8}", "water2", 2)
