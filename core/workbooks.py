"""Reads XLSX files: looks into the container before anything is unpacked, then goes row by row."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

MAX_ROWS = 20_000
_MAX_UNPACKED = 50 * 1024 * 1024
_MAX_RATIO = 100
_RATIO_COUNTS_FROM = 1024 * 1024  # small parts of empty cells shrink more than that and harm nobody
_MAX_CELLS = 500_000
_TOO_LARGE = (
    "Kopieren Sie die Liste in eine neue Excel-Datei und wählen Sie diese: Entpackt ist die Datei ungewöhnlich groß."
)
_DAMAGED = "Öffnen Sie die Datei in Excel und speichern Sie sie neu als .xlsx: So lässt sie sich nicht lesen."
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

Sheet = tuple[str, list[tuple[int, list[str]]]]


def is_container(data: bytes) -> bool:
    """Answer whether the bytes are a ZIP container, as all newer office files are."""
    return data.startswith(b"PK\x03\x04")


def read_workbook(data: bytes) -> list[Sheet]:
    """Return name and rows of each visible sheet, all cells as text; empty cells are "", formulas give their result.

    Raises ValidationError (German) for other office files, damaged ones and those that unpack to a flood (U-6).
    """
    import openpyxl  # noqa: PLC0415 - 20 MiB of memory, which only a process that reads such a file shall need

    try:
        _check_container(data)
        # Not `values_only`: how a date is shown says how exactly it is known.
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        budget = iter(range(_MAX_CELLS))
        return [(sheet.title, list(_rows(sheet, budget))) for sheet in sheets]
    except ValidationError:
        raise
    except Exception as error:  # whatever a damaged or hostile file makes zipfile, expat, defusedxml or openpyxl raise
        raise ValidationError(_DAMAGED) from error


def _check_container(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        parts = container.infolist()
        names = {part.filename for part in parts}
        if "mimetype" in names:
            raise ValidationError(
                "Speichern Sie die Tabelle in LibreOffice mit „Datei“, „Speichern unter“ als „Excel 2007–365 (.xlsx)“."
            )
        if "xl/workbook.xml" not in names:
            raise ValidationError(
                "Wählen Sie eine Excel-Datei (.xlsx) oder CSV. Diese Datei ist von anderer Art, auch wenn ihr Name so "
                "endet; in Excel hilft „Speichern unter“, „Excel-Arbeitsmappe (.xlsx)“."
            )
        packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
        flooding = unpacked > _RATIO_COUNTS_FROM and unpacked > _MAX_RATIO * max(packed, 1)
        if unpacked > _MAX_UNPACKED or flooding:
            raise ValidationError(_TOO_LARGE)


def _rows(sheet: Any, budget: Iterator[int]) -> Iterator[tuple[int, list[str]]]:
    """Rows with anything in them. `budget` is used up by every cell that the file holds, empty formatted ones too."""
    sheet.reset_dimensions()  # what the file says about its size is often wrong
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if any(next(budget, None) is None for _ in cells):
            raise ValidationError(_TOO_LARGE)
        texts = [_text(cell) for cell in cells]
        if any(texts):
            filled += 1
            yield number, texts
        if filled > MAX_ROWS + 1:  # the headings do not count; `core.tables` says it
            return


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return _date(value, cell.number_format)
    return str(value)


def _date(value: datetime.datetime, number_format: str) -> str:
    """The date as exact as the cell shows it: Excel makes the first of the month of a typed "12/2017"."""
    shown = _QUOTED.sub("", number_format).lower()
    if "d" not in shown and "h" not in shown:  # the m of hours is minutes
        if "m" in shown:
            return f"{value:%m/%Y}"
        if "y" in shown:
            return f"{value:%Y}"
    return f"{value:%Y-%m-%d}"
