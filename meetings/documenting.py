"""Verbs of a documentation: keeping its texts, photos and slides, noting agreements and taking them up again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone

from core import history
from core.dates import long_date
from core.pdf_files import CheckedPdf
from core.pictures import NewPicture
from core.uploads import save_with_file
from meetings import filling
from meetings.models import AgendaItem, Agreement, Chapter, Documentation, Meeting, Photo, Slides
from members.publishing import ChangedMeanwhileError
from users.models import User

# A PDF with more photos grows beyond what a mailbox takes; a file with all material beyond what a browser likes.
MOST_PHOTOS = 60
_TAKEN_UP = "Verabredungen vom letzten Mal"


def begun(meeting: Meeting) -> Documentation:
    """Return the meeting's documentation, locked until the transaction ends; a new one if nobody has begun it."""
    meeting = filling.locked(meeting)
    row, _ = Documentation.objects.get_or_create(meeting=meeting)
    row.meeting = meeting
    return row


@transaction.atomic
def save_overview(meeting: Meeting, values: Mapping[str, Any], *, seen: int, reader: User) -> Documentation:
    """Keep what was typed about the whole meeting. seen: the version that the form showed, 0 for none.

    Raises ChangedMeanwhileError if somebody else changed one of these fields since; then nothing is stored.
    """
    documentation = begun(meeting)
    _keep(documentation, values, seen or _first_version(documentation), reader)
    return documentation


def _first_version(documentation: Documentation) -> int:
    """A form opened before there was a row has shown what the row was born with."""
    first = documentation.history.order_by("history_id").values_list("history_id", flat=True).first()
    return first or 0


@transaction.atomic
def save_chapter(item: AgendaItem, values: Mapping[str, Any], *, seen: int, reader: User) -> Chapter:
    """Keep what was typed about one item of the programme; arguments and errors as of `save_overview`."""
    documentation = begun(item.meeting)
    chapter = Chapter.objects.filter(item=item).first() or Chapter(item=item, documentation=documentation)
    _keep(chapter, values, seen, reader)
    return chapter


def _keep(row: models.Model, values: Mapping[str, Any], seen: int, reader: User) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return
    news = history.changed_since(row, seen, reader=reader) if row.pk else None
    if news and (not news.changes or any(change.field in changed for change in news.changes)):
        raise ChangedMeanwhileError(news)
    for name in changed:
        setattr(row, name, values[name])
    row.save()


# --- photos and slides --------------------------------------------------------------------------------------------


@transaction.atomic
def add_photo(meeting: Meeting, new: NewPicture, words: Mapping[str, Any]) -> Photo:
    """Keep a photo. words: item, alt, credit, consent; what is missing can come later, but before publishing.

    ValidationError (German) if it is one too many, or if there is no room for the file.
    """
    documentation = begun(meeting)
    if documentation.photos.count() >= MOST_PHOTOS:
        raise ValidationError(f"Entfernen Sie zuerst ein Foto: In eine Dokumentation passen {MOST_PHOTOS}.")
    photo = Photo(documentation=documentation, **words)
    photo.hold(new)
    save_with_file(photo)
    return photo


@transaction.atomic
def add_slides(meeting: Meeting, checked: CheckedPdf, words: Mapping[str, Any]) -> Slides:
    """Keep slides as they were sent. words: item, title, credit, consent. Errors as of `add_photo`."""
    documentation = begun(meeting)
    if documentation.slides.count() >= Slides.MOST:
        raise ValidationError(f"Entfernen Sie zuerst Folien: In eine Dokumentation passen {Slides.MOST} Dateien.")
    slides = Slides(documentation=documentation, size=len(checked.content), pages=checked.pages, **words)
    slides.file = ContentFile(checked.content, "slides.pdf")
    save_with_file(slides)
    return slides


@transaction.atomic
def change_words(row: Photo | Slides, words: Mapping[str, Any]) -> None:
    """Store what is said about a photo or slides, and who may see them."""
    for name, value in words.items():
        setattr(row, name, value)
    row.save(update_fields=[*words])


@transaction.atomic
def remove(row: Photo | Slides) -> None:
    """Delete a photo or slides with their files; a published PDF keeps a photo until it is corrected."""
    row.delete()


# --- agreements ---------------------------------------------------------------------------------------------------


@transaction.atomic
def agree(meeting: Meeting, values: Mapping[str, Any]) -> Agreement:
    """Note what was agreed. values: text, who, due_on."""
    return Agreement.objects.create(documentation=begun(meeting), **values)


@transaction.atomic
def change_agreement(agreement: Agreement, values: Mapping[str, Any]) -> None:
    """Store an agreement as a form has changed it."""
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.save()


@transaction.atomic
def settle(agreement: Agreement, *, is_done: bool) -> None:
    """Note that it is done, or that it is not after all."""
    agreement.settled_at = timezone.now() if is_done else None
    agreement.save()


@transaction.atomic
def take_up(meeting: Meeting) -> AgendaItem | None:
    """Put what earlier meetings of this kind agreed and nobody has done into the programme, as its first item.

    Whoever presses twice adds nothing; None if there is nothing to take up.
    """
    meeting = filling.locked(meeting)
    found = list(Agreement.objects.before(meeting))
    if not found:
        return None
    item = meeting.agenda.filter(title=_TAKEN_UP).first() or AgendaItem(
        meeting=meeting, title=_TAKEN_UP, begin_time=_beginning(meeting)
    )
    item.text = "\n".join([*filter(None, [item.text]), *_lines(found)])[:3000]
    item.save()
    for agreement in found:
        agreement.taken_up = item
        agreement.save()
    return item


def _beginning(meeting: Meeting) -> Any:
    first = meeting.agenda.first()
    if first is None and meeting.begin_time is None:
        raise ValidationError("Legen Sie zuerst fest, wann der Termin beginnt.")
    return meeting.begin_time or first.begin_time  # type: ignore[union-attr]


def _lines(agreements: Iterable[Agreement]) -> list[str]:
    return [
        f"– {row.text}{f' ({row.who})' if row.who else ''}{f', bis {long_date(row.due_on)}' if row.due_on else ''}"
        for row in agreements
    ]
