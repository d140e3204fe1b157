"""The company's mark as a PNG for home screens. `python -m portal.ui.art.touch_icon` writes it."""

from PIL import Image, ImageDraw

from .picture import STATIC

SIZE, OVERSAMPLED = 180, 720
SCALE = OVERSAMPLED / 40  # the mark's grid of 32, with 4 of air around it
PAPER, PINE, LAMP = "#f7f6f2", "#1a5a4b", "#f0a83c"
EAVE = [((2.5, 15.5), (8.5, 14.3), (14, 10.5), (16, 4.5)), ((16, 4.5), (18, 10.5), (23.5, 14.3), (29.5, 15.5))]
WALLS = [(6.5, 19), (6.5, 27.5), (25.5, 27.5), (25.5, 19)]


def curve(a, b, c, d, steps=60):
    """Points along a cubic Bézier curve."""
    for t in (n / steps for n in range(steps + 1)):
        s = 1 - t
        yield tuple(
            s**3 * i + 3 * s * s * t * j + 3 * s * t * t * k + t**3 * m for i, j, k, m in zip(a, b, c, d, strict=True)
        )


def stroke(draw, points, width=2.6):
    """A line with round ends and joints: a row of discs."""
    radius = width * SCALE / 2
    placed = [((x + 4) * SCALE, (y + 4) * SCALE) for x, y in points]
    draw.line(placed, fill=PINE, width=round(radius * 2))
    for x, y in placed:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=PINE)


def touch_icon(size=SIZE):
    image = Image.new("RGB", (OVERSAMPLED, OVERSAMPLED), PAPER)
    draw = ImageDraw.Draw(image)
    for part in EAVE:
        stroke(draw, list(curve(*part)))
    stroke(draw, WALLS)
    draw.rectangle([17 * SCALE, 21.5 * SCALE, 23 * SCALE, 28 * SCALE], fill=LAMP)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    touch_icon().save(STATIC / "touch-icon.png", optimize=True)
