"""Draw the demonstration's photographs anew: `python -m portal.demo.draw_photos` (needs Chromium; CHROMIUM names it).

The drawings get what a camera would give them, light from one side and a little depth, and become JPEG files
in `photos/`, which `load_demo` uploads as a site manager would.
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from portal.ui.art.photos import PHOTOS as STAND_INS

from .pictures_close import CLOSE
from .pictures_sites import SITES

FOLDER = Path(__file__).with_name("photos")
SIZE = {"width": 1600, "height": 1200}
LARGEST = 120_000  # bytes
UNUSED = {"ceiling", "radiator"}  # owners' own, of repairs
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
PAGE = """<!doctype html><style>
  body {{ margin: 0; overflow: hidden }}
  svg {{ display: block; width: 1600px; height: 1200px }}
  svg > *, svg > g > *, svg > g > g > * {{ filter: drop-shadow(0 .6px .9px rgb(30 40 38 / .3)) }}
  i {{ position: absolute; inset: 0; mix-blend-mode: soft-light;
      background: linear-gradient(148deg, #fff6dc 0%, #fff3 38%, #1d2c3a 118%) }}
  b {{ position: absolute; inset: 0; background: radial-gradient(closest-corner, #0000 62%, #10202055 118%) }}
</style>{svg}<i></i><b></b>"""


def draw_all(folder=FOLDER):
    """Write every photograph into `folder`; returns their names."""
    makers = [make for make in STAND_INS + SITES + CLOSE if make.__name__ not in UNUSED]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=FLAGS,
            viewport=SIZE,
            color_scheme="light",
        )
        page = browser.new_page()
        for make in makers:
            page.set_content(PAGE.format(svg=make().svg()))
            _save(page.screenshot(), folder / f"{make.__name__.replace('_', '-')}.jpg")
        browser.close()
    return [make.__name__ for make in makers]


def _save(png, path):
    """As good as the limit on bytes allows."""
    image = Image.open(BytesIO(png)).convert("RGB")
    for quality in (80, 74, 68, 60):
        image.save(path, "JPEG", quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= LARGEST:
            return


if __name__ == "__main__":
    draw_all()
