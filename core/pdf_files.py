"""PDF files that people send: real, readable, and without anything that acts by itself. What is refused, says why.

Nothing in them is changed: a signed file must stay byte for byte what was signed. They are taken apart only in a child
with little memory and time, and are sent out again as attachments that do nothing (`core.uploads`).
"""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core import children, uploads, virus

CONTENT_TYPE = "application/pdf"
LIMITS = children.Limits(seconds=10, memory=512 * 1024**2)

_SCAN = "Scannen Sie das Blatt als PDF, oder speichern Sie die Datei als PDF"
_NOT_AT_ALL = f"{_SCAN}: Die gewählte Datei ist keine."
# What a file begins with that people take for a PDF because of its name.
_OTHER_KINDS = (
    ((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\0", b"MM\0*"), f"{_SCAN}: Die gewählte Datei ist ein Bild."),
    (
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"),
        "Speichern Sie die Datei als PDF: Sie stammt aus einem Schreib- oder Packprogramm.",
    ),
)
_SIZE = f"Scannen Sie mit 200 dpi, das genügt: Die Datei hat mehr als {uploads.MAX_BYTES // 1024**2} MB."
_EMPTY = "Wählen Sie die Datei noch einmal: Sie ist leer angekommen."
_PREFIXED = "Speichern Sie das PDF noch einmal neu: Vor seinem Anfang steht etwas anderes."
_CUT = (
    "Prüfen Sie die Datei: Sie ist unvollständig angekommen oder beschädigt. Öffnen Sie sie, und speichern Sie sie neu."
)
_TOO_MUCH = "Scannen Sie das Blatt neu: Die Datei ist zu umfangreich oder zu verschachtelt, um sie zu prüfen."
# By the words of the child.
_REFUSALS = {
    "broken": _CUT,
    "encrypted": "Speichern Sie das PDF ohne Kennwort und ohne Schutz: Verschlüsselt lässt es sich nicht prüfen.",
    "no pages": "Prüfen Sie die Datei: Sie enthält keine Seite.",
    "script": "Drucken Sie das Dokument als PDF neu: Es enthält ein Programm (JavaScript oder eine eigene Aktion).",
    "attachment": "Entfernen Sie die Anhänge, und speichern Sie das PDF neu: In ihm stecken weitere Dateien.",
    "xfa": "Drucken Sie das Formular als PDF: Diese Art von Formular (XFA) können viele Programme nicht zeigen.",
    "bomb": _TOO_MUCH,
}


@dataclass(frozen=True)
class CheckedPdf:
    """A file that may be kept: its bytes as they were sent, their SHA-256 in hexadecimal, how many pages it has."""

    content: bytes
    sha256: str
    pages: int


def check(file: UploadedFile) -> CheckedPdf:
    """Return a sent file as a PDF that may be kept. ValidationError with one German sentence for each kind of fault."""
    if not file.size:
        raise ValidationError(_EMPTY)
    if file.size > uploads.MAX_BYTES:
        raise ValidationError(_SIZE)
    file.seek(0)
    content = file.read()
    _look_at_the_ends(content)
    virus.scan(content)
    try:
        pages = json.loads(children.run("core.pdf_files_child", content, limits=LIMITS))["pages"]
    except children.TooMuchError as error:
        raise ValidationError(_TOO_MUCH) from error
    except children.RefusedError as error:
        raise ValidationError(_REFUSALS[str(error)]) from error
    return CheckedPdf(content, hashlib.sha256(content).hexdigest(), pages)


def _look_at_the_ends(content: bytes) -> None:
    """Refuse what is no PDF from its first byte on (programs look for one behind other things, too) or is cut off."""
    if not content.startswith(b"%PDF-"):
        for beginnings, refusal in _OTHER_KINDS:
            if content.startswith(beginnings):
                raise ValidationError(refusal)
        raise ValidationError(_PREFIXED if b"%PDF-" in content[:100_000] else _NOT_AT_ALL)
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(_CUT)
