"""A documentation as its readers get it: the text of an edition, the PDF, and everything as one file.

Page and PDF come from one piece of markup (templates/meetings/documentation/article.html), in which pictures are named
`photo:<public id>`; `for_page` and `pdf_of` put in what each of them shows.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from core import markdown, pdf, uploads
from core.folding import slug_of
from meetings.models import AgendaItem, Build, Chapter, Documentation, Edition, Photo, Registration, Slides

# With the bracket before it: what somebody types can look like an address, but never like a tag.
_PHOTO = re.compile(r'<img src="photo:([0-9a-f-]{36})"')


@dataclass(frozen=True)
class Part:
    """One item of the programme with what belongs to it; without an item: what belongs to the whole day."""

    anchor: str
    title: str
    item: AgendaItem | None
    summary: SafeString
    results: SafeString
    photos: list[Photo]
    slides: list[Slides]

    @property
    def is_empty(self) -> bool:
        return not (self.summary or self.results or self.photos or self.slides)


def article(documentation: Documentation, edition: str) -> str:
    """Return the markup of an edition as things stand now, without cover and frame."""
    meeting = documentation.meeting
    parts = _parts(documentation, edition)
    anchors = {part.item.pk: part.anchor for part in parts if part.item}
    context = {
        "meeting": meeting,
        "overview": markdown.render(documentation.overview, below=2),
        "agenda": [(item, anchors.get(item.pk, "")) for item in meeting.agenda.for_list()],
        "parts": parts,
        "agreements": list(documentation.agreements.all()) if documentation.pk else [],
        "present": present(documentation).count(),
        "participants": _participants(documentation) if edition == Edition.INTERNAL else [],
        "site": settings.SITE_URL,
    }
    return render_to_string("meetings/documentation/article.html", context)


def _parts(documentation: Documentation, edition: str) -> list[Part]:
    if documentation.pk is None:
        return []
    chapters = {row.item_id: row for row in documentation.chapters.all()}
    photos, slides = (list(rows.shown_in(edition)) for rows in (documentation.photos.all(), documentation.slides.all()))
    items: list[AgendaItem | None] = [*documentation.meeting.agenda.for_list(), None]
    parts = [_part(item, chapters.get(item.pk) if item else None, photos, slides) for item in items]
    return [part for part in parts if not part.is_empty]


def _part(item: AgendaItem | None, chapter: Chapter | None, photos: list[Photo], slides: list[Slides]) -> Part:
    key = item.pk if item else None
    return Part(
        anchor=f"punkt-{key}" if key else "eindruecke",
        title=item.title if item else "Eindrücke",
        item=item,
        summary=markdown.render(chapter.summary, below=2) if chapter else SafeString(""),
        results=markdown.render(chapter.results, below=3) if chapter else SafeString(""),
        photos=[row for row in photos if row.item_id == key],
        slides=[row for row in slides if row.item_id == key],
    )


def present(documentation: Documentation) -> Any:
    """Return the registrations of those who were there."""
    return documentation.meeting.registrations.registered().exclude(present_at=None)


def _participants(documentation: Documentation) -> list[Registration]:
    """Those who were there and agreed to stand in the list."""
    return list(present(documentation).filter(is_listed=True).for_list().in_list_order())


# --- what each reader gets ----------------------------------------------------------------------------------------


def for_page(documentation: Documentation, html: str) -> SafeString:
    """Return the markup with the addresses of the photos, for the browser."""
    address = [documentation.meeting.year, documentation.meeting.slug]
    put_in = lambda found: f'<img src="{reverse("documentation_photo", args=[*address, found[1]])}"'  # noqa: E731
    return mark_safe(_PHOTO.sub(put_in, html))  # noqa: S308 - made by our own template


def pdf_of(build: Build) -> pdf.Made:
    """Return the PDF of a build's markup. Errors as of `core.pdf.make`; ValidationError if a photo is gone."""
    html, files = for_paper(build)
    return pdf.make(html, files=files)


def for_paper(build: Build) -> tuple[str, list[str]]:
    """Return the whole document, cover included, and the names of the files that it shows."""
    names = _print_files(build)
    context = {
        "meeting": build.documentation.meeting,
        "documentation": build.documentation,
        "build": build,
        "article": mark_safe(_PHOTO.sub(partial(_as_file, names), build.html)),  # noqa: S308 - made by our own template
        "internal": build.edition == Edition.INTERNAL,
    }
    return render_to_string("meetings/pdf/documentation.html", context), list(names.values())


def _print_files(build: Build) -> dict[str, str]:
    asked = _PHOTO.findall(build.html)
    photos = {str(row.public_id): row for row in Photo.objects.filter(public_id__in=asked)}
    for public_id in asked:
        photo = photos.get(public_id)
        if photo is None or not photo.print_file.storage.exists(photo.print_file.name):
            what = f"„{photo}“" if photo else "ein Foto"
            raise ValidationError(
                f"Laden Sie das Foto noch einmal hoch, oder entfernen Sie es: {what} fehlt als Datei."
            )
    return {public_id: row.print_file.name for public_id, row in photos.items()}


def _as_file(names: dict[str, str], found: re.Match[str]) -> str:
    return f'<img src="media:{names[found[1]]}"'


def everything(build: Build) -> bytes:
    """Return a ZIP of what this edition offers: its PDF, its photos and slides, and a list of their sources."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("Dokumentation.pdf", uploads.read(build.file))
        sources = []
        for name, row in _materials(build):
            packed.writestr(name, uploads.read(row.file))
            sources.append(f"{name}: {row}{f' ({row.credit})' if row.credit else ''}")
        if sources:
            packed.writestr("Quellen.txt", "\n".join([*sources, ""]))
    return file.getvalue()


def _materials(build: Build) -> Iterator[tuple[str, Any]]:
    """The photos and slides that the build's markup names, with the name of each in the file."""
    for rows, folder, ending in (
        (build.documentation.photos.all(), "Fotos", "webp"),
        (build.documentation.slides.all(), "Folien", "pdf"),
    ):
        shown = [row for row in rows if str(row.public_id) in build.html]
        for number, row in enumerate(shown, 1):
            yield f"{folder}/{number:02} {slug_of(str(row))[:60]}.{ending}", row
