"""The child that takes a sent PDF apart; the only module that knows pikepdf. Started by `core.pdf_files` only.

It refuses with one word (see `core.pdf_files`) what is broken or locked, acts by itself, hides files, or unpacks to
much more than any page needs.
"""

import io
import json

import pikepdf
from pikepdf import Dictionary, Name, Stream

from core.children import RefusedError, serve

# What pikepdf raises at an object that is not what it should be.
_BROKEN = (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, NotImplementedError)
# An action that only leads to another place of the document.
_HARMLESS = {"/GoTo", "/URI", "/Named", "/GoToR"}
_XFA, _FILES = ("/XFA",), ("/EmbeddedFiles", "/EF")
# What the text and the drawings of a document unpack to, in bytes; pictures are counted by their pixels.
_MOST_UNPACKED = 40_000_000
_MOST_PIXELS = 300_000_000


def inspect(content: bytes) -> bytes:
    """Return the number of pages as JSON; RefusedError with the word of the first fault."""
    try:
        with pikepdf.open(io.BytesIO(content)) as file:
            _look(file)
            return json.dumps({"pages": len(file.pages)}).encode()
    except pikepdf.PasswordError as error:
        raise RefusedError("encrypted") from error
    except _BROKEN as error:
        raise RefusedError("broken") from error


def _look(file: pikepdf.Pdf) -> None:
    if file.is_encrypted:
        raise RefusedError("encrypted")
    if not len(file.pages):
        raise RefusedError("no pages")
    if _acts(file.Root.get("/OpenAction")):
        raise RefusedError("script")
    for found in file.objects:
        for part in _parts(found):
            _look_at(part)
    _weigh([found for found in file.objects if isinstance(found, Stream)])


def _weigh(streams: list[Stream]) -> None:
    unpacked = pixels = 0
    for stream in streams:
        if stream.get("/Subtype") == Name.Image:
            pixels += int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
        else:
            unpacked += len(stream.read_bytes())
        if unpacked > _MOST_UNPACKED or pixels > _MOST_PIXELS:
            raise RefusedError("bomb")


def _parts(found: pikepdf.Object) -> list[pikepdf.Object]:
    """The dictionaries in an object; those that are objects of their own come by themselves."""
    parts: list[pikepdf.Object] = []
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            parts.append(part)
            inner = [value for _, value in part.items()]
        elif isinstance(part, pikepdf.Array):
            inner = list(part)
        else:
            continue
        waiting += [value for value in inner if isinstance(value, pikepdf.Object) and not value.is_indirect]
    return parts


def _look_at(part: pikepdf.Object) -> None:
    if any(key in part for key in _XFA):
        raise RefusedError("xfa")
    if any(key in part for key in _FILES) or part.get("/Type") == Name.EmbeddedFile:
        raise RefusedError("attachment")
    if "/JS" in part or "/JavaScript" in part or "/AA" in part or part.get("/Subtype") == Name.RichMedia:
        raise RefusedError("script")
    if _acts(part.get("/A")):
        raise RefusedError("script")


def _acts(action: object) -> bool:
    """Whether an action does more than lead elsewhere; a mere destination is an array or a name.

    What says no kind of action is none: elements of the structure keep their attributes under /A, too.
    """
    return isinstance(action, Dictionary) and "/S" in action and str(action["/S"]) not in _HARMLESS


if __name__ == "__main__":
    serve(inspect)
