"""Plans from above, and two small diagrams. `python -m portal.ui.art.plans` writes them."""

from .picture import COLOURS, Picture, write

COLOURS |= {
    "land": ("#e9ece2", "#1c2522"),
    "park": ("#cfe0c6", "#25382d"),
    "park2": ("#b3cda6", "#31503d"),
    "road": ("#ffffff", "#2c3633"),
    "roadside": ("#d5d8cd", "#3b4642"),
    "house": ("#d9cfba", "#4a5450"),
    "house2": ("#8b9a92", "#66736d"),
    "mine": ("#f4ad3f", "#ffc766"),
    "ring": ("#9e2b20", "#f4a093"),
    "inner": ("#1a5a4b", "#86ccb6"),
    "text": ("#26312d", "#e9ede9"),
    "ontext": ("#ffffff", "#12201b"),
}
BUILDINGS = {
    1: (236, 176),
    2: (356, 176),
    3: (476, 176),
    4: (596, 176),
    5: (236, 322),
    6: (356, 322),
    7: (476, 322),
    8: (596, 322),
}

FACE = "font-family=\"system-ui, 'Noto Sans CJK SC', sans-serif\""
LABELS = "font-family=\"'Noto Sans CJK SC', system-ui, sans-serif\""


def words(p, x, y, text, colour="text", size=15, bold=False):
    p.used.add(("f", colour))
    weight = ' font-weight="700"' if bold else ""
    p.parts.append(
        f'<text class="f-{colour}" x="{x}" y="{y}" font-size="{size}" text-anchor="middle" {FACE}{weight}>{text}</text>'
    )


def marker(p, x, y, text, colour):
    p.circle(x, y, 15, colour)
    words(p, x, y + 6, text, "ontext", 16, True)


def estate(p):
    p.rect(0, 0, p.width, p.height, "land")
    p.path("M0 0h90q40 120 10 230t30 280H0z", "water")
    p.path("M96 0h54q34 120 8 236t26 274h-54q-42 -130 -26 -270T96 0z", "park")
    for d in ("M0 92H800", "M720 0V510", "M170 430H800"):
        p.line(d, "roadside", 34)
    for d in ("M0 92H800", "M720 0V510", "M170 430H800"):
        p.line(d, "road", 28)
    p.rect(200, 128, 486, 268, "park", 10)
    p.line("M200 249H686M452 128V396", "road", 10)
    p.line("M332 396V128M572 396V128", "road", 5)
    p.ellipse(452, 249, 34, 22, "water2")
    for x in range(222, 676, 34):
        p.circle(x, 378, 7 + x % 4, "park2")
        p.circle(x + 9, 222 if x % 3 else 276, 6 + x % 3, "park2")


def building(p, number, mine=False):
    x, y = BUILDINGS[number]
    p.rect(x, y - 20, 72, 40, "mine" if mine else "house", 3)
    p.rect(x + 22, y - 27, 28, 9, "house2", 2)
    words(p, x + 36, y + 7, str(number), "ink" if mine else "text", 19, True)


def site_plan():
    """The estate and what lies near it; markers match the numbered list on the page."""
    p = Picture(800, 510)
    estate(p)
    for number in BUILDINGS:
        building(p, number)
    p.rect(744, 24, 40, 40, "house2", 3)
    p.rect(744, 452, 46, 42, "house2", 3)
    p.line("M800 470L640 510", "house2", 8)
    p.line("M800 470L640 510", "land", 4, dash="8 8")
    for letter, (x, y) in {"1": (764, 30), "2": (766, 450), "3": (668, 492), "4": (160, 330), "5": (690, 92)}.items():
        marker(p, x, y, letter, "ring")
    for letter, (x, y) in {"A": (314, 322), "B": (434, 176), "C": (572, 396), "D": (674, 176)}.items():
        marker(p, x, y, letter, "inner")
    p.line("M40 476v-40m0 0l-8 12m8 -12l8 12", "text", 2.4)
    words(p, 40, 496, "N", "text", 16, True)
    return p


def gate_map():
    """Where to come on an open day."""
    p = Picture(620, 400)
    with p.group("translate(-170 -46)"):
        estate(p)
        for number in BUILDINGS:
            building(p, number, number == 3)
        p.line("M512 92V156", "ring", 4, dash="2 9")
    marker(p, 342, 46, "★", "ring")
    p.rect(440, 4, 68, 26, "house2", 4)
    words(p, 474, 23, "P", "ontext", 18, True)
    return p


def floors(done=(("结构", 18), ("外窗", 9), ("水电定位", 3), ("抹灰", 0)), count=18, mine=11):
    """Trade by trade, floor by floor: how far each has climbed. The owner's floor is marked."""
    p = Picture(900, 30 + 44 * len(done))
    for row, (name, reached) in enumerate(done):
        y = 34 + row * 44
        p.used.add(("f", "text"))
        p.parts.append(f'<text class="f-text" x="0" y="{y + 22}" font-size="17" {LABELS}>{name}</text>')
        for floor in range(1, count + 1):
            p.rect(110 + (floor - 1) * 38, y, 33, 30, "pine" if floor <= reached else "wall", 4)
            if floor == mine:
                p.line(f"M{110 + (floor - 1) * 38} {y}h33v30h-33z", "mine", 3)
        words(p, 840, y + 22, f"{reached} / {count}", "text", 18, True)
    for floor in (1, 5, mine, count):
        words(p, 126 + (floor - 1) * 38, 20, f"{floor}", "text", 16, floor == mine)
    return p


def straightedge():
    """How flat is flat: a two-metre rule against the wall, and the gap behind it."""
    p = Picture(640, 220)
    p.path("M0 70q160 14 320 2t320 -2V0H0z", "plaster2")
    p.line("M0 70q160 14 320 2t320 -2", "text", 2)
    p.rect(40, 82, 560, 22, "gold2", 3)
    p.line("".join(f"M{x} 104v{-12 if (x - 40) % 70 else -18}" for x in range(54, 600, 14)), "ink", 1.4)
    p.path("M404 74l44 -2v10h-44z", "ring")
    p.line("M426 86v52", "ring", 2)
    p.line("M40 126v18M600 126v18M40 135h560", "text", 1.6)
    words(p, 100, 166, "2 m", "text", 22, True)
    words(p, 426, 176, "≤ 4 mm", "ring", 24, True)
    return p


if __name__ == "__main__":
    for make in (site_plan, gate_map, straightedge, floors):
        write(make.__name__.replace("_", "-"), make())
