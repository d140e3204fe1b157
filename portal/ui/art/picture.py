"""A small SVG writer: shapes take the name of a colour, and a colour has a value for the day and one for the night.

Scenes stand on their bottom edge and leave the sky empty: the page puts its own ground and sky behind them.
Photographs (`themed=False`) keep their daylight. Colours are classes in one style block, so no inline styles.
"""

from contextlib import contextmanager
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static" / "ui" / "art"

COLOURS = {
    # the land
    "hill": ("#cadbd2", "#1d2e33"),
    "hill2": ("#b9cfc4", "#22373a"),
    "far": ("#c6d5ce", "#24353b"),
    "farwin": ("#b3c6be", "#2c4047"),
    "cloud": ("#f2f7f4", "#22343b"),
    "sun": ("#f6d9a0", "#c3cdc6"),
    "snow": ("#ffffff", "#b9c8cb"),
    "water": ("#a9cbd0", "#1f3a45"),
    "water2": ("#c3dcdf", "#294956"),
    "earth": ("#b9a58b", "#3d3a33"),
    "earth2": ("#a28d72", "#34322c"),
    # the building
    "wall": ("#f6f0e2", "#46534f"),
    "wall2": ("#ddd3bf", "#38433f"),
    "slab": ("#c9bea8", "#55635e"),
    "brick": ("#8f9490", "#303b3b"),
    "brick2": ("#757b78", "#283231"),
    "roof": ("#5f6a66", "#222c2b"),
    "concrete": ("#bdbcb4", "#4b5452"),
    "concrete2": ("#a3a29a", "#3e4746"),
    "frame": ("#3f4b47", "#18201f"),
    "glass": ("#9fc3c9", "#2d4a57"),
    "glass2": ("#c4dfe1", "#3b5c69"),
    "void": ("#5d6763", "#151c1c"),
    "lamp": ("#f4ad3f", "#ffc766"),
    "lamp2": ("#ffd58a", "#ffe0a3"),
    # the site
    "net": ("#5f9c86", "#2c5a4d"),
    "net2": ("#4f8a75", "#244c41"),
    "crane": ("#d9962b", "#b98534"),
    "crane2": ("#a86f17", "#8a6124"),
    "pine": ("#1a5a4b", "#1f5e50"),
    "pine2": ("#14473b", "#184c41"),
    "rope": ("#26312d", "#93a5a4"),
    "copper": ("#b9683d", "#96583a"),
    "orange": ("#e07f35", "#c47436"),
    # trees and people
    "trunk": ("#7b6654", "#5a4d43"),
    "leaf": ("#6f9d6c", "#2f5442"),
    "leaf2": ("#8bb37c", "#3a634c"),
    "gold": ("#e0ad4a", "#8a6b33"),
    "gold2": ("#ecc46f", "#a07d40"),
    "blossom": ("#f0c9c6", "#8a6a6e"),
    "blossom2": ("#f8dedb", "#a48286"),
    "skin": ("#e3b894", "#b58f72"),
    "coat": ("#b5483a", "#94493f"),
    "coat2": ("#33566b", "#3c5a6b"),
    "coat3": ("#d9b45b", "#ad9150"),
    "ink": ("#26312d", "#0e1413"),
    "white": ("#ffffff", "#d5dedb"),
    "blue": ("#4d8aa8", "#4a7d97"),
    "red": ("#b5483a", "#b5584a"),
    # inside
    "paper": ("#faf8f2", "#c9cfca"),
    "tile": ("#e9e6de", "#7a827e"),
    "tile2": ("#d8d4c9", "#69716d"),
    "stain": ("#dcc297", "#8f7a58"),
    "stain2": ("#c9a873", "#7d6646"),
    "membrane": ("#6f98a6", "#4f7380"),
    "plaster": ("#d9d3c7", "#59605c"),
    "plaster2": ("#c8c1b3", "#4d5450"),
    "steel": ("#aab4b3", "#6d7877"),
    "steel2": ("#87928f", "#566160"),
    "sky": ("#cfe0e0", "#22343b"),
    "wood": ("#c79a68", "#8a6a48"),
}


class Picture:
    """Collects shapes; `svg()` gives the finished file."""

    def __init__(self, width, height, *, themed=True):
        self.width, self.height, self.themed = width, height, themed
        self.parts, self.shapes, self.used = [], {}, set()

    def _add(self, tag, attributes):
        words = (f'{key.replace("_", "-")}="{number(value)}"' for key, value in attributes.items() if value is not None)
        self.parts.append(f"<{tag} {' '.join(words)}/>")

    def _name(self, kind, colour):
        self.used.add((kind, colour))
        return f"{kind}-{colour}"

    def rect(self, x, y, w, h, colour, r=None, opacity=None):
        self._add(
            "rect",
            {"class": self._name("f", colour), "x": x, "y": y, "width": w, "height": h, "rx": r, "opacity": opacity},
        )

    def circle(self, x, y, r, colour, opacity=None):
        self._add("circle", {"class": self._name("f", colour), "cx": x, "cy": y, "r": r, "opacity": opacity})

    def ellipse(self, x, y, rx, ry, colour, opacity=None):
        self._add(
            "ellipse", {"class": self._name("f", colour), "cx": x, "cy": y, "rx": rx, "ry": ry, "opacity": opacity}
        )

    def path(self, d, colour, opacity=None):
        self._add("path", {"class": self._name("f", colour), "d": d, "opacity": opacity})

    def poly(self, points, colour, opacity=None):
        self.path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z", colour, opacity)

    def line(self, d, colour, w=2, opacity=None, dash=None):
        self._add(
            "path",
            {"class": self._name("l", colour), "d": d, "stroke-width": w, "opacity": opacity, "stroke-dasharray": dash},
        )

    @contextmanager
    def group(self, transform):
        self.parts.append(f'<g transform="{transform}">')
        yield self
        self.parts.append("</g>")

    def stamp(self, name, x, y, draw):
        """Draw once at the origin, then place it as often as needed: keeps a tower of many floors small."""
        if name not in self.shapes:
            outer, self.parts = self.parts, []
            draw()
            self.shapes[name], self.parts = "".join(self.parts), outer
        self._add("use", {"href": f"#{name}", "x": x, "y": y})

    def svg(self):
        day, night = (("".join(rule(*each, theme) for each in sorted(self.used))) for theme in (0, 1))
        night = f"@media(prefers-color-scheme:dark){{{night}}}" if self.themed else ""
        style = f"<style>[class^=l-]{{fill:none;stroke-linecap:round;stroke-linejoin:round}}{day}{night}</style>"
        shapes = "".join(f'<g id="{name}">{body}</g>' for name, body in self.shapes.items())
        defs = f"<defs>{shapes}</defs>\n" if shapes else ""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}">'
        return f"{head}\n{style}\n{defs}" + "\n".join(self.parts) + "\n</svg>\n"


def rule(kind, name, theme):
    return f".{kind}-{name}{{{'fill' if kind == 'f' else 'stroke'}:{COLOURS[name][theme]}}}"


def number(value):
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def write(name, picture, folder=STATIC):
    """Put the finished file among the static ones, or into `folder`."""
    (Path(folder) / f"{name}.svg").write_text(picture.svg(), encoding="utf-8")
