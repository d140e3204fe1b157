"""Draw the demonstration's photographs anew: `python -m portal.demo.draw_photos [NAME …]` (needs Chromium).

CHROMIUM names the browser. The drawings get what a camera would give them, light from one side and a little depth,
and become JPEG files in `photos/`, which `load_demo` uploads as a site manager would.
"""

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from portal.ui.art.photos import PHOTOS as STAND_INS

from .pictures_close import CLOSE
from .pictures_inside import INSIDE
from .pictures_light import VEILS
from .pictures_sites import OUTSIDE, SITES

FOLDER = Path(__file__).with_name("photos")
SIZE = {"width": 1200, "height": 900}
LARGEST = 70_000  # bytes
UNUSED = {"ceiling", "radiator", "garden"}  # owners' own, of repairs; and one that is drawn for each season
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
PAGE = """<!doctype html><style>
  body {{ margin: 0; overflow: hidden }}
  svg {{ display: block; width: 1200px; height: 900px }}
  svg > *, svg > g > *, svg > g > g > * {{ filter: drop-shadow(0 .6px .9px rgb(30 40 38 / .3)) }}
  i, b, u {{ position: absolute; inset: 0 }}
  i {{ mix-blend-mode: soft-light; background: linear-gradient(148deg, #fff6dc 0%, #fff3 38%, #1d2c3a 118%) }}
  b {{ background: radial-gradient(closest-corner, #0000 62%, #10202055 118%) }}
  u {{ background: {veil} }}
</style>{svg}<u></u><i></i><b></b>"""


def makers():
    """Every picture by its name: a function that draws it."""
    stand_ins = {make.__name__.replace("_", "-"): make for make in STAND_INS if make.__name__ not in UNUSED}
    return stand_ins | OUTSIDE | CLOSE | INSIDE


def draw_all(names=(), folder=FOLDER):
    """Write the photographs `names`, or all, into `folder`."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=FLAGS,
            viewport=SIZE,
            color_scheme="light",
        )
        page = browser.new_page()
        for name, make in makers().items():
            if name in names or not names:
                veil = VEILS[SITES[name].light] if name in SITES else ""
                page.set_content(PAGE.format(svg=make().svg(), veil=veil or "none"))
                _save(page.screenshot(), folder / f"{name}.jpg")
        browser.close()


def _save(png, path):
    """As good as the limit on bytes allows."""
    image = Image.open(BytesIO(png)).convert("RGB")
    for quality in (80, 74, 68, 60, 52, 44, 38):
        image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    draw_all(sys.argv[1:])
