"""Weather and hours of the day over a picture: what a season, rain, fog or the evening do to the same view."""

import random

NIGHTFALL = ("dusk", "night")
# Over the whole picture, from above to below, as CSS: a gradient and how it mixes with what is below.
VEILS = {
    "day": "",
    "morning": "linear-gradient(#ffe9c9 0%, #fff6e0 45%, #f3e2c8 100%); mix-blend-mode: multiply; opacity: .7",
    "rain": "linear-gradient(#8fa0a6 0%, #b4bfc2 60%, #98a3a2 100%); mix-blend-mode: multiply; opacity: .62",
    "fog": "linear-gradient(#eef2f1 0%, #eef2f1cc 35%, #eef2f133 72%, #eef2f100 100%)",
    "dusk": "linear-gradient(#4a5a8c 0%, #9a7f98 48%, #e2a27a 80%, #8d6f62 100%); mix-blend-mode: multiply",
    "night": "linear-gradient(#27345a 0%, #3f4a70 60%, #4b4a5c 100%); mix-blend-mode: multiply; opacity: .76",
}


def rain(p, count=170, seed=5):
    rng = random.Random(seed)  # noqa: S311  the same rain each time
    drops = ((rng.randrange(-20, p.width), rng.randrange(-20, p.height)) for _ in range(count))
    p.line("".join(f"M{x} {y}l-5 17" for x, y in drops), "snow", 1.7, opacity=0.85)
    p.line("".join(f"M{x} {p.height - 9 - x % 17}h26" for x in range(20, p.width, 74)), "water2", 3, opacity=0.8)


def snow(p, count=120, seed=3):
    rng = random.Random(seed)  # noqa: S311  the same snow each time
    for _ in range(count):
        p.circle(rng.randrange(p.width), rng.randrange(p.height), rng.choice((1.3, 1.8, 2.4)), "snow", 0.9)


def leaves(p, base, seed=8):
    """Fallen ones, gold on the ground."""
    rng = random.Random(seed)  # noqa: S311  the same leaves each time
    for _ in range(60):
        p.ellipse(rng.randrange(p.width), base + rng.randrange(4, 40), 4, 2, rng.choice(("gold", "gold2")))


def pine(p, x, base, size=1.0):
    """An evergreen, which says nothing of the season."""
    with p.group(f"translate({x} {base}) scale({size})"):
        p.rect(-3, -16, 6, 16, "trunk")
        for level, half in enumerate((24, 20, 15, 10)):
            top = -14 - level * 19
            p.poly([(-half, top), (half, top), (0, top - 34)], "pine2" if level % 2 else "pine")
