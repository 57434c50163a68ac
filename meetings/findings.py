"""What keeps a documentation from being published: each finding with the place where it is mended."""

from dataclasses import dataclass

from django.urls import reverse

from meetings.models import Documentation, Photo, Slides


@dataclass(frozen=True)
class Finding:
    """text: German, what is missing, without a full stop. url: where it is mended."""

    text: str
    url: str


def findings(documentation: Documentation) -> list[Finding]:
    """Return what has to be mended before anything is published, in the order of the pages."""
    if documentation.pk is None:
        return []
    return [
        *(_of(row, "Foto", "documentation_photo_words") for row in documentation.photos.all() if row.missing),
        *(_of(row, "Folien", "documentation_slides_words") for row in documentation.slides.all() if row.missing),
    ]


def _of(row: Photo | Slides, what: str, url: str) -> Finding:
    missing = " und ".join(filter(None, [", ".join(row.missing[:-1]), row.missing[-1]]))
    verb = "fehlt" if len(row.missing) == 1 else "fehlen"
    address = reverse(url, args=[row.documentation.meeting_id, row.pk])
    return Finding(f"{what} „{row}“: {missing} {verb}", address)


def has_content(documentation: Documentation) -> bool:
    """Whether there is anything to publish."""
    if documentation.pk is None:
        return False
    return bool(
        documentation.overview
        or any(chapter.has_text for chapter in documentation.chapters.all())
        or documentation.photos.exists()
        or documentation.slides.exists()
        or documentation.agreements.exists()
    )
