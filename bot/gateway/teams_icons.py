"""Draw the two pictures of the Teams app, the question mark of bot/web/static/icon.svg. It reads and writes no file."""

from collections.abc import Iterator
from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw

FINE = 8  # drawn so many times larger, then made smaller, for smooth edges
STROKE, DOT, RING = 1.5, 2.0, 15.0  # radii, in the units of icon.svg
HOOK = ((18, 17.1), (16.6, 17.7), (16, 18.5), (16, 20))  # its lower bend, a Bézier curve


def color(accent: str) -> bytes:
    """Return the large picture: the mark in white on a full square, clear of the edges that Teams may cut off."""
    drawn = Image.new("RGB", (192, 192), accent)
    drawn.paste("white", mask=mask(192, 4.5, (16, 16.5)))
    return png(drawn)


def outline() -> bytes:
    """Return the small picture: the mark in a ring, white on nothing."""
    drawn = Image.new("RGBA", (32, 32), (255, 255, 255, 0))
    drawn.putalpha(mask(32, 1, (16, 16), ring=True))
    return png(drawn)


def mask(size: int, scale: float, middle: tuple[float, float], *, ring: bool = False) -> Image.Image:
    """Return where the mark is, for a picture of this size with this point of icon.svg in its middle."""
    drawn = Image.new("L", (size * FINE, size * FINE))
    pen = ImageDraw.Draw(drawn)

    def disc(x: float, y: float, radius: float, fill: int = 255) -> None:
        across, down = ((at - zero) * scale + size / 2 for at, zero in zip((x, y), middle, strict=True))
        reach = radius * scale
        box = (across - reach, down - reach, across + reach, down + reach)
        pen.ellipse([edge * FINE for edge in box], fill=fill)

    if ring:
        disc(16, 16, RING)
        disc(16, 16, RING - 2, fill=0)
    for x, y, radius in mark():
        disc(x, y, radius)
    return drawn.resize((size, size), Image.Resampling.LANCZOS)


def mark() -> Iterator[tuple[float, float, float]]:
    """Give the discs that make up the question mark: its bow, its hook and its dot."""
    for angle in range(180, 427):
        yield 16 + 5 * cos(radians(angle)), 12.5 + 5 * sin(radians(angle)), STROKE
    for step in range(33):
        x, y = (bend(step / 32, *at) for at in zip(*HOOK, strict=True))
        yield x, y, STROKE
    yield 16, 25, DOT


def bend(part: float, start: float, first: float, second: float, end: float) -> float:
    """Return one coordinate of a point on a cubic Bézier curve."""
    rest = 1 - part
    return rest**3 * start + 3 * rest**2 * part * first + 3 * rest * part**2 * second + part**3 * end


def png(drawn: Image.Image) -> bytes:
    """Return a picture as PNG: the same picture gives the same bytes."""
    into = BytesIO()
    drawn.save(into, "PNG", optimize=True)
    return into.getvalue()
