"""Two at work on one list: whoever comes too late changes nothing, and nothing happens that nobody has seen."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from members.imports import runs, striking
from members.models import ContactPerson, ImportKind, ImportRun, Person
from members.privacy import subject_of
from tests.factories import PersonFactory
from tests.files import xlsx
from tests.members.imports.lists import opened

HEADINGS = ["Kommune", "Anrede", "Vorname", "Nachname", "E-Mail", "Telefon"]
ROSA = ["Rheine", "Frau", "Rosa", "Beispiel", "rosa@rheine.example", "05971 1"]
RUDI = ["Rheine", "Herr", "Rudi", "Muster", "rudi@rheine.example", "05971 2"]
TABLE = runs.read_file(ImportKind.CONTACTS, xlsx(HEADINGS, RUDI))
LATE_STEPS = [
    partial(runs.replace_file, file_name="neu.xlsx", table=TABLE),
    partial(runs.settle_columns, columns={}),
    partial(runs.answer, answers={"Rheine": ""}),
    runs.discard,
]


@pytest.fixture
def run(register):
    return opened(ImportKind.CONTACTS, xlsx(HEADINGS, ROSA))


def stored():
    return list(ImportRun.objects.values())


@pytest.mark.parametrize("step", LATE_STEPS)
def test_a_list_read_in_meanwhile_stays_as_it_is(run, step):
    colleagues = ImportRun.objects.get()
    runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    before = stored()
    with pytest.raises(ValidationError, match="Diese Liste ist schon eingelesen"):
        step(colleagues)
    assert stored() == before


@pytest.mark.parametrize("step", [*LATE_STEPS, partial(runs.carry_out, expected="", by=None)])
def test_a_list_thrown_away_meanwhile_stays_away(run, step):
    colleagues = ImportRun.objects.get()
    runs.discard(run)
    with pytest.raises(ValidationError, match="Diese Liste ist schon verworfen"):
        step(colleagues)
    assert (stored(), ContactPerson.objects.count()) == ([], 0)


def test_answers_of_two_are_both_kept(run):
    colleagues = ImportRun.objects.get()
    runs.answer(run, {"Irgendwo": ""})
    runs.answer(colleagues, {"Nirgendwo": ""})
    assert ImportRun.objects.get().answers == {"Irgendwo": "", "Nirgendwo": ""}


def refused(run, seen):
    """Pressing the button with what was seen before changes nothing."""
    with pytest.raises(ValidationError, match="Prüfen Sie die Liste noch einmal"):
        runs.carry_out(run, expected=seen, by=None)
    return not ImportRun.objects.get(pk=run.pk).imported_at


def test_another_file_with_the_same_numbers_is_seen_first(run):
    seen = runs.plan_for(run).fingerprint
    runs.replace_file(run, file_name="neu.xlsx", table=TABLE)
    assert refused(run, seen)
    assert not Person.objects.exists()


def test_other_values_of_a_new_row_are_seen_first(run):
    seen = runs.plan_for(run).fingerprint
    table = runs.read_file(ImportKind.CONTACTS, xlsx(HEADINGS, [*ROSA[:5], "05971 99"]))
    runs.replace_file(run, file_name="neu.xlsx", table=table)
    assert refused(run, seen)


def test_another_body_for_a_spelling_is_seen_first(run):
    seen = runs.plan_for(run).fingerprint
    runs.answer(run, {"Rheine": "05566008"})
    assert refused(run, seen)


def test_another_change_to_a_known_person_is_seen_first(run):
    runs.carry_out(run, expected=runs.plan_for(run).fingerprint, by=None)
    again = opened(ImportKind.CONTACTS, xlsx(HEADINGS, [*ROSA[:5], "05971 99"]))
    seen = runs.plan_for(again).fingerprint
    Person.objects.update(phone="05971 55")
    assert refused(again, seen)
    assert Person.objects.get().phone == "05971 55"


def test_what_is_seen_twice_is_the_same(run):
    assert runs.plan_for(run).fingerprint == runs.plan_for(ImportRun.objects.get()).fingerprint


@pytest.mark.parametrize(
    ("texts", "stays"),
    [
        (["Rheine", "Rosa", "Beispiel-Müller", "05971/939 4711"], False),
        (["Rheine", "Beispiel-Mueller", "ROSA", ""], False),
        (["Rheine", "Frau Dr. Rosa  Beispiel-Müller", "", ""], False),
        (["Rheine", "Beispiel-Müller, Rosa", "", ""], False),
        (["Rheine", "Frau", "Dr. Rosa", "Beispiel-Müller"], False),
        (["Rheine", "", "", "Rosa@Rheine.example"], False),
        (["Rheine", "Frau", "Ute", "Beispiel-Müller"], True),
        (["Rheine", "Rosa", "Muster", "Vertretung: Rosa Beispiel-Müller"], True),
        (["Rheine", "Rudi", "Muster", "rudi@rheine.example"], True),
    ],
)
def test_an_erased_person_goes_from_waiting_lists(run, texts, stays):
    rosa = PersonFactory(
        first_name="Rosa", last_name="Beispiel-Müller", email="rosa@rheine.example", form_of_address="Frau"
    )
    ImportRun.objects.update(rows=[[2, texts]])
    striking.strike_out(subject_of(rosa))
    assert bool(ImportRun.objects.get().rows) == stays
