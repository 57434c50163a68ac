"""The child that turns HTML into PDF; the only module that knows WeasyPrint. Started by `core.pdf`, never imported.

Of addresses it knows two kinds: `static:css/pdf.css` is a file under static/, `media:<name>` one of the stored files
that the task names. Whatever else a document asks for (the network, files of the machine) is refused, and a document
that asked for it, or is not accessible, does not come to be.
"""

import base64
import json
import logging
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.children import RefusedError, serve

_KINDS = {
    ".css": "text/css",
    ".woff": "font/woff",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
}
_INLINE_PICTURE = "data:image/png;base64,"


class OwnFiles(URLFetcher):
    """Opens our own files by name and nothing else. A function in its place would crash in WeasyPrint 70."""

    def __init__(self, static: Path, media: Path, names: list[str]):
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._static, self._media, self._names = static, media, frozenset(names)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if url.startswith(_INLINE_PICTURE):
            picture = base64.b64decode(url.removeprefix(_INLINE_PICTURE), validate=True)
            return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})
        if scheme == "static":
            return self._file(self._static, name, url)
        if scheme == "media" and name in self._names:
            return self._file(self._media, name, url)
        raise ValueError("no file of ours")

    def _file(self, folder: Path, name: str, url: str) -> URLFetcherResponse:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or path.suffix not in _KINDS:
            raise ValueError("no file of ours")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _KINDS[path.suffix]})


class Complaints(logging.Handler):
    """What WeasyPrint complains about while it works."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname}: {record.getMessage()[:300]}")


def render(task: bytes) -> bytes:
    """Return the number of pages and, on the next line, the PDF/UA-1 of a task of `core.pdf.make`.

    RefusedError for everything that is wrong with it.
    """
    asked = json.loads(task)
    complaints = Complaints()
    _listen(complaints)
    fetcher = OwnFiles(Path(asked["static"]), Path(asked["media"]), asked["files"])
    source = HTML(string=asked["html"], base_url="static:", url_fetcher=fetcher)
    # A file of ours would be one of everybody's who gets the document.
    if any("attachment" in element.get("rel", "").lower() for element in source.etree_element.iter()):
        raise RefusedError("an attachment")
    document = source.render(pdf_variant="pdf/ua-1")
    data = document.write_pdf(pdf_variant="pdf/ua-1")
    missing = [f"no {what}" for what in ("title", "lang") if not getattr(document.metadata, what)]
    if faults := [*complaints.lines, *missing]:
        raise RefusedError("\n".join(faults))
    return f"{len(document.pages)}\n".encode() + data


def _listen(complaints: Complaints) -> None:
    """Hear WeasyPrint's warnings (CSS it does not know is a mistake of ours) and the errors of the font library."""
    for name, level in (("weasyprint", logging.WARNING), ("fontTools", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [complaints], False
        logger.setLevel(level)


if __name__ == "__main__":
    serve(render)
