"""Reads the lists that people keep in Excel: any of their files in, clean text with its row numbers out.

The one door is `read_table`; `core.workbooks` and `core.delimited` know the two kinds of file. What cannot be read is
refused with a German sentence that says what to do.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from core.delimited import read_delimited
from core.text import clean_text
from core.workbooks import MAX_ROWS, is_container, read_workbook

MAX_BYTES = 8 * 1024 * 1024  # the proxy refuses more than 10 MB, and with a page that names no file
MAX_COLUMNS = 100
MAX_CELL = 5_000
# Above the headings people put a title, a date, a logo: so many filled rows are looked at.
_PREAMBLE = 20

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS_XLSX = "Öffnen Sie sie in Excel und speichern Sie sie mit „Speichern unter“ als „Excel-Arbeitsmappe (.xlsx)“."
# UTF-8 that a program took for Windows-1252 and saved again: "MÃ¼nster".
_MISREAD = re.compile("Ã[\u0080-\u00bf\u0152-\u0178\u2013-\u203a€™]")


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file; `number` is the one that Excel shows."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Headings and the filled rows below them; all cells are clean text on one line."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()  # with content, but not read


def column_letter(index: int) -> str:
    """Return the letter above a column as Excel shows it; 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_table(data: bytes, *, known: Callable[[str], bool]) -> Table:
    """Read the bytes of an XLSX or CSV file; `known` answers whether a text is a heading the caller understands.

    Of several sheets the one with the most known headings is read, and the headings are the row with the most of
    them, so titles above are no trouble. Dates come as "2017-12-06", as "12/2017" or "2017" where the cell shows no
    more. Raises ValidationError (German) for what is no table, too large, empty or dangerous.
    """
    _refuse_others(data)
    if is_container(data):
        sheets = {name: _clean(rows) for name, rows in read_workbook(data)}
    else:
        sheets = {"": _clean(read_delimited(data, known=known))}
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        raise ValidationError("Wählen Sie eine Datei, in der eine Liste steht. Diese ist leer.")
    name = max(filled, key=lambda sheet: _most_known(filled[sheet], known))
    table = _table(filled[name], known)
    return Table(table.headings, table.rows, name, tuple(other for other in filled if other != name))


def _refuse_others(data: bytes) -> None:
    """Say what to do with the files that are taken for tables."""
    start = data[:1024].lstrip().lower()
    if len(data) > MAX_BYTES:
        raise ValidationError(
            f"Teilen Sie die Datei: Sie ist größer als {MAX_BYTES // 1024**2} MB. Bilder darin können Sie löschen."
        )
    if data.startswith(_OLD_EXCEL):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ValidationError(
                "Heben Sie zuerst das Kennwort auf: in Excel unter „Datei“, „Informationen“, „Arbeitsmappe schützen“, "
                "„Mit Kennwort verschlüsseln“."
            )
        raise ValidationError(f"Diese Datei hat das alte Excel-Format (.xls). {_SAVE_AS_XLSX}")
    if start.startswith(b"%pdf"):
        raise ValidationError(
            "Wählen Sie die Excel-Datei, aus der dieses PDF entstanden ist. PDF lässt sich nicht lesen."
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"{\\rtf")):
        raise ValidationError(
            f"In dieser Datei steckt keine Excel-Tabelle, auch wenn ihr Name so endet. {_SAVE_AS_XLSX}"
        )
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8")):
        raise ValidationError("Wählen Sie die Excel-Datei mit Ihrer Liste. Aus einem Bild lässt sie sich nicht lesen.")


def _clean(raw: Iterable[tuple[int, list[str]]]) -> list[Row]:
    """Clean all cells and drop empty rows; raises ValidationError for too many rows or columns."""
    rows = []
    for number, cells in raw:
        cleaned = [_clean_cell(cell, number) for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        if len(cleaned) > MAX_COLUMNS:
            raise ValidationError(f"Löschen Sie überzählige Spalten: Zeile {number} hat mehr als {MAX_COLUMNS}.")
        if cleaned:
            rows.append(Row(number, tuple(cleaned)))
        if len(rows) > MAX_ROWS:
            raise ValidationError(f"Teilen Sie die Liste: Sie hat mehr als {MAX_ROWS:,} Zeilen.".replace(",", "."))
    return rows


def _clean_cell(cell: str, number: int) -> str:
    text = " ".join(clean_text(_reread(cell)).split())
    if len(text) > MAX_CELL:
        raise ValidationError(
            f"Prüfen Sie Zeile {number}: Eine Zelle hat mehr als {MAX_CELL} Zeichen. "
            "Oft fehlt das schließende Anführungszeichen."
        )
    return text


def _reread(cell: str) -> str:
    if not _MISREAD.search(cell):
        return cell
    try:
        return cell.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return cell


def _most_known(rows: list[Row], known: Callable[[str], bool]) -> int:
    return max(_known_in(row, known) for row in rows[:_PREAMBLE])


def _known_in(row: Row, known: Callable[[str], bool]) -> int:
    return len({cell for cell in row.cells if cell and known(cell)})


def _table(rows: list[Row], known: Callable[[str], bool]) -> Table:
    top = rows[:_PREAMBLE]
    at = max(range(len(top)), key=lambda index: (_known_in(top[index], known), -index))
    if not _known_in(top[at], known):
        # Nothing is known: the first row that looks like one of several columns.
        at = next((index for index, row in enumerate(top) if sum(map(bool, row.cells)) > 1), 0)
    if at + 1 == len(rows):
        raise ValidationError("Wählen Sie eine Datei mit Einträgen. Unter den Überschriften steht hier keine Zeile.")
    above = rows[at - 1].cells if at and rows[at - 1].number == rows[at].number - 1 else ()
    return Table(_headings(rows[at].cells, above), tuple(rows[at + 1 :]))


def _headings(cells: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """The headings with what merged cells above add: the whole name, or the group that tells two equal ones apart."""
    width = max(len(cells), len(above))
    own = [*cells, *[""] * (width - len(cells))]
    over = [*above, *[""] * (width - len(above))]
    names: list[str] = []
    group = ""
    for index in range(width):
        group = over[index] or group
        is_double = own[index] and own.count(own[index]) > 1
        names.append(f"{group} {own[index]}" if is_double and group else own[index] or over[index])
    return tuple(
        f"{name} (Spalte {column_letter(index)})" if name and names.count(name) > 1 else name
        for index, name in enumerate(names)
    )
