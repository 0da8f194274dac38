"""Draws a sheet as a PNG with Pillow. Only the process that draws imports this module.

The picture brings its own dark panel, so that it reads the same on Discord's dark and light themes.
Its texts are large, since a phone shows the picture at about a third of its width. The font is the
one that comes with Pillow (Aileron, in the public domain). It has few letters beyond ASCII:
accents are left out, and a letter that it lacks is drawn as a question mark.
"""

import io
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from bot.services.pictures.sheet import Chart, Sheet

WIDTH, MARGIN, GAP, RADIUS = 1000, 36, 36, 28  # pixels
PANEL, TRACK, BAR, COLUMN = "#1f2125", "#2f3238", "#8a5a14", "#e0a23b"
TEXT, QUIET = "#f2f3f5", "#b9bec7"
HEADING_SIZE, NAME_SIZE, SMALL_SIZE = 36, 34, 28
HEADING_HEIGHT, ROW_HEIGHT, ROW_GAP = 56, 52, 8
COLUMN_HEIGHT, COLUMN_NAME_HEIGHT = 150, 42
LEAST_BAR = 12  # pixels of a bar above 0
MISSING, CUT = "?", "…"
MAX_CHARACTERS = 80  # of a text; more never fit

Font = ImageFont.FreeTypeFont


def font(size: int) -> Font:
    """Returns the font at a size in pixels."""
    found = ImageFont.load_default(size)
    assert isinstance(found, Font), "Pillow was built without FreeType"
    return found


def draw(sheet: Sheet) -> bytes:
    """Returns the picture as a PNG."""
    fonts = {size: font(size) for size in (HEADING_SIZE, NAME_SIZE, SMALL_SIZE)}
    bars, columns = sheet.bars[:2], sheet.columns[:2]
    tall = max((len(chart.names) for chart in bars), default=0)
    bars_height = HEADING_HEIGHT + tall * (ROW_HEIGHT + ROW_GAP) if tall else 0
    columns_height = HEADING_HEIGHT + COLUMN_HEIGHT + COLUMN_NAME_HEIGHT if columns else 0
    between = GAP // 2 if bars_height and columns_height else 0
    height = max(2 * MARGIN + bars_height + between + columns_height, 2 * MARGIN + HEADING_HEIGHT)
    image = Image.new("RGBA", (WIDTH, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, WIDTH - 1, height - 1), RADIUS, fill=PANEL)
    for chart, (left, width) in zip(bars, _places(len(bars)), strict=True):
        _draw_bars(pen, fonts, chart, left, MARGIN, width)
    top = MARGIN + bars_height + between
    for chart, (left, width) in zip(columns, _places(len(columns)), strict=True):
        _draw_columns(pen, fonts, chart, left, top, width)
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=6)
    return written.getvalue()


def _places(count: int) -> list[tuple[int, int]]:
    """Returns the left edge and the width of each of `count` charts next to each other."""
    width = (WIDTH - 2 * MARGIN - GAP * (count - 1)) // max(count, 1)
    return [(MARGIN + at * (width + GAP), width) for at in range(count)]


def _draw_bars(
    pen: ImageDraw.ImageDraw, fonts: dict[int, Font], chart: Chart, left: int, top: int, width: int
) -> None:
    heading = fonts[HEADING_SIZE]
    pen.text((left, top), fitted(chart.heading, heading, width), QUIET, heading)
    most = max(chart.values, default=0.0) or 1.0
    top += HEADING_HEIGHT
    for name, value in zip(chart.names, chart.values, strict=True):
        bottom = top + ROW_HEIGHT
        pen.rounded_rectangle((left, top, left + width - 1, bottom), 10, fill=TRACK)
        if value > 0:
            end = left + max(LEAST_BAR * 2, round(width * value / most)) - 1
            pen.rounded_rectangle((left, top, end, bottom), 10, fill=BAR)
        text = fitted(name, fonts[NAME_SIZE], width - 32)
        middle = (left + 16, (top + bottom) // 2)
        pen.text(middle, text, TEXT, fonts[NAME_SIZE], anchor="lm")
        top = bottom + ROW_GAP


def _draw_columns(
    pen: ImageDraw.ImageDraw, fonts: dict[int, Font], chart: Chart, left: int, top: int, width: int
) -> None:
    heading = fonts[HEADING_SIZE]
    pen.text((left, top), fitted(chart.heading, heading, width), QUIET, heading)
    most, count = max(chart.values, default=0.0) or 1.0, max(len(chart.values), 1)
    floor = top + HEADING_HEIGHT + COLUMN_HEIGHT
    step = width / count
    inner = max(step * 0.72, 2.0)
    for at, (name, value) in enumerate(zip(chart.names, chart.values, strict=True)):
        middle = left + step * (at + 0.5)
        size = max(LEAST_BAR, round(COLUMN_HEIGHT * value / most)) if value > 0 else 3
        box = (round(middle - inner / 2), floor - size, round(middle + inner / 2), floor)
        radius = min(6, (box[2] - box[0]) // 2, size // 2)
        pen.rounded_rectangle(box, radius, fill=COLUMN if value > 0 else TRACK)
        if name:
            text = fitted(name, fonts[SMALL_SIZE], width)
            half = fonts[SMALL_SIZE].getlength(text) / 2
            middle = min(max(middle, left + half), left + width - half)
            pen.text((middle, floor + 8), text, QUIET, fonts[SMALL_SIZE], anchor="mt")


def fitted(text: str, face: Font, width: int) -> str:
    """Returns a text that the font can draw, cut so that it is at most `width` pixels wide."""
    text = drawable(text[:MAX_CHARACTERS], face)
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + CUT) > width:
        text = text[:-1]
    return text.rstrip() + CUT


def drawable(text: str, face: Font) -> str:
    """Returns a text in letters that the font has, on one line."""
    lacking = bytes(face.getmask("\uffff"))
    plain = unicodedata.normalize("NFKD", " ".join(text.split()))
    kept = [sign for sign in plain if not unicodedata.combining(sign)]
    seen = {sign: bytes(face.getmask(sign)) != lacking for sign in {*kept}}
    return "".join(sign if sign.isprintable() and seen[sign] else MISSING for sign in kept)
