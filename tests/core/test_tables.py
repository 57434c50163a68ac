import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.tables import MAX_BYTES, column_letter, read_table
from tests.files import container, csv_file, repacked, saved, xlsx

HEADINGS = ["Kommune", "Name", "E-Mail"]
ROW = ["Köln", "Größe, Änne", "aenne@koeln.example"]
EXCEL_FILE = xlsx(HEADINGS, ROW)
GOOD = (tuple(HEADINGS), [(2, tuple(ROW))])


def read(data: bytes):
    """Headings and rows of a file whose reader knows some headings."""
    table = read_table(data, known={*HEADINGS, "Vorname", "Beitritt"}.__contains__)
    return table.headings, [(row.number, row.cells) for row in table.rows]


def formatted_far_away() -> bytes:
    """Somebody once coloured a whole sheet: cells without content far below and to the right."""
    workbook = Workbook()
    for row in (HEADINGS, ROW):
        workbook.active.append(row)
    workbook.active["CZ5000"].number_format = "0.00"
    return saved(workbook)


def merged() -> bytes:
    """Two rows of headings, merged across and down; "Name" and "E-Mail" stand there twice."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Kommune", "Ansprechperson", None, "Vertretung", None])
    sheet.append([None, "Name", "E-Mail", "Name", "E-Mail"])
    sheet.append(["Köln", "Änne Größe", "aenne@koeln.example", "Öner Muster", "oener@koeln.example"])
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        sheet.merge_cells(area)
    return saved(workbook)


def calculated() -> bytes:
    """Excel keeps formula and result; the result is what counts."""
    data = xlsx(HEADINGS, ["Köln", "Größe, Änne", "PLATZ"])
    formula = b'<c r="C2" t="str"><f>LOWER(B2)</f><v>aenne@koeln.example</v></c>'

    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        start = content.index(b'<c r="C2"')
        return content[:start] + formula + content[content.index(b"</c>", start) + 4 :]

    return repacked(data, change)


def one_cell_claimed() -> bytes:
    """Some programs write a wrong size at the head of the sheet."""
    return repacked(xlsx(HEADINGS, ROW), lambda name, content: content.replace(b'ref="A1:C2"', b'ref="A1"'))


RIGHT = {
    "UTF-8": csv_file(HEADINGS, ROW),
    "UTF-8 with mark": csv_file(HEADINGS, ROW, encoding="utf-8-sig"),
    "Windows-1252": csv_file(HEADINGS, ROW, encoding="cp1252"),
    "DOS code page": csv_file(HEADINGS, ROW, encoding="cp850"),
    "Macintosh": csv_file(HEADINGS, ROW, encoding="mac_roman", line_end="\r"),
    "UTF-16 with mark": csv_file(HEADINGS, ROW, separator="\t", encoding="utf-16"),
    "UTF-16 without mark": csv_file(HEADINGS, ROW, separator="\t", encoding="utf-16-le"),
    "UTF-16 the other way round": csv_file(HEADINGS, ROW, separator="\t", encoding="utf-16-be"),
    "decomposed umlauts": csv_file(HEADINGS, ["Ko\u0308ln", "Gro\u0308ße, A\u0308nne", ROW[2]]),
    "read as another encoding before": csv_file(HEADINGS, [cell.encode().decode("cp1252") for cell in ROW]),
    "commas": csv_file(HEADINGS, ["Köln", '"Größe, Änne"', ROW[2]], separator=","),
    "tabs": csv_file(HEADINGS, ROW, separator="\t", line_end="\n"),
    "hard and doubled spaces": csv_file(HEADINGS, ["\u00a0Köln ", "Größe,\u00a0 Änne", f" {ROW[2]}\u200b"]),
    "line break in a cell": csv_file(HEADINGS, ["Köln", '"Größe,\nÄnne"', ROW[2]]),
    "empty rows and columns": csv_file([*HEADINGS, "", ""], [*ROW, "", ""], ["", "", "", "", ""], ["", " ", "\u00a0"]),
    "Excel": EXCEL_FILE,
    "Excel, first sheet empty": xlsx(Liste=[HEADINGS, ROW]),
    "Excel, another sheet first": xlsx(["Hinweise"], ["Bitte bis Freitag zurück"], Liste=[HEADINGS, ROW]),
    "Excel, cells formatted far away": formatted_far_away(),
    "Excel with a formula": calculated(),
    "Excel with a wrong size": one_cell_claimed(),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_text_comes_out(name):
    assert read(RIGHT[name]) == GOOD


def test_rows_bear_the_numbers_that_excel_shows():
    assert read(xlsx(["Ansprechpersonen, Stand Mai"], [], HEADINGS, ROW, [], ROW))[1] == [
        (4, tuple(ROW)),
        (6, tuple(ROW)),
    ]
    assert read(csv_file(["sep=;"], HEADINGS, ROW))[1] == [(2, tuple(ROW))]
    assert read(csv_file(HEADINGS, ['"Kö\nln"', "", ""], ROW))[1][1][0] == 3


def test_merged_headings_tell_equal_columns_apart():
    assert read(merged())[0] == (
        "Kommune",
        "Ansprechperson Name",
        "Ansprechperson E-Mail",
        "Vertretung Name",
        "Vertretung E-Mail",
    )


def test_doubled_columns_are_named_by_their_letter():
    assert read(csv_file(["Kommune", "Name", "Name"], ["Köln", "a", "b"]))[0] == (
        "Kommune",
        "Name (Spalte B)",
        "Name (Spalte C)",
    )


def test_an_apostrophe_against_formulas_is_taken_off():
    assert read(csv_file(HEADINGS, ["Köln", "'+49 221 1", "'s-Heerenberg"]))[1][0][1] == (
        "Köln",
        "+49 221 1",
        "'s-Heerenberg",
    )


def test_dates_are_as_exact_as_the_cell_shows_them():
    day = datetime.datetime(2017, 12, 6)
    formats = {"A2": "dd.mm.yyyy", "B2": "mmm\\ yy", "C2": "yyyy", "D2": "[$-407]d. mmmm yyyy"}
    data = xlsx(["Kommune", "Beitritt", "Name", "E-Mail"], [day, day, day, day], formats=formats)
    assert read(data)[1] == [(2, ("2017-12-06", "12/2017", "2017", "2017-12-06"))]


def test_numbers_and_truth_values_become_plain_text():
    assert read(xlsx(HEADINGS, [5370016.0, 2.5, True]))[1] == [(2, ("5370016", "2.5", "ja"))]


def bomb() -> bytes:
    """One cell of 80 MB, packed into less than one."""
    return repacked(
        xlsx(HEADINGS, ROW),
        lambda name, content: content + b" " * 80_000_000 if name == "xl/worksheets/sheet1.xml" else content,
    )


def laughing() -> bytes:
    """Entities that multiply while they are read (billion laughs)."""
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    return repacked(
        xlsx(HEADINGS, ROW),
        lambda name, content: entities + content if name == "xl/worksheets/sheet1.xml" else content,
    )


def many_cells() -> bytes:
    """Small on disk, but each row holds cells as far as the sheet goes."""
    cells = b"".join(b'<row r="%d"><c r="XFD%d"/></row>' % (row, row) for row in range(3, 40))
    return repacked(
        xlsx(HEADINGS, ROW),
        lambda name, content: (
            content.replace(b"</sheetData>", cells + b"</sheetData>") if "sheet1" in name else content
        ),
    )


WRONG = {
    "nothing": (b"", "Diese ist leer."),
    "spaces only": (b"\r\n ; ;\r\n", "Diese ist leer."),
    "an empty workbook": (xlsx(), "Diese ist leer."),
    "headings only": (csv_file(HEADINGS), "Unter den Überschriften steht hier keine Zeile."),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "das alte Excel-Format (.xls)"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "Heben Sie zuerst das Kennwort auf",
    ),
    "OpenDocument": (container(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "„Excel 2007–365 (.xlsx)“"),
    "Word": (container(**{"word/document.xml": "<w/>"}), "Diese Datei ist von anderer Art"),
    "binary Excel": (container(**{"xl/workbook.bin": "x"}), "„Excel-Arbeitsmappe (.xlsx)“"),
    "PDF": (b"%PDF-1.7\n%", "Wählen Sie die Excel-Datei, aus der dieses PDF entstanden ist."),
    "web page called xls": (b"\r\n<html><table><tr><td>Kommune", "In dieser Datei steckt keine Excel-Tabelle"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00", "Aus einem Bild"),
    "any bytes": (b"Kommune;Name\r\nK\x00\x01\x02", "Diese Datei ist keine Tabelle."),
    "half an Excel file": (xlsx(HEADINGS, ROW)[:2000], "speichern Sie sie neu als .xlsx"),
    "half a UTF-16 file": (csv_file(HEADINGS, ROW, encoding="utf-16")[:-1], "„CSV UTF-8“"),
    "bomb": (bomb(), "Entpackt ist die Datei ungewöhnlich groß."),
    "entities": (laughing(), "speichern Sie sie neu als .xlsx"),
    "flood of empty cells": (many_cells(), "Entpackt ist die Datei ungewöhnlich groß."),
    "open quotation mark": (csv_file(HEADINGS, ['"Köln', "", ""], *[ROW] * 40), "Prüfen Sie Zeile 2 der Datei"),
    "too many rows": (csv_file(HEADINGS, *[ROW] * 20_001), "Sie hat mehr als 20.000 Zeilen."),
    "too many columns": (csv_file([*HEADINGS, *["x"] * 200], ROW), "Zeile 1 hat mehr als 100."),
    "a novel in a cell": (xlsx(HEADINGS, ["Köln", "x" * 6000, ""]), "Prüfen Sie Zeile 2"),
    "too large": (bytes(MAX_BYTES + 1), "größer als 8 MB"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_says_what_to_do(name):
    data, sentence = WRONG[name]
    with pytest.raises(ValidationError) as caught:
        read(data)
    assert sentence in caught.value.messages[0]


def sentence_or_rows(data: bytes):
    """What a person gets for a file: rows, or the sentence that says what to do."""
    try:
        return read(data)[1]
    except ValidationError as error:
        return error.messages[0]


@settings(max_examples=150)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused_in_german(data):
    assert sentence_or_rows(data)


@settings(max_examples=60)
@given(st.data())
def test_any_change_of_an_excel_file_is_read_or_refused_in_german(data):
    file = bytearray(EXCEL_FILE)
    for _ in range(data.draw(st.integers(1, 6))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    assert sentence_or_rows(bytes(file))


def test_letters_of_columns():
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
