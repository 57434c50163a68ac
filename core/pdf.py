"""The one door to PDF: accessible (PDF/UA-1), in our type, made in a child that reaches neither network nor files.

A document is a template that extends "core/pdf/layout.html": it has a title, and its language is German. Pictures and
styles are named `static:img/map.png` (a file under static/) or `media:<stored name>` (a file handed in as `files`).
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from core import children

# A page of text takes 20 ms; what takes longer than this is no letter any more. 500 kB of text take some 5 seconds.
LIMITS = children.Limits(seconds=20, memory=1024**3)
MAX_BYTES = 1_000_000
# Each child may take a processor and a gigabyte; who finds no room in this process waits as long as a child may work.
_room = threading.BoundedSemaphore(2)

_TOO_MUCH = (
    "Kürzen Sie den Text, oder nehmen Sie Tabellen auseinander: Für ein PDF ist er zu lang oder zu verschachtelt."
)
_BUSY = "Versuchen Sie es in einer Minute noch einmal: Das Portal macht gerade zu viele PDF-Dateien auf einmal."


class FaultyDocumentError(Exception):
    """A template of ours is wrong: no title, a picture without description, an address that is not our own."""


@dataclass(frozen=True)
class Made:
    """A PDF that came to be, and how many pages it has."""

    content: bytes
    pages: int


def render(html: str, *, files: Iterable[str] = ()) -> bytes:
    """Return the document as PDF/UA-1; arguments and errors as of `make`."""
    return make(html, files=files).content


def make(html: str, *, files: Iterable[str] = ()) -> Made:
    """Return the document as PDF/UA-1, with the number of its pages.

    files: names of stored files (under MEDIA_ROOT) that it shows as `media:<name>`. ValidationError (German) for a
    text too long or too deep, or when the portal is busy; FaultyDocumentError for what only a change of ours mends.
    """
    if len(html.encode()) > MAX_BYTES:
        raise ValidationError(_TOO_MUCH)
    if not _room.acquire(timeout=LIMITS.seconds):
        raise ValidationError(_BUSY)
    try:
        pages, _, content = children.run("core.pdf_child", task_of(html, files), limits=LIMITS).partition(b"\n")
    except children.TooMuchError as error:
        raise ValidationError(_TOO_MUCH) from error
    except children.RefusedError as error:
        raise FaultyDocumentError(str(error)) from error
    finally:
        _room.release()
    return Made(content, int(pages))


def task_of(html: str, files: Iterable[str]) -> bytes:
    """Return what the child is told, as it is told it."""
    task = {
        "html": html,
        "static": str(settings.BASE_DIR / "static"),
        "media": str(settings.MEDIA_ROOT),
        "files": list(files),
    }
    return json.dumps(task).encode()


def from_template(template: str, context: Mapping[str, Any], *, files: Iterable[str] = ()) -> bytes:
    """Return the PDF of a template; errors as in `render`."""
    return render(render_to_string(template, dict(context)), files=files)


def download(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF of ours to keep. name: of the file, without its ending."""
    header = content_disposition_header(as_attachment=True, filename=f"{name}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": header})
