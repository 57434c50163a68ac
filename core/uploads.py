"""Files that people send: how they arrive, how they are stored whole or not at all, and how they are sent out again.

What a file may be, says the module of its kind (`core.pictures`). Files lie under MEDIA_ROOT with random names; no
address leads there. Each app sends its files by its own `access` getter through `inline`.
"""

import datetime
import errno
import io
import uuid
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from csp.decorators import csp
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header

# The proxy cuts off a request of 10 MB with a page that names no file; so ours speaks first.
MAX_BYTES = 9 * 1024 * 1024
# A file may be written moments before its row is; younger ones without a row are left alone.
_ORPHAN_AFTER = datetime.timedelta(days=1)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
NO_ROOM = (
    "Versuchen Sie es später noch einmal: Das Portal kann gerade keine Dateien speichern. Es wurde nichts geändert."
)
# A file opened by its address does nothing, whatever is in it.
_INERT = {"default-src": ["'none'"], "sandbox": True}


@dataclass(frozen=True)
class NewFile:
    """A checked file as it will be stored. name: as people see it, without a path."""

    name: str
    content_type: str
    data: bytes


class MemoryUploads(FileUploadHandler):
    """Holds what is sent in memory, of each file as much as is allowed and one byte more.

    So a full disk for temporary files fails no request, and a file of any size costs no more than the limit; its form
    sees the whole size and refuses it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._held.write(raw_data[: MAX_BYTES + 1 - self._held.tell()])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._held.seek(0)
        return InMemoryUploadedFile(
            self._held, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


class WholeFiles(FileSystemStorage):
    """Never keeps half a file: it bears its name only when all of it is on the disk."""

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            part.rename(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return name


def random_name(folder: str, ending: str) -> str:
    """Return a name under MEDIA_ROOT that nobody guesses: "bilder/3f/3f0c….webp"."""
    number = uuid.uuid4().hex
    return f"{folder}/{number[:2]}/{number}.{ending}"


@transaction.atomic
def save_with_file(row: models.Model) -> None:
    """Store a new row with its file, both or neither. ValidationError (German) if there is no room for the file."""
    try:
        row.save()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise ValidationError(NO_ROOM) from error


def inline(request: HttpRequest, file: Any, content_type: str, *, public: bool) -> HttpResponseBase:
    """Answer with a stored file, shown in the browser and inert. The caller has asked `access` whether she may.

    public: everyone may see it, so it may be kept for an hour. Http404 if the file is gone.
    """
    content = read(file)
    cache = "public, max-age=3600" if public else "private, no-store"
    return _inert(request, content, content_type, {"Content-Disposition": "inline", "Cache-Control": cache})


def attachment(request: HttpRequest, content: bytes, content_type: str, name: str) -> HttpResponseBase:
    """Answer with bytes to be kept as a file of this name, inert and in no cache. The caller has asked `access`."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return _inert(request, content, content_type, headers)


def read(file: Any) -> bytes:
    """Return the bytes of a stored file; Http404 if it is gone."""
    try:
        with file.open("rb") as opened:
            return opened.read()
    except FileNotFoundError as error:
        raise Http404 from error


def _inert(request: HttpRequest, content: bytes, content_type: str, headers: dict[str, str]) -> HttpResponseBase:
    answer = csp(_INERT)(lambda request: HttpResponse(content, content_type=content_type, headers=headers))
    return answer(request)


class FileRows(models.QuerySet[Any]):
    """Rows with files: deleting many takes their files along, too."""

    def delete(self) -> tuple[int, dict[str, int]]:
        files = [row.file for row in self]
        result = super().delete()
        remove_after_commit(*files)
        return result


def remove_after_commit(*files: Any) -> None:
    """Remove stored files as soon as it is sure that their rows are gone."""
    for file in files:
        transaction.on_commit(partial(file.storage.delete, file.name))


def remove_orphans() -> int:
    """Remove files that no row names, left by a process that died between file and row; return how many."""
    known = set(_names_in_use())
    before = (timezone.now() - _ORPHAN_AFTER).timestamp()
    orphans = [
        path
        for path in settings.MEDIA_ROOT.rglob("*")
        if path.is_file() and path.stat().st_mtime < before and str(path.relative_to(settings.MEDIA_ROOT)) not in known
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _names_in_use() -> list[str]:
    return [
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
        for name in model._base_manager.values_list(field.name, flat=True)
    ]
