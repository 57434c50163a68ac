import datetime
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from members.imports import runs
from members.imports.lines import Change, State
from members.models import HeadOfAdministration, ImportKind, Municipality, Person
from tests.factories import PersonFactory
from tests.files import csv_file
from tests.members.imports.lists import imported, opened, planned

HEADINGS = ["Kommune", "Amtsbezeichnung", "Anrede", "Name", "E-Mail", "im Amt seit"]
ADA = ["Rheine", "Bürgermeisterin", "Frau", "Dr. Ada Beispiel", "ada@rheine.example", "1.11.2020"]
UWE = ["Rheine", "Bürgermeister", "Herr", "Uwe Muster", "uwe@rheine.example", "1.11.2025"]

read_in = partial(imported, ImportKind.HEADS)
plan = partial(planned, ImportKind.HEADS)


def heads(slug="rheine"):
    rows = HeadOfAdministration.objects.filter(municipality__slug=slug).order_by("started_on")
    return [(head.office_title, head.person.name, head.started_on, head.ended_on) for head in rows]


def test_a_new_head(register):
    read_in(csv_file(HEADINGS, ADA))
    assert heads() == [("Bürgermeisterin", "Dr. Ada Beispiel", datetime.date(2020, 11, 1), None)]
    assert Person.objects.get().form_of_address == "Frau"


def test_the_same_file_again_changes_nothing(register):
    read_in(csv_file(HEADINGS, ADA))
    assert plan(csv_file(HEADINGS, ADA)).lines[0].state == State.UNCHANGED


def test_after_an_election_the_old_term_ends_the_day_before(register):
    read_in(csv_file(HEADINGS, ADA))
    assert plan(csv_file(HEADINGS, UWE)).lines[0].notes == ["Folgt auf Dr. Ada Beispiel."]
    read_in(csv_file(HEADINGS, UWE))
    assert heads() == [
        ("Bürgermeisterin", "Dr. Ada Beispiel", datetime.date(2020, 11, 1), datetime.date(2025, 10, 31)),
        ("Bürgermeister", "Uwe Muster", datetime.date(2025, 11, 1), None),
    ]


def test_the_address_for_letters_is_the_bodys_and_an_empty_cell_leaves_it(register):
    headings = [*HEADINGS, "Straße", "PLZ und Ort", "Briefanrede"]
    read_in(csv_file(headings, [*ADA, "Klosterstraße 14", "48431 Rheine", "Sehr geehrte Frau Dr. Beispiel,"]))
    read_in(csv_file(headings, [*ADA, "", "48429 Rheine", ""]))
    head = HeadOfAdministration.objects.get()
    assert head.letter_address[-2:] == ["Klosterstraße 14", "48429 Rheine"]
    assert head.greeting == "Sehr geehrte Frau Dr. Beispiel"
    assert head.letter_gaps == []


def test_a_corrected_title(register):
    read_in(csv_file(HEADINGS, ADA))
    changed = [ADA[0], "Erste Bürgermeisterin", *ADA[2:]]
    assert plan(csv_file(HEADINGS, changed)).lines[0].changes == [
        Change("Amtsbezeichnung", "Bürgermeisterin", "Erste Bürgermeisterin")
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([*UWE[:5], ""], "Bisher ist es Dr. Ada Beispiel."),
        ([*UWE[:5], "2025"], "Nennen Sie auch den Tag"),
        ([*UWE[:5], "1.1.2019"], "Dr. Ada Beispiel ist erst seit 01.11.2020 im Amt."),
        ([UWE[0], "", *UWE[2:]], "Tragen Sie die Amtsbezeichnung ein"),
        ([*UWE[:3], "", *UWE[4:]], "Tragen Sie den Namen der Person ein."),
    ],
)
def test_what_a_list_must_say(register, row, sentence):
    read_in(csv_file(HEADINGS, ADA))
    assert sentence in plan(csv_file(HEADINGS, row)).lines[0].faults[0]


def test_one_head_for_each_body(register):
    line = plan(csv_file(HEADINGS, ADA, UWE)).lines[1]
    assert line.faults == ["Löschen Sie diese Zeile oder Zeile 2: Rheine steht zweimal in der Liste."]


def test_a_refusal_in_the_last_row_undoes_every_row(register):
    """A term that ended lately and still covers the new one: only the action sees it, and nothing of the list stays."""
    bonn = Municipality.objects.get(slug="bonn")
    HeadOfAdministration.objects.create(
        person=PersonFactory(), municipality=bonn, office_title="OB", ended_on=datetime.date(2030, 1, 1)
    )
    run = opened(ImportKind.HEADS, csv_file(HEADINGS, ADA, ["Bonn", *UWE[1:]]))
    with pytest.raises(ValidationError, match=r"Prüfen Sie Zeile 3 \(Uwe Muster, Bonn\): In dieser Zeit ist schon"):
        runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    assert heads() == []
    run.refresh_from_db()
    assert run.rows
