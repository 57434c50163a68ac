"""Periods in words and in days, and the documents that repeat them."""

import re
from pathlib import Path

import pytest

from core import retention
from core.privacy import KEPT
from core.retention import Retention, Span, Unit
from members.privacy import CONFIRMATIONS_KEPT, NOTES_KEPT, RUNS_KEPT
from netzwerk.privacy import ADDRESS_KEPT, VIEWINGS_KEPT
from users.privacy import TRACES_KEPT

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("span", "words", "days"),
    [
        (Span(1, Unit.DAYS), "1 Tag", 1),
        (Span(14, Unit.DAYS), "14 Tage", 14),
        (Span(2, Unit.WEEKS), "2 Wochen", 14),
        (Span(6, Unit.MONTHS), "6 Monate", 182),
        (Span(12, Unit.MONTHS), "12 Monate", 365),
        (Span(3, Unit.YEARS), "3 Jahre", 1096),
    ],
)
def test_a_span_reads_as_the_law_words_it(span, words, days):
    assert (str(span), span.length.days) == (words, days)


def test_two_periods_under_one_key_are_a_mistake():
    known = retention.all_retentions()[0]
    with pytest.raises(ValueError, match="registered twice"):
        retention.register(Retention(known.key, "etwas", "irgendwann"))


def test_the_handbook_repeats_the_table():
    handbook = (ROOT / "docs/handbuch.md").read_text()
    section = handbook.split("## Löschfristen")[1].split("\n## ")[0]
    rows = [tuple(row) for row in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", section, re.MULTILINE)[2:]]
    assert rows == [(row.what, row.ends, row.stays or "nichts") for row in retention.all_retentions()]


def test_the_page_on_data_protection_names_the_same_periods():
    page = (ROOT / "netzwerk/pages/privacy.md").read_text()
    said = {
        "löscht das Portal {} nach der Anmeldung": TRACES_KEPT,
        "Adresse, Name und Text löscht es {} nach der Zustellung": KEPT,
        "löschen sie spätestens {} nach der Meldung": ADDRESS_KEPT,
        "Notizen löscht das Portal {} nach dem Schreiben": NOTES_KEPT,
        "löscht es {} nach der Frage": CONFIRMATIONS_KEPT,
        "löscht es spätestens {} nach dem Hochladen": RUNS_KEPT,
        "wird {} nach dem Ansehen gelöscht": VIEWINGS_KEPT,
    }
    assert [words.format(span) for words, span in said.items() if words.format(span) not in page] == []
