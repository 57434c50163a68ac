import datetime

import pytest
import time_machine

from core.dates import PartialDate, Precision, long_date, parse_partial_date, today

D = datetime.date


@pytest.mark.parametrize(
    ("typed", "day", "precision", "read"),
    [
        ("6.12.2017", D(2017, 12, 6), Precision.DAY, "6. Dezember 2017"),
        ("06.12.17", D(2017, 12, 6), Precision.DAY, "6. Dezember 2017"),
        ("1.2.97", D(1997, 2, 1), Precision.DAY, "1. Februar 1997"),
        ("6. Dezember 2017", D(2017, 12, 6), Precision.DAY, "6. Dezember 2017"),
        ("6. Dez. 2017", D(2017, 12, 6), Precision.DAY, "6. Dezember 2017"),
        ("2017-12-06", D(2017, 12, 6), Precision.DAY, "6. Dezember 2017"),
        ("12/2017", D(2017, 12, 1), Precision.MONTH, "Dezember 2017"),
        ("12.2017", D(2017, 12, 1), Precision.MONTH, "Dezember 2017"),
        ("DEZEMBER  2017", D(2017, 12, 1), Precision.MONTH, "Dezember 2017"),
        ("März 2017", D(2017, 3, 1), Precision.MONTH, "März 2017"),
        ("2017-12", D(2017, 12, 1), Precision.MONTH, "Dezember 2017"),
        ("2017", D(2017, 1, 1), Precision.YEAR, "2017"),
    ],
)
def test_dates_are_read_as_people_type_them(typed, day, precision, read):
    assert parse_partial_date(typed) == PartialDate(day, precision)
    assert str(parse_partial_date(typed)) == read


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Schreiben Sie das Datum wie"),
        ("bald", "Schreiben Sie das Datum wie"),
        ("17", "Schreiben Sie das Datum wie"),
        ("Brumaire 2017", "Schreiben Sie das Datum wie"),
        ("31.2.2017", "Diesen Tag gibt es nicht"),
        ("0.0.2017", "Diesen Tag gibt es nicht"),
        ("13/2017", "Diesen Tag gibt es nicht"),
        ("1.1.0999", "zwischen 1900 und 2100"),
        ("٣.٣.٢٠١٧", "Schreiben Sie das Datum wie"),
    ],
)
def test_what_is_no_date_says_what_to_type(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_partial_date(typed)


def test_german_dates():
    assert long_date(D(2027, 3, 12)) == "12. März 2027"


def test_today_is_the_day_in_berlin():
    with time_machine.travel(datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)):
        assert today() == D(2027, 1, 1)
