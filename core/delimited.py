"""Reads CSV files in the encodings and with the separators that German offices meet."""

import csv
import io
from collections.abc import Callable
from itertools import islice

from django.core.exceptions import ValidationError

from core.exports import unguarded

_SEPARATORS = (";", ",", "\t", "|")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Windows, the DOS code page of old programs, the Macintosh: told apart by where the German letters appear.
_ONE_BYTE = ("cp1252", "cp850", "mac_roman")
_GERMAN = frozenset("äöüÄÖÜß")
_LOOKED_AT = 25
_MAX_LINES_IN_CELL = 20

RawRow = tuple[int, list[str]]


def read_delimited(data: bytes, *, known: Callable[[str], bool]) -> list[RawRow]:
    """Return the rows with the number that Excel shows for each; `known` answers whether a text is a known heading.

    Raises ValidationError (German) for what is no text or has a quotation mark without its partner.
    """
    text = _decoded(data)
    hint = text[:6].lower()
    if hint.startswith("sep="):  # Excel's own hint; it is no row of the table there either
        return _parsed(text.partition("\n")[2], text[4], None)
    return _parsed(text, max(_SEPARATORS, key=lambda separator: _fit(text, separator, known)), None)


def _decoded(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if data[:400].count(0) > len(data[:400]) // 4:
        # UTF-16 without its mark: in German text the high byte is nearly always zero.
        return _strictly(data, "utf-16-le" if data[:400:2].count(0) < data[1:400:2].count(0) else "utf-16-be")
    if b"\x00" in data:
        raise ValidationError("Wählen Sie eine Excel-Datei (.xlsx) oder CSV. Diese Datei ist keine Tabelle.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        readings = [data.decode(encoding, errors="replace") for encoding in _ONE_BYTE]
        return max(readings, key=lambda text: sum(letter in _GERMAN for letter in text) - text.count("\ufffd"))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValidationError(
            "Speichern Sie die Datei in Excel neu als „CSV UTF-8“ oder als .xlsx: Ihre Zeichen lassen sich nicht lesen."
        ) from error


def _fit(text: str, separator: str, known: Callable[[str], bool]) -> tuple[int, int]:
    """How well a separator fits: the most known headings in one row, then how many rows are equally wide."""
    try:
        rows = [cells for _, cells in _parsed(text, separator, _LOOKED_AT) if any(cells)]
    except ValidationError:
        return 0, 0
    widths = [len(cells) for cells in rows if len(cells) > 1]
    most = max((sum(bool(cell) and known(cell) for cell in cells) for cells in rows), default=0)
    return most, max(map(widths.count, widths), default=0)


def _parsed(text: str, separator: str, limit: int | None) -> list[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    try:
        for number, cells in enumerate(islice(reader, limit), 1):
            if any(cell.count("\n") > _MAX_LINES_IN_CELL for cell in cells):
                raise ValidationError(_unclosed(number))
            rows.append((number, [unguarded(cell) for cell in cells]))
    except csv.Error as error:
        raise ValidationError(_unclosed(len(rows) + 1)) from error
    return rows


def _unclosed(number: int) -> str:
    return (
        f'Prüfen Sie Zeile {number} der Datei: Dort beginnt ein Anführungszeichen ("), das nicht endet. '
        "Löschen oder ergänzen Sie es."
    )
