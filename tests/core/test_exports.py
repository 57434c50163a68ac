"""Tables as files: what is written is read again, and no text becomes a formula (U-8, U-12)."""

import csv
import datetime
import io
import tracemalloc
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.exports import Column, Table, download, unguarded, write_csv, write_xlsx
from core.text import clean_text

COLUMNS = [Column("Name", lambda row: row[0]), Column("Wert", lambda row: row[1])]
FORMULAS = [
    "=1+1",
    "+49 251 1",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''",
    "'s-Heerenberg",
    "#N/A",
    "=" * 9,
]


def csv_of(rows):
    file = io.BytesIO()
    write_csv(Table("Probe", COLUMNS, rows), file)
    return file.getvalue()


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(rows, title="Probe"):
    file = io.BytesIO()
    write_xlsx(Table(title, COLUMNS, rows), file)
    return load_workbook(file).active


@example(FORMULAS)
@example(["<script>", "{{7*7}}", "{% debug %}", 'Köln;"x"\n2', "\ufffe", "\x00=1", " = 1", "x" * 40_000])
@given(st.lists(st.text(), min_size=1, max_size=12))
def test_u8_any_text_is_read_again_and_is_no_formula(texts):
    rows = [(text, "x") for text in texts]
    expected = [clean_text(text) for text in texts]
    cells = read_csv(csv_of(rows))[1:]
    assert [unguarded(cell[0]) for cell in cells] == expected
    assert not [cell for cell, _ in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    column = list(sheet_of(rows).iter_rows(min_row=2, max_col=1))
    assert [cell.value or "" for (cell,) in column] == [text[:32_767] for text in expected]
    assert {cell.data_type for (cell,) in column} <= {"s", "n"}  # an empty cell counts as a number
    assert not [cell for (cell,) in column if cell.data_type == "n" and cell.value is not None]


def test_csv_opens_in_a_german_excel():
    content = csv_of([("Köln", Decimal("12.50")), ("Bonn", datetime.date(2027, 3, 12))])
    assert content == "\ufeffName;Wert\r\nKöln;12,50\r\nBonn;12.03.2027\r\n".encode()


MOMENT = datetime.datetime(2027, 7, 1, 22, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("value", "in_csv", "in_sheet"),
    [
        (-5, "-5", -5),
        (12.5, "12,5", 12.5),
        (True, "ja", "ja"),
        (False, "nein", "nein"),
        (None, "", None),
        (MOMENT, "02.07.2027 00:30", datetime.datetime(2027, 7, 2, 0, 30)),
        (MOMENT.astimezone(ZoneInfo("Asia/Tokyo")), "02.07.2027 00:30", datetime.datetime(2027, 7, 2, 0, 30)),
        (datetime.date(1899, 12, 31), "31.12.1899", "31.12.1899"),
        (12345678901234567, "12345678901234567", "12345678901234567"),
        (float("nan"), "nan", "nan"),
        (Decimal("Infinity"), "Infinity", "Infinity"),
        ("05515000", "05515000", "05515000"),
    ],
)
def test_values_keep_their_kind(value, in_csv, in_sheet):
    assert read_csv(csv_of([("x", value)]))[1][1] == in_csv
    assert sheet_of([("x", value)])["B2"].value == in_sheet


def test_sheet_is_ready_to_read():
    sheet = sheet_of(
        [("Schloß Holte-Stukenbrock", datetime.date(2027, 3, 12))], title="Kommunen [alle]: 2027/28 mit langem Namen"
    )
    assert sheet.title == "Kommunen  alle  2027 28 mit lan"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet["B2"].number_format == "DD.MM.YYYY"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.column_dimensions["A"].width == 26
    assert sheet.column_dimensions["B"].width == 12


def test_an_empty_table_has_its_header():
    assert read_csv(csv_of([])) == [["Name", "Wert"]]
    assert [cell.value for cell in sheet_of([])[1]] == ["Name", "Wert"]


@pytest.mark.django_db  # a response that is closed looks after the database's connection
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@time_machine.travel(datetime.datetime(2027, 3, 12, 12, tzinfo=datetime.UTC))
def test_download_bears_title_and_day(ending):
    response = download(Table("Seiten und Texte / 1", COLUMNS, [("a", 1)]), ending)
    assert response["Content-Disposition"] == f'attachment; filename="Seiten_und_Texte_1_12.03.2027.{ending}"'
    assert int(response["Content-Length"]) == len(b"".join(response))
    response.close()


def test_what_fails_on_the_way_is_no_half_file():
    with pytest.raises(ZeroDivisionError):
        download(Table("Probe", [Column("Wert", lambda row: 1 / row)], [1, 0]), "csv")


@pytest.mark.django_db  # a response that is closed looks after the database's connection
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_of_a_long_table_only_the_file_itself_is_in_memory(ending):
    rows = ((f"Zeile {n}", "x" * 500) for n in range(6_000))
    tracemalloc.start()
    response = download(Table("Probe", COLUMNS, rows), ending)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    response.close()
    assert peak < 2_000_000 + int(response["Content-Length"])
