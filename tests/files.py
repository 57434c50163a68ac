"""Makes the files that people send: small XLSX and CSV lists, and the ways in which they go wrong."""

import io
import zipfile

from openpyxl import Workbook


def xlsx(*rows, formats=None, title="Tabelle1", **sheets) -> bytes:
    """An Excel file with these rows; `formats` is a number format per cell ("B2"), `sheets` are further sheets."""
    workbook = Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    for cell, number_format in (formats or {}).items():
        workbook.active[cell].number_format = number_format
    for name, more in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in more:
            sheet.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def csv_file(*rows, separator=";", encoding="utf-8", line_end="\r\n") -> bytes:
    """A CSV file as programs write it that quote nothing."""
    return line_end.join(separator.join(row) for row in rows).encode(encoding)


def repacked(data: bytes, change) -> bytes:
    """The XLSX file with each part passed through `change(name, content)`."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return file.getvalue()


def container(**parts) -> bytes:
    """A ZIP container with these parts: another office program's file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()
