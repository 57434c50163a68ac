import datetime

import pytest
from django.core.exceptions import ValidationError

from members.imports import cells


@pytest.mark.parametrize(
    ("text", "form", "title", "first_name", "last_name"),
    [
        ("Rosa Beispiel", "", "", "Rosa", "Beispiel"),
        ("Beispiel, Rosa", "", "", "Rosa", "Beispiel"),
        ("Beispiel", "", "", "", "Beispiel"),
        ("Frau Dr. Ada von Beispiel", "Frau", "Dr.", "Ada", "von Beispiel"),
        ("Beispiel, Dr. Ada", "", "Dr.", "Ada", "Beispiel"),
        ("Herrn Prof. Dr. med. Karl-Heinz Muster", "Herr", "Prof. Dr. med.", "Karl-Heinz", "Muster"),
        ("Dipl.-Verw. (FH) Karin Muster", "", "Dipl.-Verw. (FH)", "Karin", "Muster"),
        ("Dr.Ada Probe", "", "Dr.", "Ada", "Probe"),
        ("Drews, Anna", "", "", "Anna", "Drews"),
        ("Frau Beispiel", "Frau", "", "", "Beispiel"),
    ],
)
def test_names_are_taken_apart_as_they_are_written(text, form, title, first_name, last_name):
    assert cells.read_name(text) == cells.Name(form, title, first_name, last_name)


@pytest.mark.parametrize(
    "text",
    [
        "rosa@stadt.example",
        "Rosa@Stadt.example",
        "mailto:rosa@stadt.example",
        "Rosa Beispiel <rosa@stadt.example>",
        '"Beispiel, Rosa" <rosa@stadt.example>;',
        "rosa(at)stadt.example",
        "rosa [at] stadt.example",
        "rosa@stadt.example.",
        "rosa@stadt.example, rosa@stadt.example",
    ],
)
def test_addresses_are_found_in_what_people_paste(text):
    assert cells.read_email(text) == "rosa@stadt.example"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0251 12345", "0251 12345"),
        ("25112345", "025112345"),
        ("4925112345", "+4925112345"),
        ("+49 251 12345", "+49 251 12345"),
        ("1234", "1234"),
        ("", ""),
    ],
)
def test_numbers_get_back_what_excel_cut_off(text, number):
    assert cells.read_phone(text) == number


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("6.12.2017", "6. Dezember 2017"),
        ("2017-12-06", "6. Dezember 2017"),
        ("06.12.2017 00:00:00", "6. Dezember 2017"),
        ("43075", "6. Dezember 2017"),
        ("43075.0", "6. Dezember 2017"),
        ("seit 12/2017", "Dezember 2017"),
        ("Dez. 2017", "Dezember 2017"),
        ("2017", "2017"),
        ("", "None"),
    ],
)
def test_dates_of_any_precision(text, shown):
    assert str(cells.read_date(text)) == shown


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("05566076", "05566076"),
        ("5566076", "05566076"),
        ("05 5 66 076", "05566076"),
        ("055660076076", "05566076"),
        ("05566", "05566000"),
        ("5566", "05566000"),
        ("055", "05500000"),
        ("", ""),
    ],
)
def test_keys_get_back_their_zeros(text, key):
    assert cells.read_ags(text) == key


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (cells.read_email, "a@stadt.example; b@stadt.example", "geben Sie der zweiten Person eine eigene Zeile"),
        (cells.read_email, "rosa@stadt", "Prüfen Sie die E-Mail-Adresse „rosa@stadt“"),
        (cells.read_email, "im Urlaub", "Prüfen Sie die E-Mail-Adresse „im Urlaub“"),
        (cells.read_phone, "2,51123E+08", "Tippen Sie die Telefonnummer neu ein"),
        (cells.read_date, "irgendwann", "Schreiben Sie das Datum wie"),
        (cells.read_date, "12/6/2017", "Schreiben Sie das Datum wie"),
        (cells.read_day, "2017", "Nennen Sie auch den Tag"),
        (cells.read_yes_no, "Rudi Muster", "geben Sie der Vertretung eine eigene Zeile"),
        (cells.read_form_of_address, "Familie", "Schreiben Sie „Frau“ oder „Herr“"),
        (cells.read_ags, "Rheine", "Er besteht aus acht Ziffern"),
        (cells.read_ags, "09162000", "beginnt mit 05"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(read, text, sentence):
    with pytest.raises(ValidationError) as caught:
        read(text)
    assert sentence in caught.value.messages[0]


def test_days_and_answers():
    assert cells.read_day("1.11.2025") == datetime.date(2025, 11, 1)
    assert [cells.read_yes_no(text) for text in ("ja", "X", "Stellvertretung", "nein", "Leitung", "")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
