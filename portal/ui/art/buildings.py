"""Towers, blocks and low houses, floor by floor."""

from .figures import person

FLOOR = 22  # height of one storey


def opening(p, x, y, w, h, state):
    """A hole in a wall: 'void', 'glass' or 'lit'."""
    p.rect(x, y, w, h, {"void": "void", "glass": "glass", "lit": "lamp"}[state])
    if state == "void":
        p.line(f"M{x} {y + h - 4}h{w}", "orange", 1.2)
        return
    if state == "glass":
        p.poly([(x, y), (x + w * 0.55, y), (x + w * 0.2, y + h), (x, y + h)], "glass2")
    p.line(f"M{x} {y}h{w}v{h}h{-w}zM{x + w / 2} {y}v{h}", "frame", 1)


def storey(p, x, y, bays, state, lit=()):
    """One floor of a tower: windows and balconies by turns, and a shaded side."""
    p.stamp(f"{state}{bays}", x, y, lambda: plain_storey(p, bays, state))
    for bay in lit:
        p.stamp(f"lit{bay % 2}", x + bay * 34, y, lambda balcony=bay % 2: bay_of(p, balcony, "lit"))


def plain_storey(p, bays, state):
    width = bays * 34
    p.rect(0, 0, width, FLOOR, "wall")
    p.rect(width, 0, 26, FLOOR, "wall2")
    for bay in range(bays):
        with p.group(f"translate({bay * 34})"):
            bay_of(p, bay % 2, state)
    opening(p, width + 8, 6, 9, 11, state)
    p.rect(-2, FLOOR - 2.4, width + 2, 2.4, "slab")
    p.rect(width, FLOOR - 2.4, 28, 2.4, "brick")


def bay_of(p, balcony, state):
    if not balcony:
        opening(p, 8, 6, 18, 12, state)
        return
    opening(p, 3, 4, 28, 15.6, state)
    p.rect(1, 13.5, 32, 1.4, "frame")
    p.line("M3 14v5.6" + "m4 -5.6v5.6" * 7, "frame", 0.7)


def bare_floor(p, bays):
    """Slab and columns only: the floor is up, its walls are not."""
    for left in [*range(-3, bays * 34, 34), bays * 34 - 3, bays * 34 + 20]:
        p.rect(left, 0, 6, FLOOR, "concrete2")
    p.rect(-4, FLOOR - 4, bays * 34 + 34, 4, "concrete")
    p.line(f"M-2 10h{bays * 34 + 28}", "orange", 1)


def tower(p, x, base, *, bays=5, floors=18, up=18, glazed=18, mine=None, lit=(), bare=2):
    """A tower standing at `base`; returns the y of its top. `lit` holds (floor, bay) pairs."""
    closed = up if up == floors else up - bare
    for floor in range(1, up + 1):
        y = base - 20 - floor * FLOOR
        if floor > closed:
            p.stamp("bare", x, y, lambda: bare_floor(p, bays))
            continue
        lamps = {bay for level, bay in lit if level == floor} | ({1, 2} if floor == mine else set())
        storey(p, x, y, bays, "glass" if floor <= glazed else "void", lamps)
    width, top = bays * 34, base - 20 - up * FLOOR
    if up:
        podium(p, x, base, width, glazed > 0)
    if 0 < up < floors:
        p.line("".join(f"M{x + bay * 17} {top}v-9" for bay in range(bays * 2 + 2)), "copper", 1.4)
    elif up == floors:
        crown(p, x, top, width)
    return top


def podium(p, x, base, width, open_door):
    p.rect(x - 6, base - 20, width + 6, 20, "brick")
    p.rect(x + width, base - 20, 30, 20, "brick2")
    door = x + width * 0.5 - 14
    p.rect(door, base - 16, 28, 16, "lamp2" if open_door else "void")
    p.line(f"M{door + 14} {base - 16}v16", "frame", 1)
    p.poly([(door - 10, base - 17), (door + 38, base - 17), (door + 34, base - 21), (door - 6, base - 21)], "frame")


def crown(p, x, top, width):
    """Parapet, and the company's eave over the lift room."""
    p.rect(x - 3, top - 6, width + 3, 6, "slab")
    p.rect(x + width, top - 6, 29, 6, "brick")
    mid = x + width * 0.42
    p.rect(mid - 30, top - 22, 60, 16, "wall2")
    p.rect(mid - 7, top - 18, 14, 12, "brick")
    p.path(f"M{mid - 46} {top - 21}q34 -4 46 -17q12 13 46 17z", "roof")


def block(p, x, base, *, storeys=6, bays=6, done=3, scaffold=True):
    """A brick block of the 1990s, repaired from left to right: `done` bays wear their new coat."""
    for bay in range(bays):
        left, fresh = x + bay * 40, bay < done
        p.rect(left, base - storeys * 26, 40, storeys * 26, "wall" if fresh else "brick")
        for level in range(storeys):
            y = base - (level + 1) * 26
            lit = (level * 5 + bay * 3) % 7 == 0
            p.rect(left + 9, y + 6, 22, 14, "lamp" if lit else "glass" if fresh else "void")
            p.line(f"M{left + 9} {y + 6}h22v14h-22zM{left + 20} {y + 6}v14", "frame", 1)
            p.rect(left + 6, y + 20, 28, 2.5, "slab" if fresh else "brick2")
    p.path(f"M{x - 12} {base - storeys * 26}l14 -20h{bays * 40 - 4}l14 20z", "roof")
    if scaffold and done < bays:
        left, right = x + done * 40 - 4, x + min(bays, done + 2) * 40 + 4
        p.line("".join(f"M{left} {base - level * 26 - 4}H{right}" for level in range(storeys + 1)), "crane", 2)
        p.line("".join(f"M{pole} {base}v{-storeys * 26 - 10}" for pole in range(left, right + 1, 29)), "crane", 2)
        person(p, left + 34, base - 4 * 26 - 5, coat="orange", helmet="white", scale=0.8, arm="out")
        person(p, left + 66, base - 2 * 26 - 5, coat="blue", helmet="coat3", scale=0.8, arm="up", face=-1)


def lowrise(p, x, base, bays=5, floors=7, lit=()):
    """A finished, lived-in building of balconies."""
    for floor in range(1, floors + 1):
        storey(p, x, base - 14 - floor * FLOOR, bays, "glass", {b for f, b in lit if f == floor})
    p.rect(x - 6, base - 14, bays * 34 + 36, 14, "brick")
    crown(p, x, base - 14 - floors * FLOOR, bays * 34)
