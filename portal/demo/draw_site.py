"""Draw the pictures of the public site anew: `python -m portal.demo.draw_site [NAME …]` (needs Chromium).

Scenes, plans and portraits; they become JPEG and PNG files in `site/pictures/`, which `load_demo` gives to Wagtail.
"""

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from portal.ui.art import scenes
from portal.ui.art.buildings import tower
from portal.ui.art.figures import cloud, crane, family, hills, hoarding, neighbour, tree
from portal.ui.art.picture import Picture
from portal.ui.art.plans import gate_map, marker, site_plan, straightedge

from .draw_photos import FLAGS
from .draw_portraits import Look, drawing
from .site.plans import ROOMS

FOLDER = Path(__file__).parent / "site" / "pictures"
LARGEST = 60_000  # bytes
PAGE = """<!doctype html><style>
  body {{ margin: 0 }}
  svg {{ display: block; width: {width}px; height: {height}px }}
</style>{svg}"""
LOOKS = {
    "su": Look("#e9e2d2", "#f3cdac", "#dfb18c", "#2a2220", "bob", "#7d8f5a", "#fbf8f1"),
    "lin": Look("#d8dfd3", "#dfae87", "#c7946c", "#3b302a", "short", "#5b4636", "#efe6d6"),
    "ye": Look("#dde2ea", "#efc6a2", "#dbab85", "#4a4340", "bun", "#5a5f86", "#f7f4ec", glasses=True),
    "he": Look("#ead9d6", "#f1c8a6", "#dcae89", "#241c1a", "bun", "#a24b3c", "#fbf8f1"),
    "cheng": Look("#d3dcdc", "#dcab86", "#c4926c", "#8d8a86", "short", "#26312d", "#e9e4d8", glasses=True),
}


def under_the_sky(picture, sky="sky"):
    """A scene with its sky painted: raster images have no page behind them."""
    picture.themed = False
    behind = Picture(picture.width, picture.height)
    behind.rect(0, 0, picture.width, picture.height, sky)
    picture.used |= behind.used
    picture.parts = behind.parts + picture.parts
    return picture


def lane(width=800, height=600):
    """Qinghuai Lane as it stands: Building 3 glazed to its ninth floor, Building 2 one floor short of its roof."""
    p, base = Picture(width, height), height
    p.circle(690, 84, 26, "sun")
    for left, top, size in ((60, 90, 1.2), (300, 40, 0.8)):
        cloud(p, left, top, size)
    hills(p, width, base)
    neighbour(p, 30, base, 4, 9)
    crane(p, 610, base, 560, jib=180, load="glass")
    tower(p, 150, base, floors=18, up=17, glazed=0, mine=None, bays=4)
    tower(p, 420, base, floors=18, up=18, glazed=9, mine=None, bays=5)
    tree(p, 350, base, size=1.7, season="summer", seed=3)
    for left, size in ((60, 0.8), (700, 1), (760, 0.75)):
        tree(p, left, base, size=size, season="summer", seed=left)
    hoarding(p, 600, base, 92)
    family(p, 300, base, 1.1)
    return p


def on_paper(picture):
    return under_the_sky(picture, "paper")


def plan(name):
    """Walls, windows and a number in each room; the page lists what the numbers mean."""
    rooms = ROOMS[name]
    width = max(left + across for left, _top, across, *_rest in rooms)
    height = max(top + down for _left, top, _across, down, *_rest in rooms)
    p = Picture(width * 6 + 60, height * 6 + 90, themed=False)
    p.rect(0, 0, p.width, p.height, "paper")
    for number, (left, top, across, down, _english, chinese) in enumerate(rooms, start=1):
        window = 30 + (top and height) * 6
        _room(p, 30 + left * 6, 30 + top * 6, across * 6, down * 6, name=chinese, window=window)
        marker(p, 30 + (left + across * 0.42) * 6, 30 + (top + down / 2) * 6, str(number), "inner")
    ends = height * 6 + 62
    p.line(f"M30 {ends}h300M30 {ends - 6}v12M330 {ends - 6}v12", "ink", 2)
    p.line("".join(f"M{x} {ends - 3}v6" for x in range(90, 330, 60)), "ink", 1.4)
    return p


def _room(p, x, y, across, down, *, name, window):
    p.rect(x, y, across, down, "tile" if name in TILED else "white")
    FURNITURE[name](p, x, y, across, down)
    p.line(f"M{x} {y}h{across}v{down}h{-across}z", "ink", 6)
    p.line(f"M{x + across / 3} {window}h{across / 3}", "glass", 7)


def _bed(p, x, y, across, down):
    left, top = x + across - 110, y + down - 140
    p.rect(left, top, 100, 130, "plaster", 6)
    p.rect(left, top + 44, 100, 86, "glass2", 6)
    for pillow in (8, 54):
        p.rect(left + pillow, top + 8, 38, 26, "white", 5)
    p.rect(x + 8, y + 8, 34, min(150, down - 20), "wood", 3)


def _kitchen(p, x, y, across, down):
    p.rect(x + 6, y + 6, across - 12, 36, "plaster", 2)
    p.rect(x + across * 0.42, y + 12, 44, 24, "glass2", 6)
    for ring in (24, 46):
        p.circle(x + ring, y + 24, 9, "steel2")
    p.rect(x + across - 42, y + 42, 36, 100, "plaster", 2)


def _bath(p, x, y, across, down):
    p.rect(x + 10, y + down - 84, across - 20, 74, "glass2", 8)
    p.ellipse(x + 30, y + 44, 15, 20, "white")
    p.rect(x + across - 52, y + 12, 42, 28, "white", 8)


def _living(p, x, y, across, down):
    p.rect(x + 14, y + down - 74, 170, 58, "membrane", 12)
    p.rect(x + 24, y + down - 62, 150, 44, "glass2", 8)
    p.circle(x + across - 84, y + 78, 40, "wood")
    for step_x, step_y in ((-58, 0), (58, 0), (0, -58), (0, 58)):
        p.circle(x + across - 84 + step_x, y + 78 + step_y, 13, "plaster2")


def _study(p, x, y, across, down):
    p.rect(x + 12, y + down - 56, across - 24, 42, "wood", 4)
    p.circle(x + across / 2, y + down - 78, 16, "plaster2")
    p.rect(x + 8, y + 8, across - 16, 22, "plaster", 2)


FURNITURE = {
    "卧室": _bed,
    "主卧": _bed,
    "次卧": _bed,
    "厨房": _kitchen,
    "卫生间": _bath,
    "客卫": _bath,
    "客厅": _living,
    "书房": _study,
}
TILED = {"厨房", "卫生间", "客卫"}


def portrait(look):
    return lambda: f'<svg viewBox="0 0 320 320">{drawing(look)}</svg>'


def _svg(make):
    return lambda: make().svg()


def makers():
    """Every picture by its name: (function that gives its SVG, width, height, ending)."""
    drawn = {
        "panorama": (_svg(lambda: under_the_sky(scenes.panorama(1440, 800))), 1600, 889, "jpg"),
        "qinghuai": (_svg(lambda: under_the_sky(lane())), 1200, 900, "jpg"),
        "willow": (_svg(lambda: under_the_sky(scenes.alley(640, 480))), 1600, 1200, "jpg"),
        "tinghe": (_svg(lambda: under_the_sky(scenes.riverside(640, 480, season="summer"))), 1600, 1200, "jpg"),
        "site-plan": (_svg(lambda: on_paper(site_plan())), 1600, 1020, "png"),
        "gate-map": (_svg(lambda: on_paper(gate_map())), 1240, 800, "png"),
        "straightedge": (_svg(lambda: on_paper(straightedge())), 1280, 440, "png"),
    }
    for name in "ABCD":
        made = plan(name)
        drawn[f"plan-{name.lower()}"] = (made.svg, 1600, round(1600 * made.height / made.width), "png")
    return drawn | {name: (portrait(look), 800, 800, "jpg") for name, look in LOOKS.items()}


def draw_all(names=(), folder=FOLDER):
    """Write the pictures `names`, or all, into `folder`."""
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=FLAGS,
            color_scheme="light",
        )
        page = browser.new_page()
        for name, (svg, width, height, ending) in makers().items():
            if name in names or not names:
                page.set_viewport_size({"width": width, "height": height})
                page.set_content(PAGE.format(svg=svg(), width=width, height=height))
                _save(page.screenshot(), folder / f"{name}.{ending}")
        browser.close()


def _save(png, path):
    """As good as the limit on bytes allows; drawings with few colours as PNG, which keeps their edges."""
    image = Image.open(BytesIO(png)).convert("RGB")
    if path.suffix == ".png":
        image.quantize(64).save(path, "PNG", optimize=True)
        return
    for quality in (82, 76, 70, 62, 54, 46, 38):
        image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    draw_all(sys.argv[1:])
