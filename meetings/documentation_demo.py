"""Demonstration data: a past Netzwerktreffen with a published documentation; text and pictures are our own."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

from core.pictures import read_picture
from meetings import documenting, releasing
from meetings.models import AgendaItem, Consent, Documentation, Meeting
from users.models import User

_TEXT = Path(__file__).parent / "data" / "danke_sagen.md"
_OVERVIEW = """\
Ein Tag über das Danken: Was wirkt, was kostet nichts, und was gehört gestrichen?

- Dank ist genau: ein Mensch, ein Anlass, ein Satz.
- Zuerst kommen die Bedingungen, dann die Blumen.
- Ein Kalender der Anlässe erreicht mehr Menschen als ein Fest.
- Vor jeder öffentlichen Ehrung steht die Frage, ob sie gewünscht ist.

Alle Beispiele in dieser Dokumentation sind erfunden.
"""
_AGREEMENTS = (
    ("Kartensatz „Danken ohne Geld“ ins Netzwerk stellen", "Geschäftsstelle", 30),
    ("Muster-Ordnung für Jurys entwerfen", "Arbeitsgruppe Ehrungen", 120),
    ("Berichten, was aus den Sätzen der Schlussrunde geworden ist", "alle", None),
)
# What the pictures show: pairs of colours for sky and ground, and how many circles ("people") stand on it.
_PICTURES = (
    ("Gelbe und blaue Kreise stehen in Paaren beieinander", (250, 214, 110), (32, 68, 159), 8),
    ("Drei Ebenen in Blau liegen übereinander, darauf drei Kreise", (200, 214, 245), (32, 68, 159), 3),
    ("Viele kleine Kreise gehen auf einen Hügel zu", (255, 236, 210), (173, 67, 7), 14),
    ("Zwölf Kreise auf grünem Grund", (222, 240, 222), (46, 110, 70), 12),
    ("Vier Kreise vor einem violetten Himmel", (226, 214, 245), (84, 55, 140), 4),
    ("Eine Reihe aus neun Kreisen vor warmem Abendhimmel", (255, 220, 190), (120, 60, 40), 9),
    ("Acht Kreise in einer Reihe, wie auf einer Bühne", (214, 226, 240), (40, 50, 80), 8),
    ("Eine lange Reihe von Kreisen, wie an einer Tafel", (240, 236, 214), (110, 96, 40), 16),
    ("Sechs Kreise unter hellem Himmel", (210, 238, 245), (20, 96, 120), 6),
    ("Elf Kreise auf dunklem Grund, einer für jeden Brief", (245, 214, 222), (130, 30, 60), 11),
)
_SIZE = (1600, 1200)


class _Entry(NamedTuple):
    begin: datetime.time
    end: datetime.time
    title: str
    room: str
    speaker: str
    summary: str
    results: str


def fill(meeting: Meeting, by: User) -> None:
    """Give the meeting its programme and its documentation: some 35 pages with ten pictures, not published yet."""
    documenting.save_overview(meeting, {"overview": _OVERVIEW.strip(), "is_public": True}, seen=0, reader=by)
    entries = list(_entries())
    with_picture = [entry.title for entry in entries if len(entry.summary) > 600][: len(_PICTURES)]
    for entry in entries:
        item = AgendaItem.objects.create(
            meeting=meeting,
            begin_time=entry.begin,
            end_time=entry.end,
            title=entry.title,
            room=entry.room,
            speaker_text=entry.speaker,
        )
        documenting.save_chapter(item, {"summary": entry.summary, "results": entry.results}, seen=0, reader=by)
        if entry.title in with_picture:
            _add_picture(meeting, item, with_picture.index(entry.title))
    for text, who, days in _AGREEMENTS:
        due = meeting.day + datetime.timedelta(days=days) if days else None
        documenting.agree(meeting, {"text": text, "who": who, "due_on": due})


def publish(by: User) -> None:
    """Make the PDF of what was made up, and publish it; on a machine that is too slow for it, at the next start."""
    untouched = Documentation.objects.filter(published_at=None, overview=_OVERVIEW.strip()).exclude(
        builds__state="done"
    )
    for documentation in untouched:
        for build in releasing.order(documentation, by=by):
            releasing.make(build.pk)
        if releasing.step(documentation, releasing.newest(documentation)) == releasing.Step.PUBLISH:
            releasing.publish(documentation)


def _entries() -> Iterator[_Entry]:
    for block in _TEXT.read_text().split("\n# "):
        head, _, text = block.removeprefix("# ").partition("\n")
        begin, end, *names = (part.strip() for part in head.split("|"))
        summary, _, results = text.partition("= Ergebnisse\n")
        times = (datetime.time.fromisoformat(begin), datetime.time.fromisoformat(end))
        yield _Entry(*times, *names, summary.strip(), results.strip())


def _add_picture(meeting: Meeting, item: AgendaItem, number: int) -> None:
    alt, sky, ground, circles = _PICTURES[number]
    words = {"alt": alt, "credit": "Grafik: Geschäftsstelle", "consent": Consent.PUBLIC, "item": item}
    documenting.add_photo(meeting, read_picture(_drawn(sky, ground, circles)), words)


def _drawn(sky: tuple[int, int, int], ground: tuple[int, int, int], circles: int) -> bytes:
    """Return a picture of circles before a sky that grows darker to the ground."""
    light, dark = (Image.new("RGB", _SIZE, colour) for colour in (sky, ground))
    image = Image.composite(dark, light, Image.linear_gradient("L").resize(_SIZE))
    draw = ImageDraw.Draw(image)
    width = _SIZE[0] / (circles + 1)
    for number in range(circles):
        radius = min(width * 0.42, 120) * (0.8 + 0.2 * (number % 2))
        x, y = width * (number + 1), _SIZE[1] * (0.62 + 0.1 * (number % 3))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=sky if number % 3 else (255, 255, 255))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
