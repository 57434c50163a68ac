"""Pictures for links to the portal in messengers and social networks: our own map, and words that can be read small.

Drawn twice as large and made smaller at the end, which smooths the edges. 1200 × 630 is what the networks ask for.
"""

import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from members import maps
from members.directory import DirectoryEntry, entries
from members.models.municipalities import TOWN_KINDS

WIDTH, HEIGHT = 1200, 630
_TWICE = 2
_MARGIN = 64
_MAP_LEFT, _MAP_TOP, _MAP_HEIGHT = 616, 36, 540
_BAR = 22
_TEXT_WIDTH = _MAP_LEFT - _MARGIN - 24
# Of the portal's light colours (static/css/tokens.css): a picture cannot ask for dark ones.
_PAPER, _TEXT, _MUTED, _BRAND = "#ffffff", "#171a2b", "#53586f", "#20449f"
_AREA, _LINE, _ACCENT, _ACCENT_PALE = "#dfe2eb", "#ffffff", "#ad4307", "#e3b08f"
_NETWORK = "Kommunen-Netzwerk: engagiert in NRW"
_FONTS = Path(settings.BASE_DIR) / "static/vendor/fira-sans-5.3.0"
_COLOURS = 64  # enough for smooth edges, and a third of the bytes


@lru_cache(maxsize=1)
def of_network(number: int, day: datetime.date) -> bytes:
    """Return the PNG of the whole network: its name, how many are in, all members coloured.

    number, day: the revision and the date that the picture is of; they only make sure that no old one is kept.
    """
    members = [entry for entry in entries() if entry.is_member]
    count = f"{len(members)} {'Mitglied' if len(members) == 1 else 'Mitglieder'}"
    coloured = dict.fromkeys(members, _ACCENT)
    return _picture("Städte, Gemeinden und Kreise", _NETWORK, count, coloured=coloured)


@lru_cache(maxsize=64)
def of_member(slug: str, number: int, day: datetime.date) -> bytes:
    """Return the PNG of a member: its name, since when it is in, its area before the paler others; else as above."""
    members = [entry for entry in entries() if entry.is_member]
    shown = next(entry for entry in members if entry.slug == slug)
    coloured = dict.fromkeys(members, _ACCENT_PALE)
    return _picture(_NETWORK, shown.name, shown.membership, coloured=coloured, shown=shown)


def _picture(
    over: str, title: str, line: str, *, coloured: dict[DirectoryEntry, str], shown: DirectoryEntry | None = None
) -> bytes:
    image = Image.new("RGB", (WIDTH * _TWICE, HEIGHT * _TWICE), _PAPER)
    draw = ImageDraw.Draw(image)
    _draw_map(draw, coloured)
    if shown:
        _draw_body(draw, shown, fill=_ACCENT)
    _draw_words(draw, over, title, line)
    top = (HEIGHT - _BAR) * _TWICE
    draw.rectangle((0, top, WIDTH * _TWICE, HEIGHT * _TWICE), fill=_BRAND)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(_COLOURS)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_map(draw: ImageDraw.ImageDraw, coloured: dict[DirectoryEntry, str]) -> None:
    """Towns as areas; Kreise and Bezirksregierungen as outlines above them, as on the portal's map."""
    for entry in entries():
        if entry.kind in TOWN_KINDS:
            _draw_body(draw, entry, fill=coloured.get(entry, _AREA))
    for entry, colour in coloured.items():
        if entry.kind not in TOWN_KINDS:
            _draw_body(draw, entry, outline=colour)


def _draw_body(draw: ImageDraw.ImageDraw, entry: DirectoryEntry, *, fill: str = "", outline: str = "") -> None:
    shape = maps.shape_of(entry)
    for ring in shape.outlines if shape else ():
        points = [_place(point) for point in ring]
        if fill:
            draw.polygon(points, fill=fill)
        draw.line(points, fill=outline or _LINE, width=6 if outline else 2, joint="curve")


def _place(point: tuple[int, int]) -> tuple[float, float]:
    """From map units to the picture's."""
    scale = _MAP_HEIGHT * _TWICE / maps.size()[1]
    return _MAP_LEFT * _TWICE + point[0] * scale, _MAP_TOP * _TWICE + point[1] * scale


def _draw_words(draw: ImageDraw.ImageDraw, over: str, title: str, line: str) -> None:
    left, y = _MARGIN * _TWICE, 150 * _TWICE
    draw.text((left, _MARGIN * _TWICE), over, font=_font(28), fill=_MUTED)
    for part in _in_lines(title, size := _size_for(title)):
        draw.text((left, y), part, font=_font(size, bold=True), fill=_TEXT)
        y += int(size * 1.15 * _TWICE)
    y += 28 * _TWICE
    draw.rectangle((left, y, left + 72 * _TWICE, y + 6 * _TWICE), fill=_ACCENT)
    y += 32 * _TWICE
    for part in _in_lines(line, 34):
        draw.text((left, y), part, font=_font(34, bold=True), fill=_ACCENT)
        y += int(34 * 1.3 * _TWICE)


@lru_cache(maxsize=8)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"fira-sans-latin-{600 if bold else 400}-normal.woff2", size * _TWICE)


def _size_for(title: str) -> int:
    """The largest size in which no word is wider than the column and no more than four lines are needed."""
    fitting = (
        size
        for size in (72, 60, 50, 42)
        if all(_width(word, size) <= _TEXT_WIDTH for word in title.split()) and len(_in_lines(title, size)) <= 4
    )
    return next(fitting, 36)


def _in_lines(text: str, size: int) -> list[str]:
    """Break the text between words so that it fits the column; "Schloß Holte-Stukenbrock" breaks at its hyphen, too."""
    lines = [""]
    for word in text.replace("-", "-\u200b").replace("/", "/\u200b").replace(" ", " \u200b").split("\u200b"):
        if lines[-1] and _width((lines[-1] + word).rstrip(), size) > _TEXT_WIDTH:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]


def _width(text: str, size: int) -> float:
    return _font(size, bold=True).getlength(text) / _TWICE
