"""The company's mark as icons of an app. `python -m portal.ui.art.app_icons` writes them.

Phones cut a maskable icon to a circle or a drop: there the mark keeps within the middle, on a ground to the edges.
"""

from PIL import Image

from .picture import STATIC
from .touch_icon import OVERSAMPLED, PAPER, touch_icon

SIZES = (192, 512)
WITHIN = 0.8  # of the width, for the maskable one


def app_icon(size, *, within=1):
    """The mark on paper, `size` pixels wide; the drawing takes `within` of it."""
    drawing = touch_icon(OVERSAMPLED).resize((round(size * within),) * 2, Image.Resampling.LANCZOS)
    image = Image.new("RGB", (size, size), PAPER)
    image.paste(drawing, ((size - drawing.width) // 2,) * 2)
    return image


if __name__ == "__main__":
    for size in SIZES:
        app_icon(size).save(STATIC / f"app-icon-{size}.png", optimize=True)
    app_icon(512, within=WITHIN).save(STATIC / "app-mask-512.png", optimize=True)
