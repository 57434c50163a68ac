"""Tables as files: XLSX with real dates and numbers, CSV as a German Excel opens it. No text can become a formula."""

import csv
import datetime
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from typing import IO, Any

from django.db.models import TextChoices
from django.http import FileResponse
from django.utils import timezone

from core.dates import today
from core.text import clean_text, one_line


class Format(TextChoices):
    """The endings of the files, and what people call them."""

    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


@dataclass(frozen=True)
class Column:
    """One column. value: takes a row; what it returns decides the cell: text, number, date, moment, yes or no, None."""

    heading: str
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class Table:
    """What a file holds. title: German, names file and sheet. rows: read once, so a queryset's iterator() will do."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Any]


CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}
_CELL_LENGTH = 32_767  # Excel's own limit
_SHEET_NAME_LENGTH = 31
_WIDTHS_FROM, _NARROWEST, _WIDEST = 200, 8, 60
_FIRST_DAY = datetime.date(1900, 3, 1)  # before it, Excel counts a day that never was
_EXACT_DIGITS = 15  # longer numbers lose their last digits in Excel
_DAY, _MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"
_NO_WORD = re.compile(r"[^\w-]+")
# What a program may take for a formula at the start of a cell, quoted already or not.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def download(table: Table, ending: str) -> FileResponse:
    """Return the table as a download named "<title>_12.03.2027.<ending>"; ValueError for any ending but Format's.

    The file is complete before the answer begins: what fails on the way is an error page, never half a list.
    """
    kind = Format(ending)
    name = f"{_NO_WORD.sub('_', table.title)}_{today().strftime(_DAY)}.{kind}"
    file = io.BytesIO()
    (write_xlsx if kind == Format.XLSX else write_csv)(table, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[kind])


# --- CSV ------------------------------------------------------------------------------------------------------------


def write_csv(table: Table, file: IO[bytes]) -> None:
    """Write the table as UTF-8 with BOM, semicolons and CRLF; the file stays open.

    A text that a program could take for a formula gets a leading apostrophe, which `unguarded` takes off again.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_guarded(one_line(column.heading, 200)) for column in table.columns])
    writer.writerows([_csv_cell(column.value(row)) for column in table.columns] for row in table.rows)
    text.detach()


def unguarded(text: str) -> str:
    """Return what a cell of our CSV said before it was guarded against being a formula; other text unchanged."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _csv_cell(value: Any) -> str:
    match plain := _plain(value):
        case None:
            return ""
        case datetime.datetime():
            return plain.strftime(_MOMENT)
        case datetime.date():
            return plain.strftime(_DAY)
        case int() | float() | Decimal():
            return str(plain).replace(".", ",")  # a German Excel would read 12.5 as the 12th of May
    return _guarded(plain)


# --- XLSX -----------------------------------------------------------------------------------------------------------


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """Write the table as one sheet: bold header that stays in view, filter arrows, widths after the first rows."""
    import openpyxl  # noqa: PLC0415 - 20 MiB of memory, which only a process that writes such a file shall need

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']+", " ", table.title)[:_SHEET_NAME_LENGTH])
    cell = partial(openpyxl.cell.WriteOnlyCell, sheet)
    letters = openpyxl.utils.get_column_letter
    headings = [one_line(column.heading, 200) for column in table.columns]
    rows = ([_plain(column.value(row)) for column in table.columns] for row in table.rows)
    first = list(islice(rows, _WIDTHS_FROM))
    for number, column in enumerate(zip(headings, *first, strict=True), start=1):
        sheet.column_dimensions[letters(number)].width = _width(column)
    sheet.freeze_panes = "A2"
    bold = openpyxl.styles.Font(bold=True)
    sheet.append([_text_cell(cell, heading, font=bold) for heading in headings])
    last = 1
    for last, row in enumerate(chain(first, rows), start=2):  # noqa: B007 - its last value is the number of rows
        sheet.append([_cell(cell, value) for value in row])
    sheet.auto_filter.ref = f"A1:{letters(len(headings))}{last}"
    book.save(file)


def _cell(cell: Callable[[Any], Any], value: Any) -> Any:
    """Return what stands for the value in the sheet. cell: makes a cell of it that can be given a format."""
    if isinstance(value, str):
        return _text_cell(cell, value)
    if isinstance(value, datetime.date):
        dated = cell(value)
        dated.number_format = "DD.MM.YYYY HH:MM" if isinstance(value, datetime.datetime) else "DD.MM.YYYY"
        return dated
    return value


def _text_cell(cell: Callable[[Any], Any], text: str, font: Any = None) -> Any:
    written = cell(text[:_CELL_LENGTH])
    written.data_type = "s"  # openpyxl would make a formula of "=…" and an error of "#N/A"
    written.quotePrefix = bool(_FORMULA.match(text))  # so it stays text when somebody edits the cell
    if font:
        written.font = font
    return written


def _width(cells: Iterable[Any]) -> int:
    longest = max(max(map(len, _csv_cell(cell).split("\n"))) for cell in cells)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _plain(value: Any) -> Any:
    """Return the value as one that both kinds of file can hold: text, number, date, moment in Berlin, or None."""
    match value:
        case None | "":
            return None
        case bool():
            return "ja" if value else "nein"
        case int() if len(str(abs(value))) > _EXACT_DIGITS:
            return str(value)
        case float() | Decimal() if not math.isfinite(value):
            return str(value)
        case datetime.datetime():
            moment = timezone.make_naive(value) if timezone.is_aware(value) else value
            return moment if moment.date() >= _FIRST_DAY else moment.strftime(_MOMENT)
        case datetime.date():
            return value if value >= _FIRST_DAY else value.strftime(_DAY)
        case int() | float() | Decimal():
            return value
    return clean_text(str(value)) or None
