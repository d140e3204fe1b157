"""Draw the portraits of the demonstration's staff anew: `python -m portal.demo.draw_portraits` (needs Chromium).

Drawn, like all its pictures, so that nobody's face is used; they become JPEG files in `portraits/`.
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from .draw_photos import FLAGS

FOLDER = Path(__file__).with_name("portraits")
SIDE = 640
PAGE = """<!doctype html><style>body {{ margin: 0 }} svg {{ display: block; width: 640px; height: 640px }}</style>
<svg viewBox="0 0 320 320">{drawing}</svg>"""


class Look(NamedTuple):
    """How somebody looks: colours, hair (short, bob, bun), and what is worn."""

    wall: str
    skin: str
    shade: str
    hair: str
    style: str
    coat: str
    shirt: str
    helmet: str = ""
    glasses: bool = False


LOOKS = {
    "zhou": Look("#cfe0dc", "#e9b994", "#d49f78", "#2a2522", "short", "#e07a2f", "#f4efe4", helmet="#f3c64b"),
    "tang": Look("#e6dccb", "#f0c7a4", "#dbaa84", "#33241f", "bob", "#3d6a8a", "#f7f4ec", helmet="#f7f4ec"),
    "gu": Look("#d5d9e4", "#e6b791", "#cf9a73", "#55514f", "short", "#2f3e46", "#eef1f3", glasses=True),
    "xu": Look("#dde8d6", "#f2cbaa", "#ddb08b", "#2b1f1d", "bun", "#1a5a4b", "#fbf8f1"),
    "bai": Look("#ead9d6", "#f1c8a6", "#dcae89", "#3a2a24", "bob", "#7b4b62", "#fbf8f1", glasses=True),
}


def drawing(look):
    """Head and shoulders, from the back to the front."""
    return "".join([_behind(look), _body(look), _face(look), _hair(look), _worn(look)])


def _behind(look):
    light = '<circle cx="92" cy="70" r="150" fill="#fff" opacity=".35"/>'
    long = {"bob": '<path d="M98 132q-4 92 14 104h96q18 -12 14 -104z"/>', "bun": '<circle cx="160" cy="58" r="25"/>'}
    wall = f'<rect width="320" height="320" fill="{look.wall}"/>'
    return f'{wall}{light}<g fill="{look.hair}">{long.get(look.style, "")}</g>'


def _body(look):
    return (
        f'<path d="M40 320q4 -76 74 -88h92q70 12 74 88z" fill="{look.coat}"/>'
        f'<path d="M124 230l36 52l36 -52l-8 -8h-56z" fill="{look.shirt}"/>'
        f'<path d="M138 196h44v34q-22 24 -44 0z" fill="{look.shade}"/>'
        f'<path d="M114 232l46 60l-20 28h-26q-24 -44 0 -88zM206 232l-46 60l20 28h26q24 -44 0 -88z" fill="{look.coat}"/>'
        '<path d="M114 232l46 60M206 232l-46 60" stroke="#0003" stroke-width="3" fill="none"/>'
    )


def _face(look):
    eyes = '<circle cx="139" cy="146" r="4.6"/><circle cx="181" cy="146" r="4.6"/>'
    brows = '<path d="M129 133q10 -6 19 -1M172 132q9 -5 19 1" stroke-width="3.4" stroke-linecap="round"/>'
    return (
        f'<circle cx="107" cy="152" r="11" fill="{look.shade}"/><circle cx="213" cy="152" r="11" fill="{look.shade}"/>'
        f'<path d="M108 128q0 -52 52 -52t52 52q0 84 -52 84t-52 -84z" fill="{look.skin}"/>'
        f'<path d="M160 150q-8 20 0 22h6" fill="none" stroke="{look.shade}" stroke-width="4" stroke-linecap="round"/>'
        f'<g fill="#2b2623">{eyes}</g><g fill="none" stroke="{look.hair}">{brows}</g>'
        '<path d="M142 187q18 15 36 0" fill="none" stroke="#a8544a" stroke-width="4.4" stroke-linecap="round"/>'
    )


def _hair(look):
    shapes = {
        "short": "M106 134q-8 -70 54 -70t54 70q-4 -22 -14 -34q-42 12 -80 0q-10 12 -14 34z",
        "bob": "M100 176q-16 -112 60 -112t60 112q-8 -10 -10 -50q-34 -4 -54 -26q-10 24 -46 30q0 36 -10 46z",
        "bun": "M105 136q-8 -66 55 -66t55 66q-6 -28 -26 -38q-38 24 -58 0q-20 10 -26 38z",
    }
    return f'<path d="{shapes[look.style]}" fill="{look.hair}"/>'


def _worn(look):
    glasses = (
        '<g fill="none" stroke="#3b3735" stroke-width="3.2"><rect x="121" y="133" width="34" height="27" rx="11"/>'
        '<rect x="165" y="133" width="34" height="27" rx="11"/><path d="M155 143h10"/></g>'
    )
    helmet = (
        f'<path d="M98 108q0 -58 62 -58t62 58z" fill="{look.helmet}"/>'
        f'<rect x="88" y="102" width="144" height="15" rx="7.5" fill="{look.helmet}"/>'
        '<path d="M88 114h144" stroke="#0002" stroke-width="4"/><path d="M160 51v50" stroke="#0002" stroke-width="12"/>'
    )
    return (glasses if look.glasses else "") + (helmet if look.helmet else "")


def draw_all(folder=FOLDER):
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=FLAGS,
            viewport={"width": SIDE, "height": SIDE},
        )
        page = browser.new_page()
        for name, look in LOOKS.items():
            page.set_content(PAGE.format(drawing=drawing(look)))
            image = Image.open(BytesIO(page.screenshot())).convert("RGB")
            image.save(folder / f"{name}.jpg", "JPEG", quality=82, optimize=True, progressive=True)
        browser.close()


if __name__ == "__main__":
    draw_all()
