"""Files that an applicant sends as evidence: pictures are written anew, PDFs are checked and kept as they are."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core import pdf_files, uploads
from core.pictures import CONTENT_TYPE, read_picture
from core.uploads import NewFile
from declarations.models.answers import PDF, Attachment

_CHOOSE = "Wählen Sie ein PDF oder ein Bild als JPEG, PNG oder WebP."
# Programs find a PDF in a file that begins with something else within so many bytes; ours refuses it by name.
_BEGINNING = 1024
_TOO_LARGE = f"Verkleinern Sie die Datei: Sie hat mehr als {uploads.MAX_BYTES // 1024**2} MB."


def read(file: UploadedFile) -> NewFile:
    """Check a sent file by what is in it; ValidationError (German) if it is refused."""
    name = file.name or ""
    if file.size > uploads.MAX_BYTES:
        raise ValidationError(_TOO_LARGE)
    beginning = file.read(_BEGINNING)
    file.seek(0)
    if b"%PDF-" in beginning or name.lower().endswith(".pdf"):
        return NewFile(name, PDF, pdf_files.check(file).content)
    return NewFile(name, CONTENT_TYPE, read_picture(file.read()).data)


class EvidenceField(forms.FileField):
    """A PDF or a picture to send; its cleaned value is a `NewFile`."""

    default_error_messages = {
        "required": _CHOOSE,
        "missing": _CHOOSE,
        "empty": "Wählen Sie eine andere Datei: Diese ist leer.",
        "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
    }

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", f"PDF oder Bild (JPEG, PNG, WebP), höchstens {uploads.MAX_BYTES // 1024**2} MB.")
        widget = forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"})
        super().__init__(max_length=200, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> NewFile | None:
        file = super().clean(data, initial)
        return read(file) if file else None


def send_attachment(request: HttpRequest, row: Attachment) -> HttpResponseBase:
    """Answer with a file of an application whose reader `access` has let in: pictures to see, PDFs to keep (U-3)."""
    if row.is_pdf:
        return uploads.attachment(request, uploads.read(row.file), PDF, row.name)
    return uploads.inline(request, row.file, row.content_type, public=False)
