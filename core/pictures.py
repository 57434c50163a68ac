"""Pictures that people send: checked by content, scaled down and written anew, so nothing of the sent file remains.

Written anew they bear no place, no camera and no second meaning (EXIF with GPS, polyglots); only the pixels stay.
"""

import io
import threading
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from PIL import Image, ImageOps, UnidentifiedImageError

from core import uploads
from core.text import single_line

# As large as a page shows it on a sharp screen.
LONGEST_SIDE = 1600
# Some kilobytes can unpack to gigabytes; Pillow itself refuses only four times as much.
MAX_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
CONTENT_TYPE = "image/webp"
# Of a picture on paper: 150 dots on an inch are as many as an office printer shows.
PRINT_DPI, _PRINT_QUALITY = 150, 78
# One picture unpacked takes up to 160 MB, so a process unpacks one at a time.
_unpacking = threading.Lock()

_CHOOSE = "Wählen Sie ein Bild als JPEG, PNG oder WebP."
_HEIC = (
    "Speichern Sie das Bild als JPEG und wählen Sie es noch einmal aus: HEIC, das Format mancher Telefone, können "
    "viele Browser nicht zeigen."
)
_SVG = f"{_CHOOSE} SVG-Dateien können Programme enthalten, deshalb nimmt das Portal sie nicht an."
_TOO_LARGE = f"Verkleinern Sie das Bild: Es hat mehr als {uploads.MAX_BYTES // 1024**2} MB."
_TOO_MANY_PIXELS = (
    f"Verkleinern Sie das Bild: Es hat mehr als {MAX_PIXELS // 1_000_000} Megapixel. {LONGEST_SIDE} Pixel an der "
    "längeren Seite genügen."
)
_BROKEN = "Prüfen Sie die Datei: Sie ist beschädigt oder unvollständig. Öffnen und speichern Sie sie noch einmal."


@dataclass(frozen=True)
class NewPicture:
    """A picture as it will be stored: WebP bytes and their size in pixels."""

    data: bytes
    width: int
    height: int


def read_picture(data: bytes) -> NewPicture:
    """Check the bytes of a sent file by what is in them, scale and write anew; ValidationError (German) if refused."""
    try:
        with _unpacking, Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_TOO_MANY_PIXELS)
            return _written_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise ValidationError(_why_unknown(data)) from error
    except (OSError, SyntaxError, ValueError, OverflowError) as error:
        raise ValidationError(_BROKEN) from error


def _written_anew(image: Image.Image) -> NewPicture:
    profile = image.info.get("icc_profile") if image.mode in ("RGB", "RGBA") else None
    if image.mode not in ("RGB", "RGBA", "L", "CMYK", "YCbCr"):
        image = image.convert("RGBA")  # a palette cannot be scaled smoothly
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = ImageOps.exif_transpose(image)
    image = image.convert("RGBA" if image.mode == "RGBA" else "RGB")
    file = io.BytesIO()
    image.save(file, "WEBP", quality=_QUALITY, exif=b"", xmp=b"", icc_profile=profile or b"")
    return NewPicture(file.getvalue(), image.width, image.height)


def for_print(new: NewPicture, *, width: float, height: float) -> bytes:
    """Return a picture as JPEG for a box on paper, at 150 dpi: a PDF takes such a file over as it is.

    width, height: of the box, in millimetres; the picture fits into it and is never enlarged.
    """
    box = (round(width / 25.4 * PRINT_DPI), round(height / 25.4 * PRINT_DPI))
    with Image.open(io.BytesIO(new.data)) as image:
        flat: Image.Image = image
        if image.mode == "RGBA":  # what is transparent is paper
            flat = Image.new("RGB", image.size, "white")
            flat.paste(image, mask=image.getchannel("A"))
        profile = image.info.get("icc_profile")
        flat.thumbnail(box)
        file = io.BytesIO()
        flat.convert("RGB").save(file, "JPEG", quality=_PRINT_QUALITY, optimize=True, icc_profile=profile)
    return file.getvalue()


def _why_unknown(data: bytes) -> str:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[4:8] == b"ftyp":
        return _HEIC
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in start:
        return _SVG
    return _CHOOSE


class PictureField(forms.FileField):
    """A picture to send; its cleaned value is a `NewPicture`."""

    default_error_messages = {
        "required": _CHOOSE,
        "missing": _CHOOSE,
        "empty": "Wählen Sie eine andere Datei: Diese ist leer.",
        "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
    }

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", f"JPEG, PNG oder WebP, höchstens {uploads.MAX_BYTES // 1024**2} MB.")
        widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
        super().__init__(max_length=200, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> NewPicture | None:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > uploads.MAX_BYTES:
            raise ValidationError(_TOO_LARGE)
        return read_picture(file.read())


def _file_name(row: models.Model, name: str) -> str:
    return uploads.random_name("bilder", "webp")


class Picture(models.Model):
    """Base of rows that are a picture; the file goes with the row. Whom it is shown to, the app's `access` decides."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=_file_name, max_length=100, editable=False)
    alt = models.CharField(
        "Bildbeschreibung",
        max_length=300,
        validators=[single_line],
        help_text="Was auf dem Bild zu sehen ist, für alle, die es nicht sehen: „Fünf Frauen pflanzen einen Baum“.",
    )
    credit = models.CharField(
        "Bildnachweis",
        max_length=200,
        blank=True,
        validators=[single_line],
        help_text="Zum Beispiel „Foto: Stadt Rheine“",
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    created_at = models.DateTimeField("hochgeladen", auto_now_add=True)

    objects = uploads.FileRows.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(alt=""),
                name="%(app_label)s_%(class)s_has_alt",
                violation_error_message="Beschreiben Sie, was auf dem Bild zu sehen ist.",
            )
        ]

    def __str__(self) -> str:
        return self.alt

    def hold(self, new: NewPicture) -> None:
        """Take the pixels, before the first save."""
        self.file = ContentFile(new.data, "picture.webp")
        self.width, self.height = new.width, new.height

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        uploads.remove_after_commit(self.file)
        return result


def send(request: HttpRequest, picture: Picture, *, public: bool) -> HttpResponseBase:
    """Answer with a picture whose reader `access` has let in."""
    return uploads.inline(request, picture.file, CONTENT_TYPE, public=public)
