"""What may be enclosed with a mailing: checked by what is in it, and small enough for every mailbox."""

from typing import Any

import icalendar
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core import pdf_files, uploads, virus
from core.pictures import for_print, read_picture
from core.text import one_line
from core.uploads import NewFile
from mailings.models.files import CALENDAR, ENDINGS, PDF, PICTURE, EnclosedFile

# A message grows by a third on its way, and it goes to hundreds: 2 MB pass everywhere.
MAX_BYTES = 2 * 1024 * 1024
MAX_CALENDAR_BYTES = 100 * 1024
# In millimetres: at 150 dpi as large as `core.pictures` keeps a picture at most.
_PICTURE_SIDE = 271
# What people take for a picture; which of these are, `core.pictures` says, and why not.
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif", ".svg")
_NAME_LENGTH = EnclosedFile._meta.get_field("name").max_length or 0

HELP = (
    f"PDF bis {MAX_BYTES // 1024**2} MB, Bild (JPEG, PNG) oder Kalendereintrag (ICS); Größeres verlinken Sie im Text. "
    "Bilder verkleinert das Portal und entfernt dabei, wo sie entstanden sind. Wer die E-Mail im Archiv findet, findet "
    "dort auch die Datei."
)
_CHOOSE = "Wählen Sie ein PDF, ein Bild (JPEG, PNG) oder einen Kalendereintrag (ICS)."
_TOO_LARGE = f"Verkleinern Sie die Datei, oder verlinken Sie sie im Text: Sie hat mehr als {MAX_BYTES // 1024**2} MB."
_LARGE_CALENDAR = f"Nehmen Sie einen einzelnen Kalendereintrag: Die Datei hat mehr als {MAX_CALENDAR_BYTES // 1024} KB."
_NO_CALENDAR = "Speichern Sie den Kalendereintrag noch einmal als ICS-Datei: In dieser steht kein Termin."
_ASKS_BACK = (
    "Speichern Sie den Termin als Datei, statt ihn als Einladung zu verschicken: Auf diesen Kalendereintrag würden "
    "Mailprogramme antworten."
)


def read(file: UploadedFile) -> NewFile:
    """Check a sent file by what is in it; ValidationError (German) if it is refused."""
    name = file.name or ""
    if file.size > uploads.MAX_BYTES:
        raise ValidationError(_TOO_LARGE)
    content = file.read()
    file.seek(0)
    if content.startswith(b"%PDF-") or name.lower().endswith(".pdf"):
        if file.size > MAX_BYTES:
            raise ValidationError(_TOO_LARGE)
        return _named(name, PDF, pdf_files.check(file).content)
    if content.lstrip(b"\xef\xbb\xbf\r\n\t ")[:15].upper() == b"BEGIN:VCALENDAR" or name.lower().endswith(".ics"):
        return _named(name, CALENDAR, _checked_calendar(content))
    if not name.lower().endswith(_PICTURE_ENDINGS):
        raise ValidationError(_CHOOSE)
    picture = for_print(read_picture(content), width=_PICTURE_SIDE, height=_PICTURE_SIDE)
    return _named(name, PICTURE, picture)


def _named(name: str, content_type: str, data: bytes) -> NewFile:
    ending = ENDINGS[content_type]
    stem = one_line(name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0], _NAME_LENGTH - 4).strip(" .")
    return NewFile(f"{stem or 'Anlage'}.{ending}", content_type, data)


def _checked_calendar(content: bytes) -> bytes:
    """A calendar file with at least one entry that asks nobody to answer."""
    if len(content) > MAX_CALENDAR_BYTES:
        raise ValidationError(_LARGE_CALENDAR)
    virus.scan(content)
    try:
        text = content.decode("utf-8-sig")
        calendar = icalendar.Calendar.from_ical(text)
        has_entry = any(component.name == "VEVENT" for component in calendar.walk())
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValidationError(_NO_CALENDAR) from error
    if calendar.name != "VCALENDAR" or not has_entry:
        raise ValidationError(_NO_CALENDAR)
    if str(calendar.get("method", "PUBLISH")).upper() != "PUBLISH":
        raise ValidationError(_ASKS_BACK)
    return text.encode()


class EnclosureField(forms.FileField):
    """A file to enclose; its cleaned value is a `NewFile`."""

    default_error_messages = {
        "missing": _CHOOSE,
        "empty": "Wählen Sie eine andere Datei: Diese ist leer.",
        "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
    }

    def __init__(self, **kwargs: Any):
        widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.ics"})
        super().__init__(
            label="Datei anhängen", required=False, max_length=200, widget=widget, help_text=HELP, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> NewFile | None:
        file = super().clean(data, initial)
        return read(file) if file else None


def send(request: HttpRequest, row: EnclosedFile) -> HttpResponseBase:
    """Answer with a file whose reader `access` has let in, to be kept."""
    return uploads.attachment(request, uploads.read(row.file), row.content_type, row.name)
